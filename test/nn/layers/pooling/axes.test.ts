import { suite } from 'uvu';
import { ArgumentError, nn, ShapeError } from '../../../../src/index.ts';
import { NdArray } from '../../../reference/array.ts';
import { adaptive, largest, mean, pool } from '../../../reference/windows.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose, assertSame } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';

const test = suite('nn: layers on sequences and volumes');

const sequences = spread([2, 7, 3], 1, [-1, 1]);
const volumes = spread([2, 3, 4, 5, 3], 2, [-1, 1]);
const result = (layer: nn.Layer, x: NdArray) => download(layer.forward(upload(x)));
const closeness = { relative: 1e-6, scale: 1 };

test('pooling, by windows side by side or as options say', async () => {
  const two = { stride: 2 };
  assertSame(await result(nn.maxPool1d(), sequences), pool(sequences, [2], [two], largest));
  assertClose(
    await result(nn.avgPool1d(3, { strides: 2, padding: 1 }), sequences),
    pool(sequences, [3], [{ stride: 2, before: 1, after: 1 }], mean),
    closeness,
  );
  assertSame(
    await result(nn.maxPool3d(), volumes),
    pool(volumes, [2, 2, 2], [two, two, two], largest),
  );
  assertClose(
    await result(nn.avgPool3d([1, 2, 3], { dilations: [1, 2, 1] }), volumes),
    pool(volumes, [1, 2, 3], [{}, { stride: 2, dilation: 2 }, { stride: 3 }], mean),
    closeness,
  );
});

test('global pooling', async () => {
  for (const [x, max, average] of [
    [sequences, nn.globalMaxPool1d(), nn.globalAveragePool1d()],
    [volumes, nn.globalMaxPool3d(), nn.globalAveragePool3d()],
  ] as const) {
    const sizes = x.shape.slice(1, -1);
    const over = (reduce: typeof mean) =>
      pool(
        x,
        sizes,
        sizes.map(() => ({})),
        reduce,
      ).reshape([2, 3]);
    assertSame(await result(max, x), over(largest));
    assertClose(await result(average, x), over(mean), closeness);
  }
});

test('adaptive pooling', async () => {
  const images = spread([2, 7, 5, 3], 3, [-1, 1]);
  for (const [x, max, average, sizes] of [
    [sequences, nn.adaptiveMaxPool1d(3), nn.adaptiveAvgPool1d(3), [3]],
    [images, nn.adaptiveMaxPool2d([3, 2]), nn.adaptiveAvgPool2d([3, 2]), [3, 2]],
    [volumes, nn.adaptiveMaxPool3d(2), nn.adaptiveAvgPool3d(2), [2, 2, 2]],
  ] as const) {
    assertSame(await result(max, x), adaptive(x, sizes, largest));
    assertClose(await result(average, x), adaptive(x, sizes, mean), closeness);
  }
  refuses(() => nn.adaptiveMaxPool2d(0), ArgumentError, /^adaptiveMaxPool2d: size 0 must be/);
  refuses(() => nn.adaptiveAvgPool1d(2).forward(upload(volumes)), ShapeError, /needs sequences/);
});

test('zero padding, by one width, one an axis or one a side', async () => {
  const padded = (x: NdArray, sides: number[]) =>
    x.pad(
      [0, ...sides.filter((_, i) => i % 2 === 0), 0],
      [0, ...sides.filter((_, i) => i % 2 === 1), 0],
    );
  assertSame(await result(nn.zeroPadding1d(), sequences), padded(sequences, [1, 1]));
  assertSame(await result(nn.zeroPadding1d([2, 0]), sequences), padded(sequences, [2, 0]));
  assertSame(await result(nn.zeroPadding3d(2), volumes), padded(volumes, [2, 2, 2, 2, 2, 2]));
  assertSame(
    await result(nn.zeroPadding3d([1, 0, 2]), volumes),
    padded(volumes, [1, 1, 0, 0, 2, 2]),
  );
  const sides = [1, 0, 2, 1, 0, 3] as const;
  assertSame(await result(nn.zeroPadding3d(sides), volumes), padded(volumes, [...sides]));
});

test('upsampling repeats', async () => {
  const repeated = (x: NdArray, factors: number[]) =>
    NdArray.build(
      x.shape.map((size, axis) => size * (factors[axis - 1] ?? 1)),
      (index) => x.at(...index.map((at, axis) => Math.floor(at / (factors[axis - 1] ?? 1)))),
    );
  assertSame(await result(nn.upsampling1d(3), sequences), repeated(sequences, [3]));
  assertSame(await result(nn.upsampling3d([2, 1, 3]), volumes), repeated(volumes, [2, 1, 3]));
});

test('what does not fit', () => {
  refuses(() => nn.maxPool1d(0), ArgumentError, /^maxPool1d: poolSize 0 must be/);
  refuses(() => nn.avgPool3d(2).forward(upload(sequences)), ShapeError, /needs volumes/);
  refuses(() => nn.globalMaxPool1d().forward(upload(volumes)), ShapeError, /needs sequences/);
  refuses(() => nn.zeroPadding1d(-1), ShapeError, /^zeroPadding1d: padding -1/);
  refuses(() => nn.upsampling3d([2, 2] as never), ArgumentError, /^upsampling3d: size/);
});

test.run();
