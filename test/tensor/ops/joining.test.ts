import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  concat,
  type DType,
  DTypeError,
  ShapeError,
  split,
  stack,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import {
  NdArray,
  concat as referenceConcat,
  stack as referenceStack,
} from '../../reference/array.ts';
import { extents, shapes, spread, whole } from '../arbitraries.ts';
import { assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: joining');

const nat = fc.nat(20);
const sizes = fc.array(fc.oneof(extents, fc.constant(0)), { minLength: 1, maxLength: 5 });

test('concat along any axis', async () => {
  await holds(
    [shapes({ min: 1, size: 120 }), nat, sizes],
    async (shape, pick, along) => {
      const axis = pick % shape.length;
      const parts = along.map((size, i) => spread(shape.with(axis, size), i + 1, [-9, 9]));
      const negative = pick > 10 ? axis - shape.length : axis;
      const actual = concat(
        parts.map((x) => upload(x)),
        negative,
      );
      assertSame(await download(actual), referenceConcat(parts, axis));
    },
    6,
  );
});

for (const dtype of ['i32', 'u32', 'bool', 'u8'] as const) {
  test(`concat, stack and split of ${dtype}`, async () => {
    const parts = [3, 1, 4].map((n, i) => whole([2, n], i + 1, 0, dtype === 'bool' ? 1 : 255));
    const tensors = parts.map((x) => upload(x, dtype));
    const joined = concat(tensors, 1);
    assert.is(joined.dtype, dtype);
    assertSame(await download(joined), referenceConcat(parts, 1));
    const twice = [tensors[0]!, tensors[0]!];
    assertSame(await download(stack(twice)), referenceStack([parts[0]!, parts[0]!]));
    const back = split(joined, [3, 1, 4], 1);
    for (const [i, part] of back.entries()) assertSame(await download(part), parts[i]!);
  });
}

test('concat and stack keep every bit', async () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, -1.5, -0, 0];
  const x = new NdArray([5], values);
  for (const joined of [concat([upload(x), upload(x)]), stack([upload(x), upload(x), upload(x)])]) {
    for (const [i, value] of [...(await joined.data())].entries()) {
      assert.ok(Object.is(value, values[i % 5]), `element ${i} is ${value}`);
    }
  }
});

test('concat and stack of nothing have the shape that they say', async () => {
  const empty = upload(new NdArray([0, 5]));
  const shapes = [
    [concat([empty, empty, empty], 1), [0, 15]],
    [concat([empty, empty]), [0, 5]],
    [concat([empty, upload(new NdArray([2, 5]))]), [2, 5]],
    [stack([empty, empty, empty]), [3, 0, 5]],
    [stack([empty, empty, empty], -1), [0, 5, 3]],
  ] as const;
  for (const [joined, shape] of shapes) {
    assert.equal(joined.shape, shape);
    assert.is(
      (await joined.data()).length,
      shape.reduce((a, b) => a * b, 1),
    );
  }
});

test('more parts than a kernel may read buffers', async () => {
  const parts = Array.from({ length: 17 }, (_, i) => spread([2, 1 + (i % 3)], i, [-1, 1]));
  const actual = concat(
    parts.map((x) => upload(x)),
    1,
  );
  assertSame(await download(actual), referenceConcat(parts, 1));
});

test('many parts of one size are laid side by side, whatever their size', async () => {
  for (const shape of [[1], [3], [2, 7], [64], [13, 5, 1]]) {
    const parts = Array.from({ length: 11 }, (_, i) => spread(shape, i + 1, [-9, 9]));
    const tensors = parts.map((x) => upload(x));
    assertSame(await download(concat(tensors)), referenceConcat(parts, 0));
    assertSame(await download(stack(tensors.map((x) => x.mul(1)))), referenceStack(parts));
  }
});

test('gradients of many parts, and of many slices', async () => {
  const orders = {
    'all slices': [4, 3, 2, 1, 0, 8, 7, 6, 5],
    'all but one': [0, 1, 2, 3, 5, 6, 7, 8],
    'one of them twice': [0, 1, 2, 3, 4, 5, 6, 7, 8, 4],
  };
  for (const [name, order] of Object.entries(orders)) {
    const subject = {
      name,
      f: (x: AnyTensor) =>
        stack(
          order.map((i) =>
            x
              .slice([i], [i + 1])
              .mul(i + 1)
              .tanh(),
          ),
        ),
      reference: (x: NdArray) => {
        const rows = x.split(9, 0);
        return referenceStack(order.map((i) => rows[i]!.map((v) => Math.tanh((i + 1) * v))));
      },
      inputs: [spread([9, 2, 3], 1, [-0.2, 0.2])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test('stack along any axis', async () => {
  const parts = [1, 2, 3].map((seed) => spread([2, 5], seed, [-9, 9]));
  for (const axis of [0, 1, 2, -1, -3]) {
    const actual = stack(
      parts.map((x) => upload(x)),
      axis,
    );
    assertSame(await download(actual), referenceStack(parts, axis));
  }
});

test('split into equal and unequal parts', async () => {
  const x = spread([4, 6], 1, [-9, 9]);
  for (const [parts, axis] of [
    [2, 0],
    [3, -1],
    [[1, 5], 1],
    [[0, 4], 0],
    [[6], 1],
  ] as [number | number[], number][]) {
    const actual = split(upload(x), parts, axis);
    const expected = x.split(parts, axis);
    assert.is(actual.length, expected.length);
    for (const [i, part] of actual.entries()) assertSame(await download(part), expected[i]!);
  }
  assert.equal(
    upload(x)
      .split(2, 1)
      .map(({ shape }) => shape),
    [
      [4, 3],
      [4, 3],
    ],
  );
});

test('gradients', async () => {
  const inputs = [spread([2, 3], 1, [-2, 2]), spread([2, 4], 2, [-2, 2])];
  const join = {
    name: 'concat',
    f: (a: AnyTensor, b: AnyTensor) => {
      const whole = concat([a, b], 1);
      return whole.mul(whole);
    },
    reference: (a: NdArray, b: NdArray) => referenceConcat([a, b], 1).map((x) => x * x),
    inputs,
  };
  await assertGradients(join);
  await assertSecondGradients(join);
  const parted = {
    name: 'split',
    f: (x: AnyTensor) => {
      const [a, b, c] = split(x, [1, 2, 1], 1) as [AnyTensor, AnyTensor, AnyTensor];
      return stack([a.mul(b), c.exp().mul(b)], 1);
    },
    reference: (x: NdArray) => {
      const [a, b, c] = x.split([1, 2, 1], 1) as [NdArray, NdArray, NdArray];
      const product = (p: NdArray, q: NdArray) => p.zip(q, (v, w) => v * w);
      return referenceStack([product(a, b), product(c.map(Math.exp), b)], 1);
    },
    inputs: [spread([2, 4], 3, [-2, 2])],
  };
  await assertGradients(parted);
  await assertSecondGradients(parted);
});

test('what does not fit', () => {
  const x = (shape: number[], dtype: DType = 'f32') => upload(new NdArray(shape), dtype);
  refuses(() => concat([x([2, 3]), x([3, 3])], 1), ShapeError, /^concat: \[2,3\] and \[3,3\]/);
  refuses(() => concat([x([2, 3]), x([2])], 0), ShapeError, /^concat/);
  refuses(() => concat([]), ShapeError, /at least one/);
  refuses(() => concat([x([2])], 1), ShapeError, /^concat: axis 1 does not exist/);
  refuses(() => concat([x([]), x([])]), ShapeError, /a scalar has no axes/);
  refuses(() => concat([x([2]), x([2], 'i32')]), DTypeError, /f32 and i32/);
  refuses(() => stack([x([2]), x([3])]), ShapeError, /^stack: \[2\] and \[3\]/);
  refuses(() => stack([x([2]), x([2])], 3), ShapeError, /^stack: axis 3/);
  refuses(() => stack([]), ShapeError, /^stack.*at least one/);
  refuses(() => split(x([4, 6]), 4, 1), ShapeError, /^split: axis 1 of \[4,6\] has 6 elements/);
  refuses(() => split(x([4, 6]), [1, 2], 1), ShapeError, /^split/);
  refuses(() => split(x([4, 6]), [-1, 7], 1), ShapeError, /^split/);
  refuses(() => split(x([4, 6]), 0, 1), ShapeError, /^split/);
  refuses(() => split(x([4, 6]), 2, 2), ShapeError, /^split: axis 2/);
});

test.run();
