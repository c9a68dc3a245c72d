import { ShapeError } from '../../../errors.ts';
import { checkShape } from '../../shape.ts';

/** @throws ShapeError where it is no [height, width] in pixels. */
export function requireSize(op: string, size: readonly number[]): void {
  checkShape(op, size);
  if (size.length === 2) return;
  throw new ShapeError(`${op}: the size must be [height, width], got [${size}].`);
}
