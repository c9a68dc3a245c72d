import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  cropAndResize,
  DTypeError,
  type ResizeOptions,
  resizeBilinear,
  resizeNearestNeighbor,
  rgbToGrayscale,
  ShapeError,
  type Tensor,
  tensor,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { cropped, resizedBilinear, resizedNearest } from '../../../reference/images.ts';
import { choices, spread, whole } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: images');

const side = fc.integer({ min: 1, max: 9 });
const ways: readonly ResizeOptions[] = [{}, { alignCorners: true }, { halfPixelCenters: true }];
const sides = fc.tuple(side, side, side, side, fc.integer({ min: 1, max: 3 }));

test('resizing between pixels, to the nearest one, and of one image', async () => {
  await holds([sides, choices], async ([h, w, height, width, c], pick) => {
    const options = ways[pick[0]! % 3]!;
    const x = spread([2, h, w, c], pick[1]!, [-9, 9]);
    const name = `[${h}, ${w}] to [${height}, ${width}] ${JSON.stringify(options)}`;
    assertClose(
      await download(resizeBilinear(upload(x), [height, width], options)),
      resizedBilinear(x, [height, width], options),
      { relative: 1e-5, scale: 9 },
      name,
    );
    const bytes = whole([h, w, c], pick[2]!, 0, 255);
    assertSame(
      await download(resizeNearestNeighbor(upload(bytes, 'u8'), [height, width], options)),
      resizedNearest(bytes.reshape([1, h, w, c]), [height, width], options).reshape([
        height,
        width,
        c,
      ]),
      name,
    );
  });
});

test('known results: 2 × 2 pixels enlarged', async () => {
  const x = tensor([
    [
      [[1], [2]],
      [[3], [4]],
    ],
  ]);
  const rows = async (options: ResizeOptions) =>
    (await download(resizeBilinear(x, [1, 4], options))).reshape([4]);
  assertClose(await rows({}), new NdArray([4], [1, 1.5, 2, 2]));
  assertClose(await rows({ alignCorners: true }), new NdArray([4], [1, 4 / 3, 5 / 3, 2]));
  assertClose(await rows({ halfPixelCenters: true }), new NdArray([4], [2, 2.25, 2.75, 3]));
});

test('gradients of resizing', async () => {
  for (const options of ways) {
    for (const [name, resize, reference] of [
      ['bilinear', resizeBilinear, resizedBilinear],
      ['nearest', resizeNearestNeighbor, resizedNearest],
    ] as const) {
      const subject = {
        name,
        f: (x: Tensor) => resize(x.mul(x), [5, 2], options),
        reference: (x: NdArray) =>
          reference(
            x.map((v) => v * v),
            [5, 2],
            options,
          ),
        inputs: [spread([1, 3, 4, 2], 1, [-2, 2])],
      };
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  }
});

test('crops, within the image and beyond, flipped ones too', async () => {
  await holds([sides, choices], async ([h, w, height, width, c], pick) => {
    const images = spread([2, h, w, c], pick[0]!, [-9, 9]);
    const boxes = spread([4, 4], pick[1]!, [-0.2, 1.2]);
    const indices = whole([4], pick[2]!, 0, 1);
    for (const method of ['bilinear', 'nearest'] as const) {
      const options = { method, extrapolationValue: 7 };
      const actual = cropAndResize(
        upload(images),
        upload(boxes),
        upload(indices, 'i32'),
        [height, width],
        options,
      );
      const expected = cropped(images, boxes, indices, [height, width], options);
      assertClose(await download(actual), expected, { relative: 1e-5, scale: 50 }, method);
    }
  });
});

test('a box from 0 to 1 is the image, and one that is swapped its mirror image', async () => {
  const x = spread([1, 7, 5, 2], 1, [-9, 9]);
  const boxes = tensor([
    [0, 0, 1, 1],
    [1, 1, 0, 0],
  ]);
  const both = cropAndResize(upload(x), boxes, tensor([0, 0], { dtype: 'i32' }), [7, 5]);
  const found = await download(both);
  assertClose(found.slice([0, 0, 0, 0], x.shape), x, { relative: 1e-5, scale: 9 });
  const mirrored = await download(upload(x).flip([1, 2]));
  assertClose(found.slice([1, 0, 0, 0], x.shape), mirrored, { relative: 1e-5, scale: 9 });
});

test('an image index computed on the device that is out of range gives zeros', async () => {
  const indices = tensor([-1, 2], { dtype: 'i32' }).add(0);
  const box = tensor([
    [0, 0, 1, 1],
    [0, 0, 1, 1],
  ]);
  const crops = cropAndResize(upload(spread([2, 3, 3, 1], 1, [1, 2])), box, indices, [2, 2]);
  assertSame(await download(crops), NdArray.full([2, 2, 2, 1], 0));
});

test('gradients of crops, of images and of boxes', async () => {
  const indices = new NdArray([2], [1, 0]);
  // Places between pixels, where lines are smooth.
  const boxes = new NdArray([2, 4], [0.11, 0.07, 0.83, 0.94, 0.77, 0.13, 0.19, 0.71]);
  const subject = {
    name: 'cropAndResize',
    f: (x: Tensor, at: Tensor) => cropAndResize(x.mul(x), at, upload(indices, 'i32'), [2, 3]),
    reference: (x: NdArray, at: NdArray) =>
      cropped(
        x.map((v) => v * v),
        at,
        indices,
        [2, 3],
      ),
    inputs: [spread([2, 4, 5, 2], 1, [-2, 2]), boxes],
    relative: 1e-3,
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('brightness of colours', async () => {
  const x = spread([2, 3, 3], 1, [-9, 9]);
  const weights = [0.2989, 0.587, 0.114];
  const grey = (of: NdArray) =>
    NdArray.build([...of.shape.slice(0, -1), 1], (index) =>
      weights.reduce((sum, weight, k) => sum + weight * of.at(...index.slice(0, -1), k), 0),
    );
  assertClose(await download(rgbToGrayscale(upload(x))), grey(x), { relative: 1e-6, scale: 9 });
  const bytes = new NdArray([2, 3], [255, 0, 0, 10, 200, 30]);
  const found = await download(rgbToGrayscale(upload(bytes, 'u8')) as AnyTensor);
  assertSame(found, grey(bytes).map(Math.floor));
  const halves = rgbToGrayscale(tensor([[8, 0, 0]], { dtype: 'f16' }));
  assert.is(halves.dtype, 'f16');
  assertClose(await download(halves as AnyTensor), NdArray.from([[8 * 0.2989]]), {
    relative: 1e-3,
  });
  const subject = {
    name: 'rgbToGrayscale',
    f: (a: Tensor) => rgbToGrayscale(a.mul(a)),
    reference: (a: NdArray) => grey(a.map((v) => v * v)),
    inputs: [x],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('an infinite pixel spreads to those that it has a share in alone', async () => {
  const inf = Number.POSITIVE_INFINITY;
  const x = upload(new NdArray([3, 1, 1], [1, inf, 3]));
  const wide = await download(resizeBilinear(x, [5, 1], { alignCorners: true }));
  assertSame(wide, new NdArray([5, 1, 1], [1, inf, inf, inf, 3]));
  assertSame(await download(resizeBilinear(x, [3, 1])), new NdArray([3, 1, 1], [1, inf, 3]));
  const crop = cropAndResize(
    x.unsqueeze(0),
    tensor([[0, 0, 1, 0]]),
    tensor([0], { dtype: 'i32' }),
    [5, 1],
  );
  assertSame(await download(crop), new NdArray([1, 5, 1, 1], [1, inf, inf, inf, 3]));
});

test('nothing to compute', async () => {
  const none = resizeBilinear(tensor([[[[1]]]]), [0, 3]);
  assertSame(await download(none), new NdArray([1, 0, 3, 1], []));
});

test('what does not fit', () => {
  const x = upload(new NdArray([1, 2, 2, 3]));
  const both = { alignCorners: true, halfPixelCenters: true };
  refuses(() => resizeBilinear(x, [3, 3], both), ArgumentError, /^resizeBilinear: .*exclude/);
  refuses(
    () => resizeNearestNeighbor(upload(new NdArray([2, 2])), [3, 3]),
    ShapeError,
    /^resizeNearestNeighbor: needs images .*got \[2,2\]/,
  );
  refuses(() => resizeBilinear(x, [-1, 3]), ShapeError, /^resizeBilinear/);
  for (const resize of [resizeBilinear, resizeNearestNeighbor]) {
    const options = null as never;
    refuses(
      () => resize(x, [3, 3], options),
      ArgumentError,
      /^resize\w+: options must be an object/,
    );
  }
  const size = (...sides: number[]) => sides as unknown as [number, number];
  refuses(() => resizeBilinear(x, size(3)), ShapeError, /^resizeBilinear: .*\[height, width\]/);
  refuses(
    () => resizeNearestNeighbor(x, size(3, 3, 3)),
    ShapeError,
    /^resizeNearestNeighbor: .*got/,
  );
  refuses(
    () => resizeBilinear(upload(new NdArray([1, 0, 2, 1])), [1, 1]),
    ShapeError,
    /have pixels/,
  );
  const at = (n: number) => tensor([n], { dtype: 'i32' });
  const box = upload(new NdArray([1, 4]));
  refuses(() => cropAndResize(x, box, at(1), [2, 2]), ShapeError, /^cropAndResize: index 1 is out/);
  refuses(
    () => cropAndResize(x, upload(new NdArray([1, 3])), at(0), [2, 2]),
    ShapeError,
    /^cropAndResize: needs boxes \[n, 4\].*got \[1,3\]/,
  );
  refuses(
    () => cropAndResize(upload(new NdArray([2, 2, 3])), box, at(0), [2, 2]),
    ShapeError,
    /^cropAndResize: needs images/,
  );
  refuses(
    () => cropAndResize(x, box, at(0), [2, 2], { method: 'cubic' as 'nearest' }),
    ArgumentError,
    /^cropAndResize: method 'cubic'/,
  );
  refuses(() => cropAndResize(x, box, at(0), size(2)), ShapeError, /^cropAndResize: the size must/);
  refuses(
    () => cropAndResize(x, tensor(1), at(0), [2, 2]),
    ShapeError,
    /^cropAndResize: needs boxes/,
  );
  refuses(
    () => cropAndResize(x, box, undefined as never, [2, 2]),
    ArgumentError,
    /^cropAndResize: .*undefined/,
  );
  refuses(() => cropAndResize(x, box, box, [2, 2]), ShapeError, /^cropAndResize: needs boxes/);
  refuses(
    () => cropAndResize(x, box, tensor([0]), [2, 2]),
    DTypeError,
    /^cropAndResize: indices must be i32/,
  );
  refuses(() => rgbToGrayscale(upload(new NdArray([2, 4]))), ShapeError, /^rgbToGrayscale/);
  refuses(() => rgbToGrayscale(upload(new NdArray([1, 3]), 'bool')), DTypeError, /^rgbToGrayscale/);
});

test.run();
