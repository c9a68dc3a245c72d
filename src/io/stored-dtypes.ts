import { CheckpointError } from '../errors.ts';
import type { DType, HostArray } from '../kernels/dtype.ts';
import { byteFloats } from './byte-floats.ts';
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

/** The types that can be read: ours as they are, the others converted to f32, i32 or u32. */
export const storedDTypes: ReadonlyMap<string, StoredDType> = new Map<string, StoredDType>([
  ['F32', { bytes: 4, dtype: 'f32', read: (bytes) => hostArray(bytes, 'f32') }],
  ['I32', { bytes: 4, dtype: 'i32', read: (bytes) => hostArray(bytes, 'i32') }],
  ['U32', { bytes: 4, dtype: 'u32', read: (bytes) => hostArray(bytes, 'u32') }],
  ['U8', { bytes: 1, dtype: 'u8', read: (bytes) => hostArray(bytes, 'u8') }],
  ['BOOL', { bytes: 1, dtype: 'bool', read: readBool }],
  ['F16', { bytes: 2, dtype: 'f32', read: readHalf }],
  ['BF16', { bytes: 2, dtype: 'f32', read: readBrainFloat }],
  ['F64', { bytes: 8, dtype: 'f32', read: (bytes) => new Float32Array(new Float64Array(bytes)) }],
  ...Object.entries(byteFloats).map(
    ([name, read]) => [name, { bytes: 1, dtype: 'f32', read }] as const,
  ),
  ['I8', { bytes: 1, dtype: 'i32', read: (bytes) => new Int32Array(new Int8Array(bytes)) }],
  ['I16', { bytes: 2, dtype: 'i32', read: (bytes) => new Int32Array(new Int16Array(bytes)) }],
  ['U16', { bytes: 2, dtype: 'i32', read: (bytes) => new Int32Array(new Uint16Array(bytes)) }],
  ['I64', { bytes: 8, dtype: 'i32', read: readLong }],
  ['U64', { bytes: 8, dtype: 'u32', read: readUnsignedLong }],
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
  const halves = new Uint16Array(bytes);
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = halfValue(halves[i] as number);
  return values;
}

function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16 is the upper half of an f32. */
function readBrainFloat(bytes: ArrayBuffer): HostArray {
  const uppers = new Uint16Array(bytes);
  const bits = new Uint32Array(uppers.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (uppers[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

/** Two words for each: the lower one is the value where the upper one only repeats its sign. */
function readLong(bytes: ArrayBuffer, what: string): HostArray {
  const words = new Int32Array(bytes);
  const values = new Int32Array(words.length / 2);
  for (let i = 0; i < values.length; i++) {
    const lower = words[2 * i] as number;
    if (words[2 * i + 1] !== lower >> 31) throw tooLarge(what, 'I64', new BigInt64Array(bytes)[i]);
    values[i] = lower;
  }
  return values;
}

function readUnsignedLong(bytes: ArrayBuffer, what: string): HostArray {
  const words = new Uint32Array(bytes);
  const values = new Uint32Array(words.length / 2);
  for (let i = 0; i < values.length; i++) {
    if (words[2 * i + 1] !== 0) throw tooLarge(what, 'U64', new BigUint64Array(bytes)[i]);
    values[i] = words[2 * i] as number;
  }
  return values;
}

function tooLarge(what: string, dtype: string, value: bigint | undefined): CheckpointError {
  const ours = dtype === 'I64' ? 'an i32' : 'a u32';
  return new CheckpointError(
    `${what} is ${dtype} and holds ${value}, which ${ours} cannot. ` +
      'Write it as I32 or F32 where the file is made, or leave the tensor out.',
  );
}
