import { requireChoice, requireOptions } from '../../../arguments.ts';
import { DTypeError, ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import {
  searchSorted as launchSearch,
  type SearchAttributes,
} from '../../../kernels/sorting/search-sorted.ts';
import { apply, type Op } from '../../op.ts';
import { requireDType } from '../../require-dtype.ts';
import { sameShape } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { zeros } from '../creation.ts';

const searchSortedOp: Op<[sorted: AnyTensor, values: AnyTensor], SearchAttributes> = {
  name: 'searchSorted',
  lowering: { kind: 'kernel', launch: launchSearch },
};

export interface SearchSortedOptions {
  /** Where among equal elements a value belongs: 'left' of them all, if left out, or 'right'. */
  readonly side?: 'left' | 'right';
}

/**
 * Where each of the values belongs in a row that is sorted, so that it stays so: i32 in the shape of
 * `values`. Sorted rows [..., n] take values [..., m] of the same leading axes; a single row takes values of
 * any shape. NaN is above all numbers.
 * @throws ShapeError where the leading axes differ.
 * @throws DTypeError where both are not of one dtype of f32, i32 and u32.
 * @throws ArgumentError where an option is not known, or `side` is neither 'left' nor 'right'.
 */
export function searchSorted(
  sorted: AnyTensor,
  values: AnyTensor,
  options: SearchSortedOptions = {},
): Tensor<Shape, 'i32'> {
  requireOptions('searchSorted', options, ['side']);
  const { side = 'left' } = options;
  requireChoice('searchSorted', { side }, ['left', 'right']);
  for (const one of [sorted, values])
    requireDType<DType>('searchSorted', one, ['f32', 'i32', 'u32']);
  if (sorted.dtype !== values.dtype) {
    throw new DTypeError(
      `searchSorted: sorted ${sorted.dtype} and values ${values.dtype} must be of one dtype. Use cast.`,
    );
  }
  const fits = sorted.rank === 1 || sameShape(sorted.shape.slice(0, -1), values.shape.slice(0, -1));
  const size = sorted.shape.at(-1);
  if (!fits || size === undefined) {
    throw new ShapeError(
      `searchSorted: sorted [${sorted.shape}] must be one row, or have the leading axes of values [${values.shape}].`,
    );
  }
  const type = { shape: values.shape, dtype: 'i32' } as const;
  if (values.size === 0 || size === 0) return zeros(type.shape, { dtype: 'i32' });
  const wanted = sorted.rank === 1 ? values.size : (values.shape.at(-1) ?? 1);
  return apply(searchSortedOp, [sorted, values], type, { size, wanted, right: side === 'right' });
}

/** The first place in a sorted row where each value could be put: {@link searchSorted} on the left. */
export function lowerBound(sorted: AnyTensor, values: AnyTensor): Tensor<Shape, 'i32'> {
  return searchSorted(sorted, values, { side: 'left' });
}

/** The last place in a sorted row where each value could be put: {@link searchSorted} on the right. */
export function upperBound(sorted: AnyTensor, values: AnyTensor): Tensor<Shape, 'i32'> {
  return searchSorted(sorted, values, { side: 'right' });
}
