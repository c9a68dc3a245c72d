import { suite } from 'uvu';
import {
  type AnyTensor,
  DTypeError,
  depthwiseConv2d,
  ShapeError,
  separableConv2d,
  zeros,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import type { NdArray } from '../../../reference/array.ts';
import { convolve } from '../../../reference/windows.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: convolutions that split channels');

const x = spread([2, 6, 5, 3], 1, [-1, 1]);
const filter = spread([3, 2, 3, 2], 2, [-1, 1]);
const mixer = spread([1, 1, 6, 4], 3, [-1, 1]);
const options = { strides: [2, 1], dilations: [1, 2], padding: [1, 0, 2, 1] } as const;
const axes = [
  { stride: 2, before: 1, after: 0 },
  { dilation: 2, before: 2, after: 1 },
];

/** The filter of each channel and result, [KH, KW, 1, C · M], in C groups. */
const depthwise = (a: NdArray, f: NdArray, along: typeof axes | [object, object] = axes) =>
  convolve(a, f.reshape([3, 2, 1, 6]), along, 3);
const closeness = { relative: 1e-6, scale: 6 };

test('depthwiseConv2d convolves each channel by itself', async () => {
  const plain = await download(depthwiseConv2d(upload(x), upload(filter)));
  assertClose(plain, depthwise(x, filter, [{}, {}]), closeness);
  const strided = await download(depthwiseConv2d(upload(x), upload(filter), options));
  assertClose(strided, depthwise(x, filter), closeness);
});

test('separableConv2d mixes what comes of it', async () => {
  const mixed = separableConv2d(upload(x), upload(filter), upload(mixer), options);
  assertClose(await download(mixed), convolve(depthwise(x, filter), mixer, [{}, {}]), closeness);
});

test('gradients, twice', async () => {
  const subject = {
    f: (a: AnyTensor, f: AnyTensor, m: AnyTensor) => separableConv2d(a, f, m, options),
    reference: (a: NdArray, f: NdArray, m: NdArray) => convolve(depthwise(a, f), m, [{}, {}]),
    inputs: [x, filter, mixer],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('what does not fit', () => {
  const image = zeros([1, 4, 4, 2]);
  const wide = zeros([5, 2, 2, 1]);
  refuses(
    () => depthwiseConv2d(image, zeros([2, 2, 3, 1])),
    ShapeError,
    /^depthwiseConv2d: needs images \[N, H, W, C\] and filters \[KH, KW, C, M\], got \[1,4,4,2\] and \[2,2,3,1\]/,
  );
  refuses(() => depthwiseConv2d(image, wide), ShapeError, /^depthwiseConv2d: a window of 5×2/);
  refuses(() => depthwiseConv2d(zeros([4, 4, 2]), wide), ShapeError, /needs images/);
  refuses(() => depthwiseConv2d(image.cast('i32'), wide), DTypeError, /^depthwiseConv2d takes/);
  refuses(
    () => separableConv2d(image, zeros([2, 2, 2, 3]), zeros([1, 1, 5, 2])),
    ShapeError,
    /^separableConv2d: needs a pointwise filter \[1, 1, 6, O\].*got \[1,1,5,2\]/,
  );
});

test.run();
