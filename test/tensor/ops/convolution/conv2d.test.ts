import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type Conv2dOptions,
  conv2d,
  DTypeError,
  ShapeError,
  zeros,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { type ConvolutionOptions, conv2d as reference } from '../../../reference/convolution.ts';
import { samePadding } from '../../../reference/window.ts';
import { choices, spread } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: conv2d');

type Pair = readonly [number, number];
interface Case {
  readonly image: readonly [n: number, h: number, w: number];
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: 'valid' | 'same' | readonly [number, number, number, number];
  readonly groups: number;
  readonly perGroup: Pair;
}

const small = (max: number) => fc.integer({ min: 1, max });
const pairs = (max: number) => fc.tuple(small(max), small(max));

/** Convolutions whose window fits, of few sizes but of every kind. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    image: fc.tuple(small(3), small(9), small(9)),
    kernel: pairs(3),
    strides: pairs(3),
    dilations: fc.oneof(fc.constant([1, 1] as const), pairs(2)),
    padding: fc.oneof(
      fc.constantFrom('valid' as const, 'same' as const),
      fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
    ),
    groups: fc.constantFrom(1, 1, 2, 3),
    perGroup: fc.tuple(fc.constantFrom(1, 2, 3, 4, 8), fc.constantFrom(1, 2, 3, 4, 8)),
  })
  .filter((one) => {
    const [, h, w] = one.image;
    const [top, bottom, left, right] = widths(one);
    const reach = (axis: 0 | 1) => (one.kernel[axis] - 1) * one.dilations[axis] + 1;
    return h + top + bottom >= reach(0) && w + left + right >= reach(1);
  });

function widths({ image, kernel, strides, dilations, padding }: Case) {
  if (padding === 'valid') return [0, 0, 0, 0] as const;
  return padding === 'same' ? samePadding([...image, 1], kernel, strides, dilations) : padding;
}

function shapesOf({ image, kernel, groups, perGroup: [i, o] }: Case) {
  return { x: [...image, i * groups], filter: [...kernel, i, o * groups] };
}

const optionsOf = ({ strides, dilations, padding, groups }: Case): Conv2dOptions => ({
  strides,
  dilations,
  padding,
  groups,
});
const referenceOptions = (one: Case): ConvolutionOptions => ({
  strides: one.strides,
  dilations: one.dilations,
  padding: widths(one),
  groups: one.groups,
});

async function check(one: Case, pick: readonly number[]) {
  const shapes = shapesOf(one);
  const [a, b] = [arrange(shapes.x, pick), arrange(shapes.filter, pick.toReversed())];
  const [x, w] = [spread(a.base, 1, [-1, 1]), spread(b.base, 2, [-1, 1])];
  const actual = conv2d(a.view(upload(x)), b.view(upload(w)), optionsOf(one));
  const options = referenceOptions(one);
  const expected = reference(a.reference(x), b.reference(w), options);
  const scale = reference(a.reference(x).map(Math.abs), b.reference(w).map(Math.abs), options);
  assertClose(await download(actual), expected, { relative: 1e-6, scale }, JSON.stringify(one));
}

test('any image, filter, stride, dilation, padding and groups', async () => {
  await holds([cases, choices], check, 20);
});

test('depthwise, with one output a channel and with several', async () => {
  for (const [channels, multiplier] of [
    [5, 1],
    [4, 2],
  ] as const) {
    for (const padding of ['same', 'valid', [1, 0, 2, 1]] as const) {
      const one: Case = {
        image: [2, 7, 6],
        kernel: [3, 2],
        strides: [2, 1],
        dilations: [1, 2],
        padding,
        groups: channels,
        perGroup: [1, multiplier],
      };
      await check(one, new Array(16).fill(0));
    }
  }
});

test('bias and activation after it', async () => {
  const [x, w, b] = [
    spread([2, 5, 5, 3], 1, [-1, 1]),
    spread([3, 3, 3, 8], 2, [-1, 1]),
    spread([8], 3, [-1, 1]),
  ];
  const y = conv2d(upload(x), upload(w), { padding: 'same' });
  const actual = await download(y.add(upload(b)).relu());
  const expected = reference(x, w, { padding: [1, 1, 1, 1] })
    .zip(b, (p, q) => p + q)
    .map((v) => Math.max(v, 0));
  assertClose(actual, expected, { relative: 2e-6, scale: 5 });
});

async function checkGradients(one: Case, second: boolean) {
  const shapes = shapesOf(one);
  const subject = {
    name: JSON.stringify(one),
    f: (x: AnyTensor, w: AnyTensor) => conv2d(x, w, optionsOf(one)),
    reference: (x: NdArray, w: NdArray) => reference(x, w, referenceOptions(one)),
    inputs: [spread(shapes.x, 1, [-1, 1]), spread(shapes.filter, 2, [-1, 1])],
  };
  await assertGradients(subject);
  if (second) await assertSecondGradients(subject);
}

test('gradients', async () => {
  const affordable = cases.filter((one) => {
    const { x, filter } = shapesOf(one);
    return [x, filter].every((shape) => shape.reduce((a, b) => a * b, 1) <= 120);
  });
  await holds([affordable, fc.boolean()], checkGradients, 6);
});

test('gradients of one of each kind, twice', async () => {
  const plain: Case = {
    image: [2, 4, 5],
    kernel: [3, 2],
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'valid',
    groups: 1,
    perGroup: [2, 3],
  };
  await checkGradients(plain, true);
  await checkGradients({ ...plain, strides: [2, 3], padding: 'same' }, true);
  await checkGradients({ ...plain, dilations: [1, 2], padding: [0, 2, 1, 3] }, true);
  await checkGradients({ ...plain, groups: 2, perGroup: [1, 1], padding: 'same' }, true);
  await checkGradients({ ...plain, groups: 2, perGroup: [2, 1] }, true);
});

test('nothing to convolve', () => {
  const shapeOf = (x: number[], w: number[]) =>
    conv2d(upload(new NdArray(x)), upload(new NdArray(w))).shape;
  assert.equal(shapeOf([0, 4, 4, 2], [3, 3, 2, 5]), [0, 2, 2, 5]);
  assert.equal(shapeOf([1, 4, 4, 2], [3, 3, 2, 0]), [1, 2, 2, 0]);
});

test('what does not fit', () => {
  const x = upload(new NdArray([1, 4, 5, 3]));
  const filter = (...shape: number[]) => upload(new NdArray(shape));
  const throws = (w: AnyTensor, options: unknown, message: RegExp, kind = ShapeError) =>
    refuses(() => conv2d(x, w, options as Conv2dOptions), kind, message);
  throws(
    filter(3, 3, 2, 8),
    {},
    /^conv2d: images \[1,4,5,3\] have 3 channels and filters \[3,3,2,8\]/,
  );
  throws(filter(3, 3, 3), {}, /^conv2d: needs images \[N, H, W, C\].*\[3,3,3\]/);
  throws(filter(5, 3, 3, 8), {}, /^conv2d: a window of 5×3 does not fit into an image of 4×5/);
  throws(filter(3, 3, 3, 8), { dilations: 2 }, /a window of 5×5 does not fit/);
  throws(filter(3, 3, 3, 8), { strides: 0 }, /^conv2d strides/);
  throws(filter(3, 3, 3, 8), { strides: [1, 1.5] }, /^conv2d strides/);
  throws(filter(3, 3, 3, 8), { dilations: -1 }, /^conv2d dilations/);
  throws(filter(3, 3, 3, 8), { padding: -1 }, /^conv2d: padding -1/);
  throws(filter(3, 3, 3, 8), { padding: [1, 2] }, /^conv2d: padding \[1, 2\]/);
  throws(filter(3, 3, 3, 8), { padding: 'SAME' }, /^conv2d: padding 'SAME'/);
  throws(filter(3, 3, 1, 8), { groups: 3 }, /O a multiple of groups/);
  throws(filter(3, 3, 3, 8), { groups: 0 }, /^conv2d/);
  throws(filter(3, 3, 3, 8).cast('i32'), {}, /^conv2d takes f32/, DTypeError);
});

test('without channels or outputs there is nothing to sum, or nobody to sum for', async () => {
  const sums = conv2d(zeros([1, 4, 4, 0]), zeros([2, 2, 0, 3]));
  assert.equal(sums.shape, [1, 3, 3, 3]);
  assert.ok((await sums.data()).every((value) => value === 0));
  for (const groups of [1, 2]) {
    const none = conv2d(zeros([1, 4, 4, 2]), zeros([2, 2, 2 / groups, 0]), { groups });
    assert.equal([none.shape, [...(await none.data())]], [[1, 3, 3, 0], []]);
  }
  for (const size of [
    [0, 2],
    [2, 0],
  ] as const) {
    refuses(() => conv2d(zeros([1, 4, 4, 2]), zeros([...size, 2, 1])), ShapeError, /no elements/);
  }
});

test.run();
