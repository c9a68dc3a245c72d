import { CheckpointError } from '../errors.ts';
import type { DType, HostArray } from '../kernels/dtype.ts';
import { unpackHalves } from '../kernels/half.ts';
import { byteFloats } from './byte-floats.ts';

/** How an element type of the safetensors format is read. */
export interface StoredDType {
  /** Bytes of an element in the file. */
  readonly bytes: number;
  /** What it is once read. */
  readonly dtype: DType;
  /**
   * Makes values of as many elements, the bytes of `from` (at an offset of any element's size);
   * undefined where they are the same bytes. `what` names file and tensor for errors.
   */
  readonly convert?: (from: Uint8Array, to: HostArray, what: string) => void;
  /** Refuses bytes that are no values, where they are the same. */
  readonly check?: (values: HostArray, what: string) => void;
}

/** The types that are written, by ours. */
export const written: Readonly<Record<DType, string>> = {
  f32: 'F32',
  f16: 'F16',
  i32: 'I32',
  u32: 'U32',
  u8: 'U8',
  bool: 'BOOL',
};

/** The types that can be read: ours as they are, the others converted to f32, i32 or u32. */
export const storedDTypes: ReadonlyMap<string, StoredDType> = new Map<string, StoredDType>([
  ['F32', { bytes: 4, dtype: 'f32' }],
  ['F16', { bytes: 2, dtype: 'f16', convert: convertHalf }],
  ['I32', { bytes: 4, dtype: 'i32' }],
  ['U32', { bytes: 4, dtype: 'u32' }],
  ['U8', { bytes: 1, dtype: 'u8' }],
  ['BOOL', { bytes: 1, dtype: 'bool', check: checkBool }],
  ['BF16', { bytes: 2, dtype: 'f32', convert: convertBrainFloat }],
  ['F64', { bytes: 8, dtype: 'f32', convert: convertDouble }],
  ...Object.entries(byteFloats).map(
    ([name, convert]) => [name, { bytes: 1, dtype: 'f32', convert }] as const,
  ),
  ['I8', { bytes: 1, dtype: 'i32', convert: (from, to) => to.set(as(Int8Array, from)) }],
  ['I16', { bytes: 2, dtype: 'i32', convert: (from, to) => to.set(as(Int16Array, from)) }],
  ['U16', { bytes: 2, dtype: 'i32', convert: (from, to) => to.set(as(Uint16Array, from)) }],
  ['I64', { bytes: 8, dtype: 'i32', convert: convertLong }],
  ['U64', { bytes: 8, dtype: 'u32', convert: convertUnsignedLong }],
]);

/** The same bytes as an array of another type. */
function as<T>(
  type: { new (buffer: ArrayBufferLike, at: number, length: number): T; BYTES_PER_ELEMENT: number },
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): T {
  return new type(buffer, byteOffset, byteLength / type.BYTES_PER_ELEMENT);
}

function checkBool(values: HostArray, what: string): void {
  const wrong = values.find((value) => value > 1);
  if (wrong === undefined) return;
  throw new CheckpointError(
    `${what} is BOOL and holds the byte ${wrong}, where only 0 and 1 may be. ` +
      'The file is corrupt: replace it with an intact copy.',
  );
}

/** A value for each; NaN is NaN, whatever its bits. */
function convertHalf(from: Uint8Array, to: HostArray): void {
  unpackHalves(as(Uint16Array, from), to);
}

/** Rounded; what is finite stays so. */
function convertDouble(from: Uint8Array, to: HostArray, what: string): void {
  const doubles = as(Float64Array, from);
  for (let i = 0; i < to.length; i++) {
    const value = doubles[i] as number;
    to[i] = value;
    if (Math.abs(to[i] as number) === Infinity && Math.abs(value) !== Infinity) {
      throw tooLarge(what, 'F64', value, 'an f32');
    }
  }
}

/** bfloat16 is the upper half of an f32. */
function convertBrainFloat(from: Uint8Array, to: HostArray): void {
  const uppers = as(Uint16Array, from);
  const bits = as(Uint32Array, to);
  for (let i = 0; i < bits.length; i++) bits[i] = (uppers[i] as number) << 16;
}

/** Two words for each: the lower one is the value where the upper one only repeats its sign. */
function convertLong(from: Uint8Array, to: HostArray, what: string): void {
  const words = as(Int32Array, from);
  for (let i = 0; i < to.length; i++) {
    const lower = words[2 * i] as number;
    if (words[2 * i + 1] !== lower >> 31)
      throw tooLarge(what, 'I64', as(BigInt64Array, from)[i], 'an i32');
    to[i] = lower;
  }
}

function convertUnsignedLong(from: Uint8Array, to: HostArray, what: string): void {
  const words = as(Uint32Array, from);
  for (let i = 0; i < to.length; i++) {
    if (words[2 * i + 1] !== 0) throw tooLarge(what, 'U64', as(BigUint64Array, from)[i], 'a u32');
    to[i] = words[2 * i] as number;
  }
}

function tooLarge(
  what: string,
  dtype: string,
  value: number | bigint | undefined,
  ours: string,
): CheckpointError {
  return new CheckpointError(
    `${what} is ${dtype} and holds ${value}, which ${ours} cannot. ` +
      'Write it as I32 or F32 where the file is made, or leave the tensor out.',
  );
}
