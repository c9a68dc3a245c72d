import { NdArray } from './array.ts';

type Shape4 = [number, number, number, number];

/** Every element `factors` times, down and across. */
export function nearest(x: NdArray, [down, across]: readonly [number, number]): NdArray {
  const [n, h, w, c] = x.shape as unknown as Shape4;
  return NdArray.build([n, h * down, w * across, c], ([i, y, z, k]) =>
    x.at(i!, Math.floor(y! / down), Math.floor(z! / across), k!),
  );
}

/** Straight lines between the centres of elements; constant beyond the outermost ones. */
export function bilinear(x: NdArray, [down, across]: readonly [number, number]): NdArray {
  const [n, h, w, c] = x.shape as unknown as Shape4;
  return NdArray.build([n, h * down, w * across, c], ([i, y, z, k]) => {
    const [top, bottom, dy] = neighbours((y! + 0.5) / down - 0.5, h);
    const [left, right, dz] = neighbours((z! + 0.5) / across - 0.5, w);
    const upper = x.at(i!, top, left, k!) * (1 - dz) + x.at(i!, top, right, k!) * dz;
    const lower = x.at(i!, bottom, left, k!) * (1 - dz) + x.at(i!, bottom, right, k!) * dz;
    return upper * (1 - dy) + lower * dy;
  });
}

function neighbours(place: number, size: number): [number, number, number] {
  const inside = Math.min(Math.max(place, 0), size - 1);
  const low = Math.floor(inside);
  return [low, Math.min(low + 1, size - 1), inside - low];
}

/** Zeros around images: top, bottom, left, right. */
export function zeroPadded(x: NdArray, sides: readonly [number, number, number, number]): NdArray {
  const [n, h, w, c] = x.shape as unknown as Shape4;
  const [top, bottom, left, right] = sides;
  return NdArray.build([n, h + top + bottom, w + left + right, c], ([i, y, z, k]) => {
    const [row, column] = [y! - top, z! - left];
    return row < 0 || row >= h || column < 0 || column >= w ? 0 : x.at(i!, row, column, k!);
  });
}

interface Resize {
  readonly alignCorners?: boolean;
  readonly halfPixelCenters?: boolean;
}

/** How many pixels there are to one of the result. */
function ratioOf(there: number, wanted: number, { alignCorners = false }: Resize): number {
  return alignCorners && wanted > 1 ? (there - 1) / (wanted - 1) : there / wanted;
}

/** Images in another size, by straight lines between pixels, as TensorFlow.js places them. */
export function resizedBilinear(
  x: NdArray,
  [height, width]: readonly [number, number],
  options: Resize = {},
): NdArray {
  const [n, h, w, c] = x.shape as unknown as Shape4;
  const half = options.halfPixelCenters ? 0.5 : 0;
  return NdArray.build([n, height, width, c], ([i, y, z, k]) =>
    between(
      x,
      i!,
      (y! + half) * ratioOf(h, height, options) - half,
      (z! + half) * ratioOf(w, width, options) - half,
      k!,
    ),
  );
}

/** The value at a place between four pixels. */
function between(x: NdArray, i: number, row: number, column: number, k: number): number {
  const [top, bottom, dy] = neighbours(row, x.shape[1]!);
  const [left, right, dx] = neighbours(column, x.shape[2]!);
  const upper = x.at(i, top, left, k) * (1 - dx) + x.at(i, top, right, k) * dx;
  const lower = x.at(i, bottom, left, k) * (1 - dx) + x.at(i, bottom, right, k) * dx;
  return upper * (1 - dy) + lower * dy;
}

/** Images in another size, each pixel that of the nearest place, as TensorFlow.js finds it. */
export function resizedNearest(
  x: NdArray,
  [height, width]: readonly [number, number],
  options: Resize = {},
): NdArray {
  const [n, h, w, c] = x.shape as unknown as Shape4;
  const round = options.alignCorners ? Math.round : Math.floor;
  const half = options.halfPixelCenters ? 0.5 : 0;
  const nearestOf = (pixel: number, there: number, wanted: number) =>
    Math.min(round((pixel + half) * ratioOf(there, wanted, options)), there - 1);
  return NdArray.build([n, height, width, c], ([i, y, z, k]) =>
    x.at(i!, nearestOf(y!, h, height), nearestOf(z!, w, width), k!),
  );
}

/** The part of an image in each box, in one size. */
export function cropped(
  images: NdArray,
  boxes: NdArray,
  indices: NdArray,
  [height, width]: readonly [number, number],
  { method = 'bilinear', extrapolationValue = 0 } = {},
): NdArray {
  const [, h, w, c] = images.shape as unknown as Shape4;
  const placeIn = (from: number, to: number, pixel: number, wanted: number, there: number) =>
    (wanted > 1 ? from + ((to - from) * pixel) / (wanted - 1) : (from + to) / 2) * (there - 1);
  return NdArray.build([boxes.shape[0]!, height, width, c], ([b, y, z, k]) => {
    const row = placeIn(boxes.at(b!, 0), boxes.at(b!, 2), y!, height, h);
    const column = placeIn(boxes.at(b!, 1), boxes.at(b!, 3), z!, width, w);
    if (row < 0 || row > h - 1 || column < 0 || column > w - 1) return extrapolationValue;
    const i = indices.data[b!]!;
    return method === 'nearest'
      ? images.at(i, Math.round(row), Math.round(column), k!)
      : between(images, i, row, column, k!);
  });
}

interface GridSample {
  readonly mode?: 'bilinear' | 'nearest' | 'bicubic';
  readonly paddingMode?: 'zeros' | 'border' | 'reflection';
  readonly alignCorners?: boolean;
}

/** Where a place outside is mirrored to, one reflection after the other. */
function mirrored(place: number, size: number, corners: boolean): number {
  const [low, high] = corners ? [0, size - 1] : [-0.5, size - 0.5];
  if (high === low) return 0;
  let inside = place;
  while (inside < low || inside > high)
    inside = inside < low ? 2 * low - inside : 2 * high - inside;
  return Math.min(Math.max(inside, 0), size - 1);
}

/** Keys' convolution with a = −¾. */
function cubicWeight(distance: number): number {
  const [d, a] = [Math.abs(distance), -0.75];
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * (d ** 3 - 5 * d ** 2 + 8 * d - 4) : 0;
}

/** Images [N, …, C] at the places of a grid, as the sum over all whole places near each. */
export function gridSampled(x: NdArray, grid: NdArray, options: GridSample = {}): NdArray {
  const { mode = 'bilinear', paddingMode = 'zeros', alignCorners = false } = options;
  const sizes = x.shape.slice(1, -1);
  const weightOf = (distance: number) =>
    mode === 'bicubic' ? cubicWeight(distance) : Math.max(0, 1 - Math.abs(distance));
  const bound = (place: number, size: number) =>
    paddingMode === 'reflection'
      ? mirrored(place, size, alignCorners)
      : Math.min(Math.max(place, 0), size - 1);
  return NdArray.build([...grid.shape.slice(0, -1), x.shape.at(-1)!], (index) => {
    const [at, channel] = [index.slice(0, -1), index.at(-1)!];
    const places = sizes.map((size, axis) => {
      const share = grid.at(...at, sizes.length - 1 - axis);
      const place = alignCorners ? ((share + 1) / 2) * (size - 1) : ((share + 1) * size - 1) / 2;
      return paddingMode === 'zeros' || mode === 'bicubic' ? place : bound(place, size);
    });
    const pixel = (whole: readonly number[]) => {
      const isOutside = whole.some((place, axis) => place < 0 || place >= sizes[axis]!);
      if (paddingMode === 'zeros' && isOutside) return 0;
      return x.at(at[0]!, ...whole.map((place, axis) => bound(place, sizes[axis]!)), channel);
    };
    if (mode === 'nearest') return pixel(places.map(Math.round));
    let sum = 0;
    const add = (whole: readonly number[], weight: number): void => {
      const axis = whole.length;
      if (axis === sizes.length) {
        sum += weight * pixel(whole);
        return;
      }
      const [place, first] = [places[axis]!, Math.floor(places[axis]!) - 1];
      for (let tap = first; tap < first + 4; tap++)
        add([...whole, tap], weight * weightOf(place - tap));
    };
    add([], 1);
    return sum;
  });
}
