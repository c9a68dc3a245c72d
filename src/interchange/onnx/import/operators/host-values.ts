import { ArgumentError } from '../../../../errors.ts';
import { type DType, type HostArray, isFloat } from '../../../../kernels/dtype.ts';
import { tensor } from '../../../../tensor/ops/creation.ts';
import type { Shape } from '../../../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../../../tensor/tensor.ts';

/** The elements of a tensor made from numbers, which are at hand; undefined of one that is computed. */
export function hostValues({ node: { leaf } }: AnyTensor): HostArray | undefined {
  return leaf?.kind === 'host' ? leaf.data : undefined;
}

/** The error of elements that are needed when the graph is built, and are computed on the device. */
export class NotAtHand extends ArgumentError {
  readonly tensor: AnyTensor;
  /** Which input of a node it is. */
  readonly index: number;

  constructor(what: string, tensor: AnyTensor, index: number) {
    super(
      `${what}: input ${index} decides on shapes or steps, and is computed from the data of the model's inputs. ` +
        'Await runAsync(inputs), which waits for it; otherwise it must follow from shapes and constants.',
    );
    this.tensor = tensor;
    this.index = index;
  }
}

/**
 * A computation that stops where it needs to know the elements of a tensor, and goes on when it is given
 * the same tensor with elements at hand.
 */
export type Interpretation<T> = Generator<NotAtHand, T, AnyTensor>;

/** The same tensor with its elements at hand. No gradient passes. */
export async function atHand(x: AnyTensor): Promise<AnyTensor> {
  return tensor(await x.data(), x.shape, { dtype: x.dtype });
}

const inputs = new WeakSet<AnyTensor>();

/** Marks an input of the model: what is computed of floats stays in the graph, so that gradients reach them. */
export function asInput(x: AnyTensor): AnyTensor {
  if (isFloat(x.dtype)) inputs.add(x);
  return x;
}

export function isInput(x: AnyTensor): boolean {
  return inputs.has(x);
}

/** A tensor whose elements stay at hand. */
export function hostTensor<D extends DType>(
  values: readonly number[],
  shape: readonly number[],
  dtype: D,
): Tensor<Shape, D> {
  // Bounds such as 2⁶³ − 1 stand for "to the end".
  const kept =
    dtype === 'i32' ? values.map((x) => Math.min(Math.max(x, -(2 ** 31)), 2 ** 31 - 1)) : values;
  const array = dtype === 'i32' ? Int32Array : dtype === 'u32' ? Uint32Array : Float32Array;
  return tensor(array.from(kept), shape, { dtype });
}
