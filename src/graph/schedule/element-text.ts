import { type DType, dtypes } from '../../kernels/dtype.ts';

/** The type of which a buffer holds one for each four elements. */
export function vectorType(dtype: DType): string {
  if (dtype === 'u8') return 'u32';
  return dtype === 'f16' ? 'vec2<u32>' : `vec4<${dtypes[dtype].stored}>`;
}

/** Four neighbouring elements, the `index`-th four of a buffer of vectors. */
export function loadedVector(buffer: string, index: string, dtype: DType): string {
  if (dtype === 'f16') return `halves(${buffer}[${index}])`;
  if (dtype === 'u8') {
    return `(vec4<u32>(${buffer}[${index}]) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u)`;
  }
  return dtype === 'bool' ? `${buffer}[${index}] != vec4<u32>()` : `${buffer}[${index}]`;
}

/** The `index`-th element of a buffer of words. */
export function loadedElement(buffer: string, index: string, dtype: DType): string {
  if (dtype === 'f16') {
    return `unpack2x16float(${buffer}[${index} >> 1u] >> ((${index} & 1u) * 16u)).x`;
  }
  if (dtype === 'u8') return `(${buffer}[${index} >> 2u] >> ((${index} & 3u) * 8u)) & 255u`;
  return dtype === 'bool' ? `${buffer}[${index}] != 0u` : `${buffer}[${index}]`;
}

/** Four elements as a buffer of vectors holds them. */
export function stored(value: string, dtype: DType): string {
  if (dtype === 'f16') return `packed_halves(${value})`;
  if (dtype === 'bool') return `select(vec4<u32>(), vec4<u32>(1u), ${value})`;
  if (dtype !== 'u8') return value;
  const bytes = ['x', 'y', 'z', 'w'].map((k, n) => `((${value}.${k} & 255u) << ${8 * n}u)`);
  return bytes.join(' | ');
}

/** Four i32 as elements of `dtype`. */
export function converted(value: string, dtype: DType): string {
  const { computed } = dtypes[dtype];
  return computed === 'bool' ? `${value} != vec4<i32>()` : `vec4<${computed}>(${value})`;
}
