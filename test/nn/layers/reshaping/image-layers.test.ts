import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, nn, ShapeError } from '../../../../src/index.ts';
import { assertGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { bilinear, nearest, zeroPadded } from '../../../reference/images.ts';
import { max } from '../../../reference/reductions.ts';
import { extents, spread } from '../../../tensor/arbitraries.ts';
import { assertClose, assertSame } from '../../../tensor/closeness.ts';
import { holds } from '../../../tensor/property.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';

const test = suite('nn: layers on images');

const images = fc.tuple(fc.integer({ min: 1, max: 2 }), extents, extents, extents);
const sizes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
const result = (layer: nn.Layer, x: NdArray) => download(layer.forward(upload(x)));

test('upsampling repeats, or interpolates as Keras does', async () => {
  const check = async (shape: readonly number[], size: readonly [number, number]) => {
    const x = spread(shape, 1, [-2, 2]);
    const what = `[${shape}] by ${size}`;
    assertSame(await result(nn.upsampling2d(size), x), nearest(x, size), what);
    const layer = nn.upsampling2d(size, { interpolation: 'bilinear' });
    assertClose(await result(layer, x), bilinear(x, size), { relative: 1e-6, scale: 2 }, what);
  };
  await holds([images, sizes], check, 4);
  const row = NdArray.from([0, 4]).reshape([1, 1, 2, 1]);
  const wide = await result(nn.upsampling2d([1, 2], { interpolation: 'bilinear' }), row);
  assert.equal([...wide.data], [0, 1, 3, 4]);
});

test('upsampling: gradients', async () => {
  for (const [interpolation, reference] of [
    ['nearest', nearest],
    ['bilinear', bilinear],
  ] as const) {
    await assertGradients({
      f: (x) => nn.upsampling2d([2, 3], { interpolation }).forward(x) as AnyTensor,
      reference: (x) => reference(x, [2, 3]),
      inputs: [spread([2, 3, 2, 2], 1, [-1, 1])],
    });
  }
});

test('zero padding, by one width, two or four', async () => {
  const x = spread([2, 3, 4, 3], 1, [-2, 2]);
  assertSame(await result(nn.zeroPadding2d(), x), zeroPadded(x, [1, 1, 1, 1]));
  assertSame(await result(nn.zeroPadding2d([2, 1]), x), zeroPadded(x, [2, 2, 1, 1]));
  assertSame(await result(nn.zeroPadding2d([1, 0, 3, 2]), x), zeroPadded(x, [1, 0, 3, 2]));
  await assertGradients({
    f: (t) => nn.zeroPadding2d([1, 0, 3, 2]).forward(t) as AnyTensor,
    reference: (t) => zeroPadded(t, [1, 0, 3, 2]),
    inputs: [x],
  });
});

test('global max pooling', async () => {
  await holds([images], async (shape) => {
    const x = spread(shape, 1, [-2, 2]);
    assertSame(await result(nn.globalMaxPool2d(), x), max(x, [1, 2]));
  });
  await assertGradients({
    f: (x) => nn.globalMaxPool2d().forward(x) as AnyTensor,
    reference: (x) => max(x, [1, 2]),
    inputs: [spread([2, 3, 4, 2], 1, [-2, 2])],
  });
});

test('what does not fit', () => {
  refuses(() => nn.upsampling2d(0), ArgumentError, /^upsampling2d: size 0 must be/);
  const cubic = { interpolation: 'cubic' } as unknown as nn.Upsampling2dOptions;
  refuses(() => nn.upsampling2d(2, cubic), ArgumentError, /'cubic' must be one of 'nearest'/);
  refuses(() => nn.upsampling2d().build([4]), ShapeError, /^upsampling2d: needs images/);
  refuses(() => nn.zeroPadding2d(-1), ShapeError, /^zeroPadding2d: padding -1/);
  refuses(() => nn.zeroPadding2d([1, 0.5]), ShapeError, /^zeroPadding2d/);
  refuses(() => nn.zeroPadding2d().build([4]), ShapeError, /^zeroPadding2d: needs images/);
  refuses(() => nn.globalMaxPool2d().build([4, 4]), ShapeError, /^globalMaxPool2d: needs images/);
});

test.run();
