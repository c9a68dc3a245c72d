/** The greatest finite f32. */
export const MAX_F32 = 3.4028234663852886e38;

/**
 * Element types as kernels see them. `bool` is stored as one 32-bit word (0 or 1), `u8` four to a
 * word; `u8` exists to hold images and labels compactly and is cast before it is computed with.
 */
export type DType = 'f32' | 'i32' | 'u32' | 'bool' | 'u8';

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
  i32: { bytes: 4, stored: 'i32', computed: 'i32' },
  u32: { bytes: 4, stored: 'u32', computed: 'u32' },
  bool: { bytes: 4, stored: 'u32', computed: 'bool' },
  u8: { bytes: 1, stored: 'u32', computed: 'u32' },
};

/** The bytes a tensor takes on the device: whole 16-byte blocks, so that kernels may store `vec4`s. */
export function byteSize(elements: number, dtype: DType): number {
  return Math.max(16, Math.ceil((elements * dtypes[dtype].bytes) / 16) * 16);
}

/** Device bytes as the host array of a dtype: `bool` and `u8` as bytes, the others as they are. */
export function fromDevice(bytes: ArrayBuffer, elements: number, dtype: DType): HostArray {
  switch (dtype) {
    case 'f32':
      return new Float32Array(bytes, 0, elements);
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
export function toDevice(data: HostArray, dtype: DType): HostArray {
  return dtype === 'bool' ? new Uint32Array(data) : data;
}

const word = new DataView(new ArrayBuffer(4));

/** The 32-bit word that stores a number as `dtype`. */
export function bitsOf(value: number, dtype: DType): number {
  if (dtype === 'f32') word.setFloat32(0, value);
  else if (dtype === 'i32') word.setInt32(0, value);
  else word.setUint32(0, value);
  return word.getUint32(0);
}
