import type { DType, Shape } from '../../src/index.ts';
import { type AnyTensor, type Tensor, tensor } from '../../src/index.ts';
import type { HostArray } from '../../src/kernels/dtype.ts';
import { NdArray } from '../reference/array.ts';

/** A tensor of a reference array's values, which should be ones `dtype` holds exactly. */
export function upload(array: NdArray): Tensor;
export function upload<D extends DType>(array: NdArray, dtype: D): Tensor<Shape, D>;
export function upload(array: NdArray, dtype: DType = 'f32'): AnyTensor {
  return tensor(hostArray(array.data, dtype), array.shape, { dtype });
}

/** A tensor's elements, computed and read back. */
export async function download(x: AnyTensor): Promise<NdArray> {
  return new NdArray(x.shape, await x.data());
}

/** The array with every element rounded to what an f32 holds. */
export const rounded = (array: NdArray): NdArray => array.map(Math.fround);

function hostArray(values: ArrayLike<number>, dtype: DType): HostArray {
  if (dtype === 'f32' || dtype === 'f16') return Float32Array.from(values);
  if (dtype === 'i32') return Int32Array.from(values);
  return dtype === 'u32' ? Uint32Array.from(values) : Uint8Array.from(values);
}
