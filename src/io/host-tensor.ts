import { inWords } from '../arguments.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import type { DType, HostArray } from '../kernels/dtype.ts';
import { halfRounded } from '../kernels/half.ts';

/** A tensor's contents on the host, as files hold them. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Row-major: f32 and f16 as Float32Array, i32 as Int32Array, u32 as Uint32Array, u8 and bool as Uint8Array. */
  readonly data: HostArray;
}

const arrays = {
  f32: Float32Array,
  f16: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  u8: Uint8Array,
  bool: Uint8Array,
} as const;

/** The host array of a dtype, all zeros. @throws RangeError where there is no memory for it. */
export function emptyArray(dtype: DType, length: number): HostArray {
  return new arrays[dtype](length);
}

/**
 * Refuses a tensor whose parts do not belong together.
 * @throws ShapeError, DTypeError; ArgumentError for a bool that is neither 0 nor 1, and for an f16 that
 * is none.
 */
export function checkHostTensor(name: string, tensor: HostTensor): void {
  if (!Array.isArray(tensor?.shape)) {
    throw new ShapeError(
      `Tensor '${name}' must be { shape, dtype, data }; got ${inWords(tensor)}.`,
    );
  }
  const { shape, dtype, data } = tensor;
  const expected = arrays[dtype];
  if (!expected || !(data instanceof expected)) {
    throw new DTypeError(
      `Tensor '${name}' is said to be ${dtype}, but its data is ${data?.constructor.name}. ` +
        `Give ${expected ? `a ${expected.name}` : `one of the dtypes ${Object.keys(arrays).join(', ')}`}.`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.some((length) => !Number.isSafeInteger(length) || length < 0) || size !== data.length) {
    throw new ShapeError(
      `Tensor '${name}' has ${data.length} elements, which do not fill its shape [${shape}].`,
    );
  }
  if (dtype === 'bool' && data.some((value) => value > 1)) {
    throw new ArgumentError(`Tensor '${name}' is bool, so its elements must be 0 or 1.`);
  }
  const odd =
    dtype === 'f16' ? data.find((value) => !Object.is(value, halfRounded(value))) : undefined;
  if (odd !== undefined) {
    throw new ArgumentError(
      `Tensor '${name}' is f16 and holds ${odd}, which no f16 is. Round it: await tensor(data, shape, { dtype: 'f16' }).data().`,
    );
  }
}
