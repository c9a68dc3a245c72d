import { requireList, requireWhole, shown } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { requireTensor } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { pad, requireWidths, reshape, slice, transpose, type Widths } from '../views.ts';

// Blocks of pixels moved between the axes of an image, channels last, as TensorFlow does.

/**
 * Images [N, H, W, C · b²] with b × b pixels made of each pixel's channels, [N, H · b, W · b, C].
 * @throws ShapeError where x has not four axes, or its channels do not make blocks.
 * @throws ArgumentError where the size of a block is not a whole number above 0.
 */
export function depthToSpace<D extends DType>(
  x: Tensor<Shape, D>,
  blockSize: number,
): Tensor<Shape, D> {
  const [n, h, w, c] = imagesOf('depthToSpace', x, blockSize);
  const channels = c / blockSize ** 2;
  if (!Number.isInteger(channels)) throw noBlocks('depthToSpace', x, blockSize);
  const apart = reshape(x, [n, h, w, blockSize, blockSize, channels]);
  return reshape(transpose(apart, [0, 1, 3, 2, 4, 5]), [n, h * blockSize, w * blockSize, channels]);
}

/**
 * Images [N, H, W, C] with the b × b pixels of each block side by side as channels of one pixel,
 * [N, H / b, W / b, C · b²], which is the inverse of `depthToSpace`.
 * @throws ShapeError where x has not four axes, or its sides do not make blocks.
 * @throws ArgumentError where the size of a block is not a whole number above 0.
 */
export function spaceToDepth<D extends DType>(
  x: Tensor<Shape, D>,
  blockSize: number,
): Tensor<Shape, D> {
  const [n, h, w, c] = imagesOf('spaceToDepth', x, blockSize);
  const [rows, columns] = [h / blockSize, w / blockSize];
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) {
    throw noBlocks('spaceToDepth', x, blockSize);
  }
  const apart = reshape(x, [n, rows, blockSize, columns, blockSize, c]);
  return reshape(transpose(apart, [0, 1, 3, 2, 4, 5]), [n, rows, columns, c * blockSize ** 2]);
}

function imagesOf(op: string, x: AnyTensor, blockSize: number) {
  requireTensor(op, x);
  requireWhole(op, { blockSize }, { from: 1 });
  const [n, h, w, c] = x.shape;
  if (n === undefined || h === undefined || w === undefined || c === undefined || x.rank !== 4) {
    throw new ShapeError(`${op}: takes images [N, H, W, C], got [${x.shape}].`);
  }
  return [n, h, w, c] as const;
}

function noBlocks(op: string, { shape }: AnyTensor, block: number | readonly number[]): ShapeError {
  return new ShapeError(`${op}: [${shape}] is not made of whole blocks of ${block}.`);
}

/**
 * Blocks of the axes behind the first, padded before, moved to the first: [N · Πb, …, rest].
 * @throws ShapeError where what is padded is not made of whole blocks, there are too few axes, or not two
 *   widths for each block.
 * @throws ArgumentError where the size of a block is not a whole number above 0.
 */
export function spaceToBatchND<D extends DType>(
  x: Tensor<Shape, D>,
  blockShape: readonly number[],
  paddings: Widths,
): Tensor<Shape, D> {
  const last = requireBlocks('spaceToBatchND', x, blockShape);
  requireWidths('spaceToBatchND', paddings, x.shape.slice(1, last));
  const widths = [[0, 0] as const, ...paddings, ...x.shape.slice(last).map(() => [0, 0] as const)];
  const wide = pad(x, widths);
  const counts = blockShape.map((block, i) => sizeOf(wide.shape, i + 1) / block);
  if (!counts.every(Number.isInteger)) throw noBlocks('spaceToBatchND', wide, blockShape);
  const batch = sizeOf(x.shape, 0);
  const rest = x.shape.slice(last);
  const apart = [batch, ...blockShape.flatMap((block, i) => [sizeOf(counts, i), block]), ...rest];
  const order = [
    ...blockShape.map((_, i) => 2 * i + 2),
    0,
    ...blockShape.map((_, i) => 2 * i + 1),
    ...rest.map((_, i) => 2 * blockShape.length + 1 + i),
  ];
  const moved = transpose(reshape(wide, apart), order);
  return reshape(moved, [batch * product(blockShape), ...counts, ...rest]);
}

/**
 * The inverse of `spaceToBatchND`: blocks of the first axis moved to those behind it, which are then cut
 * by `crops`.
 * @throws ShapeError where the first axis is not made of whole blocks, more is cut than there is, or there
 *   are not two widths for each block.
 * @throws ArgumentError where the size of a block is not a whole number above 0.
 */
export function batchToSpaceND<D extends DType>(
  x: Tensor<Shape, D>,
  blockShape: readonly number[],
  crops: Widths,
): Tensor<Shape, D> {
  const last = requireBlocks('batchToSpaceND', x, blockShape);
  const batch = sizeOf(x.shape, 0) / product(blockShape);
  if (!Number.isInteger(batch)) throw noBlocks('batchToSpaceND', x, blockShape);
  const [counts, rest] = [x.shape.slice(1, last), x.shape.slice(last)];
  const rank = blockShape.length;
  const order = [
    rank,
    ...blockShape.flatMap((_, i) => [rank + 1 + i, i]),
    ...rest.map((_, i) => 2 * rank + 1 + i),
  ];
  const moved = transpose(reshape(x, [...blockShape, batch, ...counts, ...rest]), order);
  const sizes = counts.map((count, i) => count * sizeOf(blockShape, i));
  requireWidths('batchToSpaceND', crops, sizes);
  const starts = crops.map(([before]) => before);
  const ends = crops.map(([, after], i) => sizeOf(sizes, i) - after);
  if (starts.some((start, i) => start > sizeOf(ends, i))) {
    throw new ShapeError(
      `batchToSpaceND: crops ${shown(crops)} are more than there is of [${sizes}].`,
    );
  }
  return slice(reshape(moved, [batch, ...sizes, ...rest]), [0, ...starts], [batch, ...ends]);
}

/** The axis behind those that are made of blocks. */
function requireBlocks(op: string, x: AnyTensor, blockShape: readonly number[]): number {
  requireTensor(op, x);
  requireList(op, blockShape, 'sizes of a block, such as [2, 2]');
  requireWhole(op, { blockShape }, { from: 1 });
  if (x.rank > blockShape.length) return blockShape.length + 1;
  throw new ShapeError(
    `${op}: [${x.shape}] has too few axes for blocks of [${blockShape}] behind the first.`,
  );
}
