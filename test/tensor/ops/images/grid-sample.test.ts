import { suite } from 'uvu';
import {
  ArgumentError,
  DTypeError,
  type GridSampleOptions,
  gridSample,
  ShapeError,
  type Tensor,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { gridSampled } from '../../../reference/images.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: gridSample');

const ways: GridSampleOptions[] = (['bilinear', 'nearest', 'bicubic'] as const).flatMap((mode) =>
  (['zeros', 'border', 'reflection'] as const).flatMap((paddingMode) =>
    [false, true].map((alignCorners) => ({ mode, paddingMode, alignCorners })),
  ),
);

test('images and volumes, at places within and beyond', async () => {
  for (const options of ways) {
    for (const sizes of [[5, 4], [1, 3], ...(options.mode === 'bicubic' ? [] : [[3, 2, 4]])]) {
      const x = spread([2, ...sizes, 3], 1, [-2, 2]);
      const grid = spread([2, ...sizes.map((_, i) => 3 + i), sizes.length], 2, [-1.9, 1.9]);
      assertClose(
        await download(gridSample(upload(x), upload(grid), options)),
        gridSampled(x, grid, options),
        { relative: 1e-5, scale: 4 },
        `${sizes} ${JSON.stringify(options)}`,
      );
    }
  }
});

/** Pixels 0 to 5 in two rows at the corners, the middle, beside a pixel and outside. */
const image = new NdArray([1, 2, 3, 1], [0, 1, 2, 3, 4, 5]);
const places = new NdArray([1, 1, 5, 2], [-1, -1, 1, 1, 0, 0, 0.5, -0.5, 1.5, 0]);

test('as PyTorch 1.13 reads them', async () => {
  const known: [GridSampleOptions, number[]][] = [
    [{}, [0.0, 1.25, 2.5, 1.75, 0.0]],
    [{ alignCorners: true }, [0.0, 5.0, 2.5, 2.25, 1.75]],
    [{ paddingMode: 'reflection' }, [0.0, 5.0, 2.5, 1.75, 3.25]],
    [{ mode: 'bicubic', paddingMode: 'border' }, [-0.375, 5.375, 2.5, 1.808594, 3.5]],
  ];
  for (const [options, expected] of known) {
    const found = await download(gridSample(upload(image), upload(places), options));
    assertClose(found, new NdArray([1, 1, 5, 1], expected), { relative: 1e-6, scale: 5 });
  }
});

test('an infinite pixel beside the one that is read adds nothing', async () => {
  const x = new NdArray([1, 1, 3, 1], [1, Number.POSITIVE_INFINITY, 3]);
  const grid = new NdArray([1, 1, 3, 2], [-1, 0, 1, 0, 0.5, 0]);
  const found = gridSample(upload(x), upload(grid), { alignCorners: true, paddingMode: 'border' });
  assertSame(await download(found), new NdArray([1, 1, 3, 1], [1, 3, Number.POSITIVE_INFINITY]));
});

test('gradients of images and of places', async () => {
  const x = spread([1, 4, 5, 2], 1, [-2, 2]);
  // Away from where lines meet.
  const grid = new NdArray([1, 2, 2, 2], [-0.71, -0.33, 0.12, 0.87, 0.53, -0.94, 1.13, 0.21]);
  for (const options of ways) {
    const ofImages = {
      name: JSON.stringify(options),
      f: (a: Tensor) => gridSample(a.mul(a), upload(grid), options),
      reference: (a: NdArray) =>
        gridSampled(
          a.map((v) => v * v),
          grid,
          options,
        ),
      inputs: [x],
    };
    await assertGradients(ofImages);
    if (options.mode === 'nearest') continue;
    const ofBoth = {
      ...ofImages,
      f: (a: Tensor, at: Tensor) => gridSample(a, at, options),
      reference: (a: NdArray, at: NdArray) => gridSampled(a, at, options),
      inputs: [x, grid],
      relative: 1e-3,
    };
    await assertGradients(ofBoth);
    if (options.alignCorners) await assertSecondGradients(ofBoth);
  }
});

test('nothing to read', async () => {
  const none = gridSample(upload(new NdArray([1, 2, 2, 3])), upload(new NdArray([1, 0, 2, 2])));
  assertSame(await download(none), new NdArray([1, 0, 2, 3], []));
});

test('what does not fit', () => {
  const x = upload(new NdArray([1, 2, 2, 3]));
  const grid = upload(new NdArray([1, 4, 4, 2]));
  const volume = upload(new NdArray([1, 2, 2, 2, 3]));
  const places = upload(new NdArray([1, 4, 4, 4, 3]));
  refuses(() => gridSample(x, places), ShapeError, /^gridSample: needs images .*\[1,4,4,4,3\]/);
  refuses(() => gridSample(x, upload(new NdArray([2, 4, 4, 2]))), ShapeError, /^gridSample/);
  refuses(() => gridSample(upload(new NdArray([1, 0, 2, 3])), grid), ShapeError, /have pixels/);
  refuses(() => gridSample(x, grid.cast('i32')), DTypeError, /^gridSample takes f32/);
  refuses(
    () => gridSample(x, grid, { mode: 'linear' as 'bilinear' }),
    ArgumentError,
    /^gridSample: mode 'linear'/,
  );
  refuses(
    () => gridSample(x, grid, { paddingMode: 'edge' as 'border' }),
    ArgumentError,
    /^gridSample: paddingMode 'edge'/,
  );
  refuses(
    () => gridSample(volume, places, { mode: 'bicubic' }),
    ArgumentError,
    /^gridSample: volumes/,
  );
});

test.run();
