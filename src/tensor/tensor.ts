import { ShapeError } from '../errors.ts';
import { read, realize as realizeNodes } from '../graph/execution/realize.ts';
import type { Node } from '../graph/node.ts';
import { copied, type DType, type HostArray } from '../kernels/dtype.ts';
import { format } from './format.ts';
import { causeOfNan } from './nan-causes.ts';
import { notATensor } from './not-a-tensor.ts';
import type { Shape } from './shape-types.ts';

/**
 * An immutable, typed value: its shape, its dtype and the graph node that computes it. Ops return
 * tensors at once and compute nothing; `await t.data()` and its like do. Nothing has to be freed.
 *
 * Methods for the ops are added by `methods.ts`, and `backward` by `autograd/backward.ts`.
 *
 * `out`: a tensor of a known shape is one of an unknown shape. The compiler cannot see it through
 * the conditional types of the methods' results, hence
 * @ts-expect-error */
export class Tensor<out S extends Shape = Shape, out D extends DType = 'f32'> {
  readonly shape: S;
  readonly dtype: D;
  readonly node: Node<S, D>;

  /** Tensors come from creation functions and ops, not from here. */
  constructor(node: Node<S, D>) {
    if (node?.shape === undefined) throw notATensor('new Tensor', node);
    this.node = node;
    this.shape = node.shape;
    this.dtype = node.dtype;
  }

  /** The number of elements. */
  get size(): number {
    return this.node.size;
  }

  /** The number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * The elements in row-major order, computed if need be: f32 and f16 as Float32Array, i32 as
   * Int32Array, u32 as Uint32Array, bool and u8 as Uint8Array. The array is the caller's, to change at will.
   * @throws StaleTensorError where a variable it was built from has changed meanwhile.
   */
  async data(): Promise<HostArrayOf<D>> {
    const data = await elementsOf(this.node);
    const { leaf } = this.node;
    // What has just come from the device is nobody else's; what the tensor keeps is its own.
    const isKept = leaf?.kind === 'host' && leaf.data === data;
    return (isKept ? copied(data) : data) as HostArrayOf<D>;
  }

  /**
   * The only element of a tensor of size 1, as a number.
   * @throws ShapeError where it has another size.
   */
  async item(): Promise<number> {
    const [value] = this.size === 1 ? await elementsOf(this.node) : [];
    if (value === undefined) {
      throw new ShapeError(
        `item: a tensor of shape [${this.shape}] has ${this.size} elements, not 1.`,
      );
    }
    return value;
  }

  /** The elements as nested arrays, `bool` as booleans. */
  async array(): Promise<NestedArray<D>> {
    const data = await elementsOf(this.node);
    return nest(data, this.shape, 0, this.size, this.dtype) as NestedArray<D>;
  }

  /** Computes the value and keeps it on the device; returns this tensor. */
  async realize(): Promise<this> {
    await realizeNodes([this.node]);
    return this;
  }

  /** Frees the value's device memory now instead of when the tensor is garbage-collected. */
  dispose(): void {
    if (this.node.leaf?.kind === 'stored') this.node.leaf.storage.dispose();
  }

  /** What `using` calls at the end of its block: `dispose`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Shape and dtype, and the elements where they are on the host already. */
  toString(): string {
    const { leaf } = this.node;
    return format(this.shape, this.dtype, leaf?.kind === 'host' ? leaf.data : undefined);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

async function elementsOf(node: Node): Promise<HostArray> {
  const values = await read(node);
  await causeOfNan(node, values)?.();
  return values;
}

/** A tensor of any shape and dtype. */
export type AnyTensor = Tensor<Shape, DType>;

export type HostArrayOf<D extends DType> = D extends 'f32' | 'f16'
  ? Float32Array
  : D extends 'i32'
    ? Int32Array
    : D extends 'u32'
      ? Uint32Array
      : Uint8Array;

/** What `array()` gives: a scalar's value, or arrays of arrays down to numbers or booleans. */
type NestedArray<D extends DType> = (D extends 'bool' ? boolean : number) | NestedArray<D>[];

function nest(data: HostArray, shape: Shape, start: number, size: number, dtype: DType): unknown {
  const [first, ...rest] = shape;
  if (first === undefined) return dtype === 'bool' ? data[start] !== 0 : data[start];
  const step = first === 0 ? 0 : size / first;
  return Array.from({ length: first }, (_, i) => nest(data, rest, start + i * step, step, dtype));
}

/** Computes several tensors in one submission; their values stay on the device. */
export async function realize(...tensors: readonly AnyTensor[]): Promise<void> {
  for (const one of tensors) if (!(one instanceof Tensor)) throw notATensor('realize', one);
  await realizeNodes(tensors.map(({ node }) => node));
}
