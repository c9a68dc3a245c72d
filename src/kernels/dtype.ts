import { halfRounded, packedHalves, unpackHalves } from './half.ts';

/** The greatest finite f32. */
export const MAX_F32 = 3.4028234663852886e38;

/**
 * Element types as kernels see them. `bool` is stored as one 32-bit word (0 or 1), `u8` four to a
 * word; `u8` exists to hold images and labels compactly and is cast before it is computed with.
 * `f16` is stored two to a word and computed with as f32: each op's result is rounded. On the host its
 * elements are f32 that an f16 can be.
 */
export type DType = 'f32' | 'f16' | 'i32' | 'u32' | 'bool' | 'u8';

export type HostArray = Float32Array | Int32Array | Uint32Array | Uint8Array;

/** A copy in memory of its own; of Node's buffers too, whose slice() is a view. */
export function copied(data: HostArray): HostArray {
  if (data instanceof Float32Array) return new Float32Array(data);
  if (data instanceof Int32Array) return new Int32Array(data);
  return data instanceof Uint32Array ? new Uint32Array(data) : new Uint8Array(data);
}

interface DTypeFacts {
  /** Bytes an element takes in device memory. */
  readonly bytes: number;
  /** The WGSL scalar it is stored as. */
  readonly stored: 'f32' | 'i32' | 'u32';
  /** The WGSL scalar it is computed with. */
  readonly computed: 'f32' | 'i32' | 'u32' | 'bool';
}

export const dtypes: Readonly<Record<DType, DTypeFacts>> = {
  f32: { bytes: 4, stored: 'f32', computed: 'f32' },
  f16: { bytes: 2, stored: 'u32', computed: 'f32' },
  i32: { bytes: 4, stored: 'i32', computed: 'i32' },
  u32: { bytes: 4, stored: 'u32', computed: 'u32' },
  bool: { bytes: 4, stored: 'u32', computed: 'bool' },
  u8: { bytes: 1, stored: 'u32', computed: 'u32' },
};

/** Whether it is a dtype of floating-point numbers, which have gradients. */
export function isFloat(dtype: DType): boolean {
  return dtypes[dtype].computed === 'f32';
}

/** Whether it is a dtype of whole numbers, as indices and the numbers of classes are. */
export function isWhole(dtype: DType): boolean {
  return !isFloat(dtype) && dtype !== 'bool';
}

/** The bytes a tensor takes on the device: whole 16-byte blocks, so that kernels may store `vec4`s. */
export function byteSize(elements: number, dtype: DType): number {
  return Math.max(16, Math.ceil((elements * dtypes[dtype].bytes) / 16) * 16);
}

/** Device bytes as the host array of a dtype: `bool` as bytes, `f16` as f32, the others as they are. */
export function fromDevice(bytes: ArrayBuffer, elements: number, dtype: DType): HostArray {
  switch (dtype) {
    case 'f32':
      return new Float32Array(bytes, 0, elements);
    case 'f16': {
      const values = new Float32Array(elements);
      unpackHalves(new Uint16Array(bytes, 0, elements), values);
      return values;
    }
    case 'i32':
      return new Int32Array(bytes, 0, elements);
    case 'u32':
      return new Uint32Array(bytes, 0, elements);
    case 'u8':
      return new Uint8Array(bytes, 0, elements);
    case 'bool':
      return new Uint8Array(new Uint32Array(bytes, 0, elements));
  }
}

/** A host array in the layout the device stores: the inverse of {@link fromDevice}. */
export function toDevice(data: HostArray, dtype: DType): HostArray | Uint16Array {
  if (dtype === 'f16') return packedHalves(data);
  return dtype === 'bool' ? new Uint32Array(data) : data;
}

const word = new DataView(new ArrayBuffer(4));

/** The 32-bit word by which a kernel is told a number of a dtype. */
export function bitsOf(value: number, dtype: DType): number {
  if (dtype === 'f32') word.setFloat32(0, value);
  else if (dtype === 'f16') word.setFloat32(0, halfRounded(value));
  else if (dtype === 'i32') word.setInt32(0, value);
  else word.setUint32(0, value);
  return word.getUint32(0);
}
