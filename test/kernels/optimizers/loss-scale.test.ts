import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossScale } from '../../../src/kernels/optimizers/loss-scale.ts';
import { runKernel } from '../harness.ts';
import { readInput } from '../read-input.ts';

const test = suite('kernels: loss scale');

/** Scale and good steps in a row after a step whose gradients are multiplied by `factor`. */
async function after(state: readonly [number, number], factor: number): Promise<number[]> {
  const kept = await runKernel(() => ({ launches: [...lossScale().launches, readInput(0, 2)] }), {
    inputs: [
      { shape: [2], data: state },
      { shape: [1], data: [factor] },
    ],
    output: { shape: [2] },
    attributes: {},
    scalars: { growthInterval: 3 },
  });
  return [...kept];
}

test('a good step counts, and the third in a row doubles the scale', async () => {
  assert.equal(await after([1024, 0], 1 / 1024), [1024, 1]);
  assert.equal(await after([1024, 1], 0.25), [1024, 2]);
  assert.equal(await after([1024, 2], 1), [2048, 0]);
});

test('a step without finite gradients halves it, and counts anew', async () => {
  assert.equal(await after([1024, 2], 0), [512, 0]);
});

test('it stays between 1 and 2^126', async () => {
  assert.equal(await after([1, 1], 0), [1, 0]);
  assert.equal(await after([1.5, 0], 0), [1, 0]);
  assert.equal(await after([2 ** 126, 2], 1), [2 ** 126, 0]);
});

test.run();
