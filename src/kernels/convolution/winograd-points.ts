import type { DeviceLimits } from '../../device/device.ts';
import { byteSize, type DType } from '../dtype.ts';
import { ceilDivide, input, launch, product, temporary } from '../launch.ts';
import { readsOfA } from '../matmul/operand-reads.ts';
import { mayPack } from '../matmul/packed-operand.ts';
import type { Preparation } from '../matmul/split-reduction.ts';
import { program } from '../program.ts';
import points from '../wgsl/convolution/winograd/points.wgsl';
import spreadGradient from '../wgsl/convolution/winograd/spread-gradient.wgsl';
import spreadImage from '../wgsl/convolution/winograd/spread-image.wgsl';
import tiles from '../wgsl/convolution/winograd/tiles.wgsl';
import each from '../wgsl/each.wgsl';
import type { Conv2dAttributes, Shape4 } from './geometry.ts';

// Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, "Fast algorithms for convolutional neural
// networks", 2016): a tile of 4 × 4 pixels takes 36 multiplications a channel and filter, where its
// definition has 144. The points are 0, 1, -1, 2, -1/2 and infinity, which round better than 0, ±1, ±2.

export const WORKGROUP = 64;
export const POINTS = 36;
/** Pixels of a tile along either axis. */
const TILE = 4;
/** So much of the time of the definition at most, as the memory for the points is worth something too. */
const WORTH = 0.85;

/** A convolution with a 3×3 filter that visits each pixel, of `source`; `result` is what is cut into tiles. */
export interface Problem {
  readonly source: Shape4;
  readonly result: Shape4;
  /** Pixels above and to the left that are 0. */
  readonly padding: readonly [top: number, left: number];
}

export function isThreeByThree([height, width]: Shape4, attributes: Conv2dAttributes): boolean {
  const { strides, dilations } = attributes;
  return height === 3 && width === 3 && product([...strides, ...dilations]) === 1;
}

/** The tiles that a result is cut into, by the names of parameters. */
export function tilesOf([images, height, width]: Shape4) {
  const tilesDown = ceilDivide(height, TILE);
  const tilesAcross = ceilDivide(width, TILE);
  return { tiles: images * tilesDown * tilesAcross, tilesDown, tilesAcross };
}

/**
 * Whether points are faster than the definition, by multiply-adds, and what else there is to do in the time
 * of so many, as measured. The products of a point are sums of so many steps.
 */
export function savesTime(
  { source, result, padding }: Problem,
  limits: DeviceLimits,
  steps: number,
): boolean {
  const [images, height, width, columns] = result;
  const depth = source[3];
  if (!limits.cpu || limits.slowLoads || depth % 8 !== 0 || columns % 8 !== 0) return false;
  const taps = product([
    tapsInside(height, source[1], padding[0]),
    tapsInside(width, source[2], padding[1]),
  ]);
  const { tiles } = tilesOf(result);
  const byDefinition = images * taps * depth * columns;
  const products = tiles * depth * columns * (1 + 10 / steps);
  const passes = tiles * (16 * depth + 10 * columns) + 8 * depth * columns;
  if (POINTS * (products + passes) > WORTH * byDefinition) return false;
  return [depth, columns].every((size) => mayPack(size, POINTS * tiles, limits));
}

/** How many taps of all pixels of a line meet one of the source. */
function tapsInside(pixels: number, length: number, padding: number): number {
  const meets = (tap: number) =>
    Math.min(pixels, length + padding - tap) - Math.max(0, padding - tap);
  return [0, 1, 2].reduce((sum, tap) => sum + Math.max(0, meets(tap)), 0);
}

/** What a pass makes of pixels at the points. */
export interface Spreading {
  /** An image, whose tiles overlap, or an output's gradient. */
  readonly of: 'image' | 'gradient';
  /** The number of the input and of the temporary. */
  readonly index: 0 | 1;
  readonly shape: Shape4;
  readonly padding: readonly [top: number, left: number];
  /** Whether for products along tiles, or along channels. */
  readonly packed: boolean;
  readonly dtype: DType | undefined;
}

/** Input `index` at the points of the tiles of `result`, into the temporary of that number. */
export function pointsOf(result: Shape4, spreading: Spreading): Preparation {
  const { of, index, shape, padding, packed, dtype } = spreading;
  const [, height, width, channels] = shape;
  const tiling = tilesOf(result);
  const vectors = channels / 4;
  const count = tiling.tiles * vectors;
  const stride = packed ? pointStride(tiling.tiles, channels) : channels;
  const spread = of === 'image' ? spreadImage : spreadGradient;
  return {
    launch: launch({
      program: program(`conv2d_winograd_${of}`, each, { WORKGROUP, PACKED: Number(packed) }, [
        readsOfA(dtype),
        tiles,
        spread,
        points,
      ]),
      bindings: { a: input(index), points: temporary(index) },
      params: {
        ...tiling,
        ...{ count, vectors, pointVectors: stride / 4 },
        ...{ height, width, paddingY: padding[0], paddingX: padding[1] },
      },
      workgroups: ceilDivide(count, WORKGROUP),
    }),
    bytes: byteSize(POINTS * (packed ? stride : count * 4), 'f32'),
  };
}

/**
 * Elements from one point to the next, of a matrix for each: a line more than they are, lest all fall into one
 * set of a cache.
 */
export function pointStride(rows: number, columns: number): number {
  return rows * columns + 16;
}
