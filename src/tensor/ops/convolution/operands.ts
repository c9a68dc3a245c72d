import { ShapeError } from '../../../errors.ts';
import { sizeOf } from '../../shape.ts';
import type { AnyTensor } from '../../tensor.ts';
import { IMAGES } from '../window.ts';

type Axes = keyof typeof IMAGES;

/**
 * Images and filters [window, C / groups, O].
 * @throws ShapeError where one has another number of axes, their channels or the groups do not match,
 * or filters have no elements to sum over.
 */
export function requireOperands(
  op: string,
  axes: Axes,
  x: AnyTensor,
  filter: AnyTensor,
  groups: number,
): void {
  requireRanks(op, axes, 'C, O', x, filter);
  const { images, window } = IMAGES[axes];
  const [channels, perGroup] = [sizeOf(x.shape, -1), sizeOf(filter.shape, -2)];
  const outputs = sizeOf(filter.shape, -1);
  if (!areGroups(groups, outputs) || perGroup * groups !== channels) {
    throw new ShapeError(
      `${op}: ${images} [${x.shape}] have ${channels} channels and filters [${filter.shape}] take ${perGroup} in ${groups} group(s) ` +
        `of ${outputs} outputs. Filters are [${window}, C / groups, O], with O a multiple of groups.`,
    );
  }
  requireElements(op, axes, filter);
}

/**
 * Images and filters [window, O / groups, C] of a transposed convolution.
 * @throws ShapeError where one has another number of axes, their channels or the groups do not match,
 * or filters have no elements.
 */
export function requireTransposedOperands(
  op: string,
  axes: Axes,
  x: AnyTensor,
  filter: AnyTensor,
  groups: number,
): void {
  requireRanks(op, axes, 'O, C', x, filter);
  const channels = sizeOf(x.shape, -1);
  if (!areGroups(groups, channels) || sizeOf(filter.shape, -1) !== channels) {
    const { images, layout, window } = IMAGES[axes];
    throw new ShapeError(
      `${op}: needs ${images} ${layout} and filters [${window}, O / groups, C], C a multiple of ${groups} group(s); ` +
        `got [${x.shape}] and [${filter.shape}].`,
    );
  }
  requireElements(op, axes, filter);
}

function areGroups(groups: number, channels: number): boolean {
  return Number.isInteger(groups) && groups >= 1 && channels % groups === 0;
}

function requireRanks(op: string, axes: Axes, last: string, x: AnyTensor, filter: AnyTensor): void {
  if (x.rank === axes + 2 && filter.rank === axes + 2) return;
  const { images, layout, window } = IMAGES[axes];
  throw new ShapeError(
    `${op}: needs ${images} ${layout} and filters [${window}, ${last}], got [${x.shape}] and [${filter.shape}].`,
  );
}

function requireElements(op: string, axes: Axes, { shape }: AnyTensor): void {
  if (shape.slice(0, axes).every((size) => size > 0)) return;
  throw new ShapeError(
    `${op}: filters [${shape}] have no elements to sum over: ${IMAGES[axes].window} must be 1 or more.`,
  );
}
