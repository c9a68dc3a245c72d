import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  arange,
  concat,
  conv2d,
  conv2dTranspose,
  eye,
  full,
  gather,
  linspace,
  OutOfMemoryError,
  oneHot,
  ones,
  random,
  ShapeError,
  split,
  stack,
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
  'pad beyond all numbers': () => tensor([1]).pad([[Number.MAX_SAFE_INTEGER, 1e15]]),
  conv2d: () => conv2d(zeros([1, 20_000, 20_000, 1]), zeros([1, 1, 1, 64])),
  conv2dTranspose: () =>
    conv2dTranspose(zeros([1, 1000, 1000, 1]), zeros([3, 3, 1, 1]), { strides: 100_000 }),
  gather: () => gather(zeros([10, 2 ** 20]), zeros([4096], { dtype: 'i32' })),
  expand: () => zeros([1]).expand([2 ** 30]),
  stack: () => stack(Array.from({ length: 2000 }, () => zeros([1024, 1024]))),
  'split into 2 ** 31': () => split(zeros([1024]), 2 ** 31)[0] as AnyTensor,
  'split of nothing into 2 ** 31': () => split(zeros([0]), 2 ** 31)[0] as AnyTensor,
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
