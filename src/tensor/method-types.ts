import type { DType } from '../kernels/dtype.ts';
import type {
  Broadcast,
  Called,
  Check,
  CheckAxis,
  CheckBroadcast,
  Mismatch,
  Reduce,
  Shape,
} from './shape-types.ts';
import type { AnyTensor, Tensor } from './tensor.ts';

// Methods that check what they are given. Each has one signature, and takes the tensor it belongs to as
// a type of its own: editors then show what the op's record says of it, and it can be called on a
// tensor of one of several shapes.

/** The dtype of a result: that of the tensor, or a certain one. */
type ResultDType<A extends AnyTensor, R> = R extends DType ? R : A['dtype'];

/** An op of two operands, the second a tensor that broadcasts or a number. */
export type BinaryMethod<R extends DType | 'same'> = <
  A extends AnyTensor,
  O extends number | AnyTensor,
  Call = Called,
>(
  this: A,
  other: O &
    Check<SameDType<A['dtype'], OperandDType<O>>, Call> &
    Check<CheckBroadcast<A['shape'], OperandShape<O>>, Call>,
) => Tensor<BinaryShape<A['shape'], O>, ResultDType<A, R>>;

/** What an operand is to the types, a tensor or a number: a number fits any dtype and shape. */
export type OperandDType<O> = O extends { readonly dtype: infer D extends DType } ? D : DType;

export type OperandShape<O> = O extends { readonly shape: infer S extends Shape } ? S : [];

type BinaryShape<A extends Shape, O> = O extends number ? A : Broadcast<A, OperandShape<O>>;

/** The dtype two operands share, unions of which may turn out the same, or a {@link Mismatch}. */
export type SameDType<D extends DType, E extends DType> = D & E extends never
  ? Mismatch<`dtypes ${D} and ${E} differ: cast one of them`>
  : D & E;

/** A reduction over axes (all, if left out), which stay with size 1 or go. */
export type ReduceMethod<R extends DType | 'same' = 'same'> = <
  A extends AnyTensor,
  const X extends number | readonly number[] | undefined = undefined,
  Keep extends boolean = false,
  Call = Called,
>(
  this: A,
  axes?: X & Check<CheckAxis<A['shape'], NonNullable<AxesOf<X>>>, Call>,
  keepDims?: Keep,
) => Tensor<Reduce<A['shape'], AxesOf<X>, Keep>, ResultDType<A, R>>;

/** The axes that `X` names, one or several, as a union. */
export type AxesOf<X> = X extends readonly number[] ? X[number] : X;
