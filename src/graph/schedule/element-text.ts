import { type DType, dtypes } from '../../kernels/dtype.ts';

/** Four neighbouring elements, the `index`-th four of a buffer. */
export function loadedVector(buffer: string, index: string, dtype: DType): string {
  if (dtype === 'u8') {
    return `(vec4<u32>(${buffer}[${index}]) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u)`;
  }
  return dtype === 'bool' ? `${buffer}[${index}] != vec4<u32>()` : `${buffer}[${index}]`;
}

/** The `index`-th element of a buffer. */
export function loadedElement(buffer: string, index: string, dtype: DType): string {
  if (dtype === 'u8') return `(${buffer}[${index} >> 2u] >> ((${index} & 3u) * 8u)) & 255u`;
  return dtype === 'bool' ? `${buffer}[${index}] != 0u` : `${buffer}[${index}]`;
}

/** How four elements are kept in a buffer, and its element type. */
export function stored(value: string, dtype: DType): { type: string; text: string } {
  if (dtype === 'bool')
    return { type: 'vec4<u32>', text: `select(vec4<u32>(), vec4<u32>(1u), ${value})` };
  if (dtype === 'u8') {
    const bytes = ['x', 'y', 'z', 'w'].map((k, n) => `((${value}.${k} & 255u) << ${8 * n}u)`);
    return { type: 'u32', text: bytes.join(' | ') };
  }
  return { type: `vec4<${dtypes[dtype].stored}>`, text: value };
}

/** Four i32 as elements of `dtype`. */
export function converted(value: string, dtype: DType): string {
  const { computed } = dtypes[dtype];
  return computed === 'bool' ? `${value} != vec4<i32>()` : `vec4<${computed}>(${value})`;
}
