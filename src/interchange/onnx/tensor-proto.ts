import { CheckpointError } from '../../errors.ts';
import type { HostTensor } from '../../io/host-tensor.ts';
import { emptyArray } from '../../io/host-tensor.ts';
import { type StoredDType, storedDTypes } from '../../io/stored-dtypes.ts';
import type { DType, HostArray } from '../../kernels/dtype.ts';
import { packedHalves } from '../../kernels/half.ts';
import type { TensorProto } from './messages.ts';

/** An element type of ONNX: its number there, and its name in safetensors, by which its bytes are read. */
interface ElementType {
  readonly number: number;
  readonly name: string;
  readonly stored: StoredDType;
}

const elementTypes = new Map<number, ElementType>(
  Object.entries({
    F32: 1,
    U8: 2,
    I8: 3,
    U16: 4,
    I16: 5,
    I32: 6,
    I64: 7,
    BOOL: 9,
    F16: 10,
    F64: 11,
    U32: 12,
    U64: 13,
    BF16: 16,
  }).flatMap(([name, number]) => {
    const stored = storedDTypes.get(name);
    return stored
      ? [[number, { number, name, stored: name === 'I64' ? bounded(stored) : stored }]]
      : [];
  }),
);

/** The least and the largest numbers of 64 bits stand for the ends of an axis: they become those of 32. */
function bounded(long: StoredDType): StoredDType {
  return {
    ...long,
    convert: (from, to, what) => {
      const words = new Int32Array(from.slice().buffer);
      for (let i = 1; i < words.length; i += 2) {
        const isFar = words[i] === 2 ** 31 - 1 || words[i] === -(2 ** 31);
        if (!isFar) continue;
        const isNegative = (words[i] ?? 0) < 0;
        words[i - 1] = isNegative ? -(2 ** 31) : 2 ** 31 - 1;
        words[i] = isNegative ? -1 : 0;
      }
      long.convert?.(new Uint8Array(words.buffer), to, what);
    },
  };
}

/** The numbers that ONNX has for our dtypes. */
export const elementTypeOf: Readonly<Record<DType, number>> = {
  f32: 1,
  u8: 2,
  i32: 6,
  bool: 9,
  f16: 10,
  u32: 12,
};

/** ONNX' 64-bit integers, which shapes and indices are. */
export const INT64 = 7;

/** @throws CheckpointError where ONNX has no such type, or we have none for it, such as strings. */
export function dtypeOfElements(number: number, what: string): DType {
  return known(number, what).stored.dtype;
}

function known(number: number, what: string): ElementType {
  const type = elementTypes.get(number);
  if (type) return type;
  throw new CheckpointError(
    `${what} has elements of ONNX type ${number}, which are neither numbers of 8 to 64 bits nor booleans. Strings, complex numbers and quantized types are not supported.`,
  );
}

/**
 * A tensor of an ONNX file: f32, bfloat16 and double become f32, whole numbers i32 (or u32, u8).
 * @throws CheckpointError where it is damaged, of a type we have none for, or in a file of its own.
 */
export function fromTensorProto(proto: TensorProto, what: string): HostTensor {
  const { stored } = known(proto.dataType, what);
  const { dims: shape, externalData = [] } = proto;
  if (externalData.length > 0) {
    throw new CheckpointError(
      `${what} keeps its values in another file, ${externalData.find(({ key }) => key === 'location')?.value}. ` +
        'Save the model with its weights inside: onnx.save(model, path, save_as_external_data=False).',
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = bytesOf(proto, stored, size);
  if (bytes.length !== size * stored.bytes) {
    throw new CheckpointError(
      `${what} of shape [${shape}] needs ${size * stored.bytes} bytes and has ${bytes.length}. The file is damaged.`,
    );
  }
  const { dtype, convert } = stored;
  const data = emptyArray(dtype, size);
  if (convert) convert(bytes, data, what);
  else new Uint8Array(data.buffer).set(bytes);
  return { shape, dtype, data };
}

/** The values' bytes, at an offset of any element's size. */
function bytesOf(proto: TensorProto, stored: StoredDType, size: number): Uint8Array {
  const { rawData, floatData = [], int32Data = [], int64Data = [] } = proto;
  const { doubleData = [], uint64Data = [] } = proto;
  if (rawData?.length) return new Uint8Array(rawData);
  if (floatData.length > 0) return bytesIn(Float32Array.from(floatData));
  if (doubleData.length > 0) return bytesIn(Float64Array.from(doubleData));
  if (int64Data.length > 0) return bytesIn(BigInt64Array.from(int64Data, BigInt));
  if (uint64Data.length > 0) return uint64Bytes(uint64Data, stored);
  if (int32Data.length > 0) return narrow(int32Data, stored.bytes);
  return new Uint8Array(size * stored.bytes);
}

function bytesIn({ buffer }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer);
}

/** u32 are kept with the 64-bit ones. */
function uint64Bytes(values: readonly number[], { bytes }: StoredDType): Uint8Array {
  return bytes === 4
    ? bytesIn(Uint32Array.from(values))
    : bytesIn(BigUint64Array.from(values, BigInt));
}

/** Elements of fewer than 32 bits stand in a word each. */
function narrow(words: readonly number[], bytes: number): Uint8Array {
  if (bytes === 4) return bytesIn(Int32Array.from(words));
  return bytesIn(bytes === 2 ? Uint16Array.from(words) : Uint8Array.from(words));
}

/** The message of a tensor, as the same numbers. */
export function toTensorProto(name: string, { shape, dtype, data }: HostTensor): TensorProto {
  return { name, dims: [...shape], dataType: elementTypeOf[dtype], rawData: rawBytes(dtype, data) };
}

/** The message of whole numbers of 64 bits. */
export function int64Proto(
  name: string,
  shape: readonly number[],
  values: readonly number[],
): TensorProto {
  return {
    name,
    dims: [...shape],
    dataType: INT64,
    rawData: bytesIn(BigInt64Array.from(values, BigInt)),
  };
}

function rawBytes(dtype: DType, data: HostArray): Uint8Array {
  if (dtype === 'f16') return bytesIn(packedHalves(data));
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
