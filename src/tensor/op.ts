import { Node, type Scalars } from '../graph/node.ts';
import type { Attributes, Operation } from '../graph/operation.ts';
import type { DType } from '../kernels/dtype.ts';
import { checkElements } from './shape.ts';
import type { Shape } from './shape-types.ts';
import { type AnyTensor, Tensor } from './tensor.ts';

/** What an op is applied to; a tuple where it takes a certain number of tensors. */
export type Inputs = readonly AnyTensor[];

/** The attributes of an op that has none. */
export type NoAttributes = Readonly<Record<string, never>>;

/** An application of an op, as its decomposition sees it. */
export interface Call<
  I extends Inputs = Inputs,
  A extends Attributes = Attributes,
  N extends string = string,
> {
  readonly inputs: I;
  readonly attributes: A;
  readonly scalars: Readonly<Record<N, number>>;
}

/** An application of an op together with its result, as its gradient rule sees it. */
interface Applied<I extends Inputs, A extends Attributes, N extends string> extends Call<I, A, N> {
  readonly output: Tensor;
}

/**
 * An op's one record: what it is applied to, its attributes, the names of its scalars, and how it is
 * computed. `vjp` is its gradient: from the gradient of the output, that of each input (`undefined`
 * where there is none to give). A fused op also has a decomposition into plain ops: the oracle of
 * its tests, and what is differentiated where it has no `vjp`.
 *
 * Its rules are written as methods, so that an op of certain inputs and attributes is also an `AnyOp`.
 */
export interface Op<
  I extends Inputs = Inputs,
  A extends Attributes = NoAttributes,
  N extends string = never,
> extends Operation<A> {
  vjp?(
    gradient: Tensor,
    call: Applied<I, A, N>,
  ): { readonly [Input in keyof I]: Tensor | undefined };
  decompose?(call: Call<I, A, N>): AnyTensor;
}

/** An op of any inputs and attributes. */
export type AnyOp = Op<Inputs, Attributes, string>;

interface TensorType<S extends Shape, D extends DType> {
  readonly shape: S;
  readonly dtype: D;
}

/**
 * A new tensor: `op` applied to `inputs`. Shape and dtype have been checked by the caller.
 * @throws ShapeError where it would have more elements than there are numbers for.
 */
export function apply<const I extends Inputs, S extends Shape, D extends DType>(
  op: Op<I>,
  inputs: I,
  type: TensorType<S, D>,
): Tensor<S, D>;
export function apply<
  const I extends Inputs,
  A extends Attributes,
  N extends string,
  S extends Shape,
  D extends DType,
>(
  op: Op<I, A, N>,
  inputs: I,
  type: TensorType<S, D>,
  attributes: A,
  scalars?: Readonly<Record<N, number>>,
): Tensor<S, D>;
export function apply<S extends Shape, D extends DType>(
  op: AnyOp,
  inputs: Inputs,
  type: TensorType<S, D>,
  attributes: Attributes = {},
  scalars: Scalars = {},
): Tensor<S, D> {
  checkElements(op.name, type.shape);
  const nodes = inputs.map(({ node }) => node);
  return new Tensor(new Node(op, nodes, type, attributes, scalars));
}
