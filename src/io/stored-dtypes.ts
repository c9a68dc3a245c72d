import { CheckpointError } from '../errors.ts';
import type { DType, HostArray } from '../kernels/dtype.ts';
import { hostArray } from './host-tensor.ts';

/** How an element type of the safetensors format is read. */
export interface StoredDType {
  /** Bytes of an element in the file. */
  readonly bytes: number;
  /** What it is once read. */
  readonly dtype: DType;
  /** The elements; `what` names file and tensor for errors. */
  readonly read: (bytes: ArrayBuffer, what: string) => HostArray;
}

/** The types that are written, by ours. */
export const written: Readonly<Record<DType, string>> = {
  f32: 'F32',
  i32: 'I32',
  u32: 'U32',
  u8: 'U8',
  bool: 'BOOL',
};

/** The types that can be read: ours as they are, the others converted to f32 or i32. */
export const storedDTypes: ReadonlyMap<string, StoredDType> = new Map<string, StoredDType>([
  ['F32', { bytes: 4, dtype: 'f32', read: (bytes) => hostArray(bytes, 'f32') }],
  ['I32', { bytes: 4, dtype: 'i32', read: (bytes) => hostArray(bytes, 'i32') }],
  ['U32', { bytes: 4, dtype: 'u32', read: (bytes) => hostArray(bytes, 'u32') }],
  ['U8', { bytes: 1, dtype: 'u8', read: (bytes) => hostArray(bytes, 'u8') }],
  ['BOOL', { bytes: 1, dtype: 'bool', read: readBool }],
  ['F16', { bytes: 2, dtype: 'f32', read: readHalf }],
  ['BF16', { bytes: 2, dtype: 'f32', read: readBrainFloat }],
  ['F64', { bytes: 8, dtype: 'f32', read: (bytes) => new Float32Array(new Float64Array(bytes)) }],
  ['I64', { bytes: 8, dtype: 'i32', read: readLong }],
]);

function readBool(bytes: ArrayBuffer, what: string): HostArray {
  const values = new Uint8Array(bytes);
  const wrong = values.find((value) => value > 1);
  if (wrong === undefined) return values;
  throw new CheckpointError(
    `${what} is BOOL and holds the byte ${wrong}, where only 0 and 1 may be. ` +
      'The file is corrupt: replace it with an intact copy.',
  );
}

/** binary16 of IEEE 754: 1 sign, 5 exponent and 10 fraction bits; every value is an f32 too. */
function readHalf(bytes: ArrayBuffer): HostArray {
  return Float32Array.from(new Uint16Array(bytes), (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}

/** bfloat16 is the upper half of an f32. */
function readBrainFloat(bytes: ArrayBuffer): HostArray {
  const bits = Uint32Array.from(new Uint16Array(bytes), (upper) => upper << 16);
  return new Float32Array(bits.buffer);
}

function readLong(bytes: ArrayBuffer, what: string): HostArray {
  return Int32Array.from(new BigInt64Array(bytes), (value) => {
    const number = Number(value);
    if (number === (number | 0)) return number;
    throw new CheckpointError(
      `${what} is I64 and holds ${value}, which an i32 cannot. ` +
        'Write it as I32 or F32 where the file is made, or leave the tensor out.',
    );
  });
}
