import { requireNumber, requireOptions } from '../../../arguments.ts';
import { requireDType } from '../../require-dtype.ts';
import { checkShape } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { full, positions } from '../creation.ts';
import { unsqueeze } from '../views.ts';
import { where } from '../where.ts';

export interface OneHotOptions {
  /** What stands at each index, 1 if left out. */
  readonly onValue?: number;
  /** What stands elsewhere, 0 if left out. */
  readonly offValue?: number;
}

/**
 * `onValue` at each index, `offValue` elsewhere, along a new last axis of `depth`, f32. An index out of
 * range has `offValue` alone.
 * @throws ShapeError where the depth is not a whole number of 0 or more.
 * @throws DTypeError where indices are no whole numbers.
 */
export function oneHot(indices: AnyTensor, depth: number, options: OneHotOptions = {}): Tensor {
  requireOptions('oneHot', options, ['onValue', 'offValue']);
  const { onValue = 1, offValue = 0 } = options;
  requireNumber('oneHot', { onValue, offValue });
  checkShape('oneHot', [depth]);
  requireDType('oneHot', indices, ['i32', 'u32', 'u8']);
  const whole = cast(indices, 'i32');
  const isHot = unsqueeze(whole, -1).equal(positions([depth], 'i32'));
  if (onValue === 1 && offValue === 0) return cast(isHot, 'f32');
  return where(isHot, full([], onValue), full([], offValue));
}
