import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  type Conv2dTransposeOptions,
  conv2dTranspose,
  DTypeError,
  ShapeError,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { conv2dInputGradient } from '../../../reference/convolution.ts';
import { samePadding } from '../../../reference/window.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: conv2dTranspose');

type Pair = readonly [number, number];
interface Case {
  readonly image: readonly [n: number, h: number, w: number];
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: 'valid' | 'same' | readonly [number, number, number, number];
  readonly channels: Pair;
  readonly outputPadding?: Pair;
}

const small = (max: number) => fc.integer({ min: 1, max });
const pairs = (max: number) => fc.tuple(small(max), small(max));
const cases: fc.Arbitrary<Case> = fc
  .record({
    image: fc.tuple(small(2), small(5), small(5)),
    kernel: pairs(4),
    strides: pairs(3),
    dilations: fc.oneof(fc.constant([1, 1] as const), pairs(2)),
    padding: fc.oneof(
      fc.constantFrom('valid' as const, 'same' as const),
      fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1), fc.nat(1)),
    ),
    channels: fc.tuple(fc.constantFrom(1, 3, 4, 8), fc.constantFrom(1, 3, 4, 8)),
  })
  .filter((one) => sizeOf(one).every((size) => size > 0));

/** Height and width of the result, by Keras' rules for words and PyTorch's for widths. */
function sizeOf(one: Case): number[] {
  const { image, kernel, strides, dilations, padding, outputPadding = [0, 0] } = one;
  const [, ...size] = image;
  return size.map((extent, i) => {
    const [stride, window] = [strides[i]!, (kernel[i]! - 1) * dilations[i]! + 1];
    if (padding === 'same') return extent * stride;
    if (padding === 'valid') return extent * stride + Math.max(window - stride, 0);
    const widths = padding[2 * i]! + padding[2 * i + 1]!;
    return (extent - 1) * stride + window - widths + outputPadding[i]!;
  });
}

function reference(one: Case, x: NdArray, filter: NdArray): NdArray {
  const { image, kernel, strides, dilations, channels, outputPadding = [0, 0] } = one;
  const shape = [image[0], ...sizeOf(one), channels[1]];
  const widths = { valid: [0, 0, 0, 0], same: samePadding(shape, kernel, strides, dilations) };
  const padding = typeof one.padding === 'string' ? widths[one.padding] : one.padding;
  const options = { strides, dilations, padding: padding as [number, number, number, number] };
  // Windows that the output padding alone has room for see nothing.
  const more = outputPadding.map((extra, i) => Math.floor(extra / strides[i]!));
  return conv2dInputGradient(shape, filter, x.pad([0, 0, 0, 0], [0, ...more, 0]), options);
}

const inputsOf = ({ image, kernel, channels: [i, o] }: Case) =>
  [spread([...image, i], 1, [-1, 1]), spread([...kernel, o, i], 2, [-1, 1])] as const;

const optionsOf = ({ image, kernel, channels, ...options }: Case): Conv2dTransposeOptions =>
  options;

test('any image, filter, stride, dilation and padding', async () => {
  await holds(
    [cases],
    async (one) => {
      const [x, filter] = inputsOf(one);
      const actual = await download(conv2dTranspose(upload(x), upload(filter), optionsOf(one)));
      const scale = reference(one, x.map(Math.abs), filter.map(Math.abs));
      const expected = reference(one, x, filter);
      assertClose(actual, expected, { relative: 1e-6, scale }, JSON.stringify(one));
    },
    15,
  );
});

test('gradients, twice', async () => {
  const plain: Case = {
    image: [2, 2, 3],
    kernel: [3, 2],
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'valid',
    channels: [2, 3],
  };
  for (const one of [
    plain,
    { ...plain, strides: [2, 3], padding: 'same' } as Case,
    { ...plain, strides: [2, 1], dilations: [1, 2], padding: [1, 0, 0, 1] } as Case,
    // As many as the dilation allows, more than the stride.
    { ...plain, dilations: [3, 2], padding: [1, 1, 0, 1], outputPadding: [2, 1] } as Case,
  ]) {
    const subject = {
      name: JSON.stringify(one),
      f: (x: AnyTensor, w: AnyTensor) => conv2dTranspose(x, w, optionsOf(one)),
      reference: (x: NdArray, w: NdArray) => reference(one, x, w),
      inputs: inputsOf(one),
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test('nothing to convolve', () => {
  const shapeOf = (x: number[], w: number[]) =>
    conv2dTranspose(upload(new NdArray(x)), upload(new NdArray(w))).shape;
  assert.equal(shapeOf([0, 2, 2, 3], [3, 3, 4, 3]), [0, 4, 4, 4]);
  assert.equal(shapeOf([1, 2, 2, 3], [3, 3, 0, 3]), [1, 4, 4, 0]);
});

test('what does not fit', () => {
  const x = upload(new NdArray([1, 4, 5, 3]));
  const filter = (...shape: number[]) => upload(new NdArray(shape));
  const throws = (w: AnyTensor, options: unknown, message: RegExp, kind = ShapeError) =>
    refuses(() => conv2dTranspose(x, w, options as Conv2dTransposeOptions), kind, message);
  throws(filter(3, 3, 3, 8), {}, /^conv2dTranspose: .*\[1,4,5,3\] and \[3,3,3,8\]/);
  const extra = (outputPadding: number, dilations: number) => ({ outputPadding, dilations });
  const bound = /outputPadding \[3,3\] must be below the strides \[1,1\] or the dilations \[3,3\]/;
  throws(filter(1, 1, 2, 3), extra(3, 3), bound, ArgumentError);
  throws(filter(3, 3, 3), {}, /filters \[KH, KW, O, C\]/);
  throws(filter(1, 1, 2, 3), { padding: 2 }, /padding \[2,2,2,2\] leaves nothing/);
  throws(filter(3, 3, 2, 3), { strides: 0 }, /^conv2dTranspose strides/);
  throws(filter(3, 3, 2, 3).cast('i32'), {}, /takes f32/, DTypeError);
});

test.run();
