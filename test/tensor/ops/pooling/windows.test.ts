import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  dilation2d,
  extractPatches,
  grad,
  localResponseNormalization,
  ShapeError,
  zeros,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { localResponse } from '../../../reference/normalization.ts';
import { type Axis, dilate, patches } from '../../../reference/windows.ts';
import { spread, whole } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: other ops of windows');

const x = spread([2, 6, 5, 3], 1, [-2, 2]);
type Way = readonly [options: object, axes: readonly [Axis, Axis]];
const ways: readonly Way[] = [
  [{}, [{}, {}]],
  [{ strides: [2, 1], dilations: [1, 2] }, [{ stride: 2 }, { dilation: 2 }]],
  [
    { padding: 'same', strides: 2 },
    [
      { stride: 2, before: 0, after: 1 },
      { stride: 2, before: 0, after: 1 },
    ],
  ],
  [
    { padding: [2, 0, 1, 1], strides: 1 },
    [
      { before: 2, after: 0 },
      { before: 1, after: 1 },
    ],
  ],
];

test('dilation2d: the largest sum of a window and the filter', async () => {
  // No two sums of a window are so close that a difference would choose another one.
  const x = whole([2, 6, 5, 3], 1, -4, 4);
  const filter = NdArray.build([3, 2, 3], (_, at) => Math.fround(0.3 + 0.03 * ((7 * at) % 18)));
  for (const [options, axes] of ways) {
    const found = await download(dilation2d(upload(x), upload(filter), options));
    assertSame(found, dilate(x, filter, axes).map(Math.fround), JSON.stringify(options));
    const subject = {
      f: (a: AnyTensor, b: AnyTensor) => dilation2d(a.mul(a), b.mul(b), options),
      reference: (a: NdArray, b: NdArray) =>
        dilate(
          a.map((v) => v * v),
          b.map((v) => v * v),
          axes,
        ),
      inputs: [x, filter],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
  assert.equal(dilation2d(zeros([0, 4, 4, 2]), zeros([2, 2, 2])).shape, [0, 3, 3, 2]);
});

test('dilation2d: of equal sums the first gets the gradient', async () => {
  const image = upload(new NdArray([1, 1, 3, 1], [1, 1, 0]));
  const filter = upload(new NdArray([1, 3, 1], [1, 1, 2]));
  const gradients = grad(dilation2d(image, filter), [image, filter]);
  for (const gradient of gradients) assert.equal([...(await gradient.data())], [1, 0, 0]);
});

test('extractPatches: windows as channels, and back', async () => {
  const side: Way = [{}, [{ stride: 3 }, { stride: 2 }]];
  for (const [options, axes] of [side, ...ways.slice(1)]) {
    const found = await download(extractPatches(upload(x), [3, 2], options));
    assertSame(found, patches(x, [3, 2], axes), JSON.stringify(options));
    const subject = {
      f: (a: AnyTensor) => extractPatches(a.mul(a), [3, 2], options),
      reference: (a: NdArray) =>
        patches(
          a.map((v) => v * v),
          [3, 2],
          axes,
        ),
      inputs: [x],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
  const image = upload(spread([1, 4, 6, 2], 1, [-1, 1]));
  const apart = extractPatches(image, 2);
  const [back] = grad(apart, [image], apart);
  assertSame(await download(back), await download(image));
  assert.equal(extractPatches(zeros([0, 4, 4, 2]), 2).shape, [0, 2, 2, 8]);
});

test('localResponseNormalization: divided by the channels nearby', async () => {
  for (const options of [
    {},
    { depthRadius: 1, bias: 2, alpha: 0.3, beta: 0.75 },
    { depthRadius: 0, beta: 1 },
    { depthRadius: 2, alpha: -0.01, beta: -0.5 },
  ]) {
    const { depthRadius: radius, ...others } = options as { depthRadius?: number };
    const reference = (a: NdArray) =>
      localResponse(a, { ...(radius === undefined ? {} : { radius }), ...others });
    for (const shape of [[2, 3, 2, 7], [5, 3], [4]]) {
      const values = spread(shape, 1, [-2, 2]);
      const found = await download(localResponseNormalization(upload(values), options));
      assertClose(found, reference(values), { relative: 2e-6 }, JSON.stringify(options));
      const subject = {
        f: (a: AnyTensor) => localResponseNormalization(a, options),
        reference,
        inputs: [values],
      };
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  }
  assert.equal(localResponseNormalization(zeros([2, 0])).shape, [2, 0]);
});

test('what does not fit', () => {
  const image = zeros([1, 4, 4, 2]);
  const numbers = image.cast('i32');
  const filter = zeros([2, 2, 2]);
  refuses(
    () => dilation2d(image, zeros([2, 2, 3])),
    ShapeError,
    /^dilation2d: needs images.*2,2,3/,
  );
  refuses(() => dilation2d(image, zeros([0, 2, 2])), ShapeError, /that has elements/);
  refuses(() => dilation2d(image, zeros([5, 1, 2])), ShapeError, /^dilation2d: a window of 5×1/);
  refuses(() => dilation2d(numbers, filter), DTypeError, /^dilation2d takes/);
  refuses(() => extractPatches(image, 0), ShapeError, /^extractPatches size: 0 must be/);
  refuses(() => extractPatches(image, 5), ShapeError, /^extractPatches: a window of 5×5/);
  refuses(() => extractPatches(zeros([4, 4]), 2), ShapeError, /^extractPatches: needs images/);
  refuses(() => extractPatches(numbers, 2), DTypeError, /^extractPatches takes/);
  const normalized = localResponseNormalization;
  refuses(() => normalized(image, { depthRadius: 0.5 }), ArgumentError, /depthRadius 0\.5/);
  refuses(() => normalized(image, { beta: NaN }), ArgumentError, /beta NaN/);
  refuses(() => normalized(zeros([])), ShapeError, /^localResponseNormalization: needs channels/);
  refuses(() => normalized(numbers), DTypeError, /^localResponseNormalization takes/);
});

test.run();
