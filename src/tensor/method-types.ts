import type { DType } from '../kernels/dtype.ts';
import type {
  Broadcast,
  Check,
  CheckAxis,
  Held,
  IsSame,
  IsUnknownRank,
  Mismatch,
  Reduce,
  Shape,
  Valid,
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
>(
  this: A,
  other: O & Operand<A, O>,
) => Tensor<BinaryShape<A['shape'], O>, ResultDType<A, R>>;

/** What is known of an operand that is a tensor. */
interface Typed<S extends Shape, D extends DType> {
  readonly shape: S;
  readonly dtype: D;
}

/** `unknown` (accepts anything) for an operand that may go together with a tensor. */
type Operand<A extends AnyTensor, O> =
  | (O extends Typed<infer S extends Shape, infer D extends DType>
      ? CheckDType<A['dtype'], D> & CheckBroadcast<A['shape'], S>
      : unknown)
  | If<IsSame<A, O>>;

// Unions, since the compiler cannot decide all of them where a shape or a dtype is a type parameter of
// somebody's function: one that is `unknown` by itself accepts.

/** Dtypes that are unions may turn out the same. */
export type CheckDType<D extends DType, E extends DType> =
  | (Held<D & E> extends Held<never>
      ? Mismatch<`dtypes ${D} and ${E} differ: cast one of them`>
      : unknown)
  | If<IsSame<D, DType>>
  | If<IsSame<E, DType>>
  | If<IsSame<D, E>>;

type CheckBroadcast<A extends Shape, B extends Shape> =
  | Check<Broadcast<A, B>>
  | If<IsUnknownRank<A>>
  | If<IsUnknownRank<B>>
  | If<IsSame<A, B>>;

type If<Condition> = Condition extends true ? unknown : never;

type BinaryShape<A extends Shape, O> = O extends { readonly shape: infer B extends Shape }
  ? IsSame<A, B> extends true
    ? A
    : Valid<Broadcast<A, B>>
  : A;

/** A reduction over axes (all, if left out), which stay with size 1 or go. */
export type ReduceMethod<R extends DType | 'same' = 'same'> = <
  A extends AnyTensor,
  const X extends number | readonly number[] | undefined = undefined,
  Keep extends boolean = false,
>(
  this: A,
  axes?: X & CheckAxes<A['shape'], X>,
  keepDims?: Keep,
) => Tensor<Reduce<A['shape'], AxesOf<X>, Keep>, ResultDType<A, R>>;

type AxesOf<X> = X extends readonly number[] ? X[number] : X extends number ? X : undefined;

type CheckAxes<S extends Shape, X> = X extends readonly number[]
  ? CheckAxis<S, X[number]>
  : X extends number
    ? CheckAxis<S, X>
    : unknown;
