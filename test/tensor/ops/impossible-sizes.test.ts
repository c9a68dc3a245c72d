import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  arange,
  concat,
  eye,
  full,
  linspace,
  OutOfMemoryError,
  oneHot,
  ones,
  random,
  ShapeError,
  tensor,
  zeros,
} from '../../../src/index.ts';

// Sizes that no device holds are refused at once, by an error that says what asked for them.
const impossible: Record<string, () => { data(): Promise<unknown> }> = {
  'arange(3e9)': () => arange(3e9),
  'arange(1, 3e9)': () => arange(1, 3e9),
  'arange(1, 2e9)': () => arange(1, 2e9),
  'linspace(0, 1, 3e9)': () => linspace(0, 1, 3e9),
  'zeros([1e5, 1e6])': () => zeros([1e5, 1e6]),
  'ones([3e9])': () => ones([3e9]),
  'full([2e9], 1)': () => full([2e9], 1),
  'full([1e200, 1e200], 1)': () => full([1e200, 1e200], 1),
  'eye(100000)': () => eye(100_000),
  oneHot: () => oneHot(zeros([1000], { dtype: 'i32' }), 4e6),
  'random.normal': () => random.normal([1e5, 1e6]),
  'outer product': () => zeros([1e5, 1]).mul(zeros([1, 1e5])),
  'broadcast sum': () =>
    zeros([1e5, 1])
      .add(zeros([1e5]))
      .sum(),
  matMul: () => zeros([1e5, 1]).matMul(zeros([1, 1e5])),
  pad: () => tensor([1]).pad([[0, 3e9]]),
  concat: () => concat(Array.from({ length: 3 }, () => zeros([1e9]))),
};

for (const [name, make] of Object.entries(impossible)) {
  test(`${name} is refused`, async () => {
    try {
      await make().data();
    } catch (error) {
      assert.ok(error instanceof ShapeError || error instanceof OutOfMemoryError, `${error}`);
      assert.match((error as Error).message, /\d/);
      return;
    }
    assert.unreachable();
  });
}

test('after it, everything goes on working', async () => {
  assert.equal(await zeros([2]).add(1).data(), new Float32Array([1, 1]));
});

test.run();
