import fc from 'fast-check';
import { suite } from 'uvu';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  extractPatches,
  fold,
  type PatchOptions,
  ShapeError,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: fold');

interface Layout {
  readonly strides: number;
  readonly dilations: number;
  readonly padding: number;
}

/** Each element of each patch, added to the pixel where it belongs. */
function folded(x: NdArray, h: number, w: number, window: number, layout: Layout): NdArray {
  const { strides, dilations, padding } = layout;
  const [n, rows, columns, taps] = x.shape as [number, number, number, number];
  const c = taps / window ** 2;
  const out = new NdArray([n, h, w, c]);
  x.data.forEach((value, at) => {
    const [tap, place] = [at % taps, Math.floor(at / taps)];
    const [row, column] = [Math.floor(place / columns) % rows, place % columns];
    const [ky, kx] = [Math.floor(tap / c / window), Math.floor(tap / c) % window];
    const y = row * strides + ky * dilations - padding;
    const z = column * strides + kx * dilations - padding;
    if (y < 0 || y >= h || z < 0 || z >= w) return;
    const i = Math.floor(place / (rows * columns));
    out.data[((i * h + y) * w + z) * c + (tap % c)]! += value;
  });
  return out;
}

const whole = (max: number, min = 1) => fc.integer({ min, max });

test('patches that overlap, lie apart or reach beyond the edge', async () => {
  await holds(
    [whole(9, 5), whole(9, 5), whole(3), whole(3), whole(2), whole(1, 0)],
    async (h, w, window, strides, dilations, padding) => {
      const options = { strides, dilations, padding };
      const { shape } = extractPatches(upload(new NdArray([2, h, w, 3])), window, options);
      const x = spread([...shape], 1, [-2, 2]);
      assertClose(
        await download(fold(upload(x), [h, w], window, options)),
        folded(x, h, w, window, options),
        { scale: 18 },
        JSON.stringify({ h, w, window, ...options }),
      );
    },
  );
});

test('what was taken apart side by side, put together', async () => {
  const x = spread([2, 6, 9, 2], 1, [-2, 2]);
  const patches = extractPatches(upload(x), [2, 3]);
  assertSame(await download(fold(patches, [6, 9], [2, 3])), x);
});

test('gradients', async () => {
  const options: PatchOptions = { strides: 1, padding: 1 };
  const subject = {
    name: 'fold',
    f: (x: AnyTensor) => fold(x.mul(x) as AnyTensor, [3, 4], 2, options),
    reference: (x: NdArray) =>
      folded(
        x.map((v) => v * v),
        3,
        4,
        2,
        { strides: 1, dilations: 1, padding: 1 },
      ),
    inputs: [spread([1, 4, 5, 8], 1, [-2, 2])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('what does not fit', () => {
  const x = upload(new NdArray([1, 2, 2, 8]));
  refuses(
    () => fold(x, [6, 4], 2),
    ShapeError,
    /^fold: images of 6×4 .*\[N, 3, 2, 4 · C\].*\[1,2,2,8\]/,
  );
  refuses(() => fold(upload(new NdArray([1, 2, 2, 7])), 4, 2), ShapeError, /^fold: images of 4×4/);
  refuses(() => fold(x, 0, 2), ShapeError, /^fold imageSize: 0/);
  refuses(() => fold(x.cast('f16'), 4, 2), DTypeError, /^fold takes f32/);
  refuses(() => fold(x, 4, 2, { step: 1 } as never), ArgumentError, /^fold: there is no option/);
});

test.run();
