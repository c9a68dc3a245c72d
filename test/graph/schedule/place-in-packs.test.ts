import { test } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import { grad } from '../../../src/autograd/grad.ts';
import { Node } from '../../../src/graph/node.ts';
import { pack } from '../../../src/graph/pack.ts';
import { schedule } from '../../../src/graph/schedule/schedule.ts';
import { nodesOf } from '../../../src/graph/schedule/step.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { matMul } from '../../../src/tensor/ops/linear.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { sizeOf } from '../../reference/shape.ts';
import { STANDARD_LIMITS } from '../limits.ts';
import '../kernels-loaded.ts';

const input = (...shape: number[]): AnyTensor => tensor(new Float32Array(sizeOf(shape)), shape);

const times = (a: AnyTensor, b: AnyTensor): AnyTensor => matMul(a, b);

/** Something that reads a pack, as an optimizer's step does. */
function scheduleOf(parts: readonly AnyTensor[], results: readonly AnyTensor[] = []) {
  const packed = pack(parts.map(({ node }) => node));
  const launch = () => ({
    launches: [
      { program: { name: 'use', source: '' }, bindings: [{ input: 0 }], params: [], workgroups: 1 },
    ],
  });
  const use = new Node({ name: 'use', lowering: { kind: 'kernel', launch } }, [packed], {
    shape: [0],
    dtype: 'f32',
  });
  const { steps, placements } = schedule(
    results.map(({ node }) => node),
    [use],
    STANDARD_LIMITS,
  );
  const copies = steps.filter(({ node }) => node.op.name === 'copy');
  return { steps, placements, copies, packed };
}

test('parts lie one after the other at offsets that can be bound', () => {
  const { packed } = scheduleOf([input(3), input(65), input(64), input(1)]);
  assert.equal(packed.attributes.offsets, [0, 256, 768, 1024]);
  assert.equal(packed.shape, [320]);
});

test('gradients of a plain model are written where the optimizer wants them', () => {
  const [w1, b1, w2, b2] = [input(6, 5), input(5), input(5, 3), input(3)];
  const hidden = times(input(4, 6), w1!).add(b1!).relu();
  const loss = times(hidden, w2!).add(b2!).square().sum();
  const gradients = grad(loss, [w1!, b1!, w2!, b2!]);
  const { copies, placements } = scheduleOf(gradients, [loss]);
  assert.is(copies.length, 0);
  assert.is(placements.size, 4);
});

test('an input that has memory already is copied', () => {
  const { copies, placements, steps } = scheduleOf([input(4), input(4).exp()]);
  assert.is(copies.length, 1);
  assert.is(placements.size, 2);
  assert.is(steps[0], copies[0], 'first, when the leaf still holds its value');
});

test('one value in two places is computed once and copied', () => {
  const y = input(4).exp();
  assert.is(scheduleOf([y, y]).copies.length, 1);
  assert.is(scheduleOf([y, y.reshape([2, 2])]).copies.length, 1);
});

test('no dispatch reads and writes the same pack', () => {
  const x = input(4, 4);
  const y = x.exp();
  const z = times(y, x);
  for (const parts of [
    [y, z],
    [z, y],
    [z, y, times(z, y)],
    [y, y.sum(0), z.sum()],
  ]) {
    const { steps, placements, copies } = scheduleOf(parts);
    assert.ok(copies.length >= 1 || placements.size === parts.length);
    for (const step of steps) {
      const { node } = step;
      const own = placements.get(node)?.pack;
      const reads = nodesOf(step).filter((operand) => operand !== node);
      assert.not(own && reads.some((operand) => placements.get(operand)?.pack === own));
    }
  }
});

test('each place of a pack is filled once, before it is read', () => {
  const x = input(4, 4);
  const y = x.exp();
  const { steps, placements, packed } = scheduleOf([y, times(y, x), x, y.transpose()]);
  const offsets = packed.attributes.offsets as readonly number[];
  const filled = steps.slice(0, -1).flatMap(({ node }) => placements.get(node)?.offset ?? []);
  assert.equal(
    [...new Set(filled)].sort((a, b) => a - b),
    [...offsets],
  );
  assert.is(steps.at(-1)?.node.op.name, 'use');
});

test.run();
