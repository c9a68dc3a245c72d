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
