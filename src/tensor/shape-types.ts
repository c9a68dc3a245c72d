/**
 * Shapes in the type system. A dimension that is known is a literal (`32`), one that is not is
 * `number`, and a shape of unknown rank is `readonly number[]`; whatever the types cannot decide
 * is checked at run time. A check that fails becomes a `Mismatch` whose text names the dimensions.
 */
export type Shape = readonly number[];

/** What a wrong argument would have to be: the message a user reads in the compiler's error. */
export interface Mismatch<Message extends string> {
  readonly error: Message;
}

/**
 * `unknown` (accepts anything) unless `T` is a mismatch. What depends on a type parameter of somebody's
 * function is accepted too, and left to the run time. `Call` is a type parameter that nobody gives: it
 * puts the check off until there is a call, when a signature's own parameters are known.
 */
export type Check<T, Call> =
  IsOpen<T, Call> extends true ? unknown : Held<T> extends Held<Mismatch<string>> ? T : unknown;

/** What `Call` is by default. */
export type Called = 'called';

// Of a held type the compiler answers `extends` at once, unless its answer depends on type parameters.
// It depends on them here, and at once in `IsOpen`, just where `T` itself does.
type Tried<T, Call> = Call extends Called
  ? Held<T> extends Held<never>
    ? 'open'
    : 'decided'
  : never;
type IsOpen<T, Call> = Held<Tried<T, Call>> extends Held<'decided'> ? false : true;

export type IsUnknownRank<S extends Shape> = number extends S['length'] ? true : false;

/** Keeps the compiler from putting off what it can decide of type parameters, as it does in tuples. */
export interface Held<T> {
  readonly held: T;
}

/** Whether two types are one. */
type IsSame<A, B> = Held<A> extends Held<B> ? (Held<B> extends Held<A> ? true : false) : false;

export type Text<S extends Shape> = S extends readonly [infer A extends number]
  ? `${A}`
  : S extends readonly [infer A extends number, ...infer R extends Shape]
    ? `${A}, ${Text<R>}`
    : '';

// ---- Broadcasting (NumPy's rule: align at the end; equal, or one of both is 1) ----

/** The larger of two dimensions of which one is 1, or the one both are; −1 where they differ. */
type BroadcastDim<A extends number, B extends number> =
  IsSame<A, B> extends true
    ? A
    : A extends 1
      ? B
      : B extends 1
        ? A
        : number extends A
          ? B
          : number extends B
            ? A
            : A extends B
              ? A
              : -1;

type BroadcastTail<A extends Shape, B extends Shape, Done extends Shape = []> = A extends readonly [
  ...infer AR extends Shape,
  infer AD extends number,
]
  ? B extends readonly [...infer BR extends Shape, infer BD extends number]
    ? BroadcastTail<AR, BR, [BroadcastDim<AD, BD>, ...Done]>
    : [...A, ...Done]
  : [...B, ...Done];

/** The shape two shapes broadcast to, which {@link CheckBroadcast} has checked. */
export type Broadcast<A extends Shape, B extends Shape> =
  IsSame<A, B> extends true
    ? A
    : IsUnknownRank<A> extends true
      ? Shape
      : IsUnknownRank<B> extends true
        ? Shape
        : BroadcastTail<A, B>;

type Differ<A extends Shape, B extends Shape> = A extends readonly [
  ...infer AR extends Shape,
  infer AD extends number,
]
  ? B extends readonly [...infer BR extends Shape, infer BD extends number]
    ? BroadcastDim<AD, BD> extends -1
      ? true
      : Differ<AR, BR>
    : false
  : false;

/** `unknown` for shapes that broadcast, a {@link Mismatch} otherwise. */
export type CheckBroadcast<A extends Shape, B extends Shape> =
  Differ<A, B> extends true
    ? Mismatch<`shapes [${Text<A>}] and [${Text<B>}] do not broadcast`>
    : unknown;

// ---- Matrix product ----

/** The shape of `a · b` over the last two axes, which {@link CheckMatMul} has checked. */
export type MatMul<A extends Shape, B extends Shape> = A extends readonly [
  ...infer AB extends Shape,
  infer M extends number,
  infer _K extends number,
]
  ? B extends readonly [...infer BB extends Shape, infer _L extends number, infer N extends number]
    ? [...Broadcast<AB, BB>, M, N]
    : Shape
  : Shape;

/** `unknown` for two matrices that can be multiplied, a {@link Mismatch} otherwise. */
export type CheckMatMul<A extends Shape, B extends Shape> =
  IsUnknownRank<A> extends true
    ? unknown
    : IsUnknownRank<B> extends true
      ? unknown
      : A extends readonly [
            ...infer AB extends Shape,
            infer _M extends number,
            infer K extends number,
          ]
        ? B extends readonly [
            ...infer BB extends Shape,
            infer L extends number,
            infer _N extends number,
          ]
          ? SameDim<K, L> extends true
            ? CheckBroadcast<AB, BB>
            : Mismatch<`matMul: inner dimensions ${K} and ${L} differ`>
          : Mismatch<`matMul needs two or more axes, got [${Text<B>}]`>
        : Mismatch<`matMul needs two or more axes, got [${Text<A>}]`>;

type SameDim<A extends number, B extends number> =
  IsSame<A, B> extends true
    ? true
    : number extends A
      ? true
      : number extends B
        ? true
        : A extends B
          ? true
          : false;

/** The shape of attention: [..., M, D], [..., L, D] and [..., L, E] → [..., M, E]. */
export type Attention<Q extends Shape, K extends Shape, V extends Shape> = MatMul<
  MatMul<Q, Transposed<K>>,
  V
>;

type Transposed<S extends Shape> = S extends readonly [
  ...infer Batch extends Shape,
  infer M extends number,
  infer N extends number,
]
  ? [...Batch, N, M]
  : Shape;

/** `unknown` for queries, keys and values that go together, a {@link Mismatch} otherwise. */
export type CheckAttention<Q extends Shape, K extends Shape, V extends Shape> = CheckMatMul<
  Q,
  Transposed<K>
> &
  CheckMatMul<MatMul<Q, Transposed<K>>, V>;

// ---- Axes ----

// Of a union, one by one: axes may be counted from both ends in one call.
type Negative<Axis extends number> = Axis extends number
  ? `${Axis}` extends `-${infer N extends number}`
    ? N
    : never
  : never;

type Distances<S extends Shape, Done extends number = never> = S extends readonly [
  number,
  ...infer R extends Shape,
]
  ? Distances<R, Done | S['length']>
  : Done;

/** `unknown` for axes the shape has (counted from either end), a {@link Mismatch} otherwise. */
export type CheckAxis<S extends Shape, Axis extends number> = number extends Axis
  ? unknown
  : IsUnknownRank<S> extends true
    ? unknown
    : [Axis] extends [IndicesOf<S> | NegativesOf<S>]
      ? unknown
      : Mismatch<`axis ${Exclude<Axis, IndicesOf<S> | NegativesOf<S>>} does not exist in [${Text<S>}]`>;

type IndicesOf<S extends Shape> = {
  [I in keyof S]: I extends `${infer N extends number}` ? N : never;
}[number];
type NegativesOf<S extends Shape> = `-${Distances<S>}` extends `${infer N extends number}`
  ? N
  : never;

/** Whether `axes` name the axis that has index `I` from the front, with `After` axes behind it. */
type Names<Axes extends number, I extends number, Length extends number> = I extends Axes
  ? true
  : Length extends Negative<Axes>
    ? true
    : false;

type ReduceTail<
  S extends Shape,
  Axes extends number,
  Keep extends boolean,
  Seen extends 0[] = [],
> = S extends readonly [infer D extends number, ...infer R extends Shape]
  ? Names<Axes, Seen['length'], S['length']> extends true
    ? Keep extends true
      ? [1, ...ReduceTail<R, Axes, Keep, [...Seen, 0]>]
      : ReduceTail<R, Axes, Keep, [...Seen, 0]>
    : [D, ...ReduceTail<R, Axes, Keep, [...Seen, 0]>]
  : [];

/** The shape after reducing `Axes` (a union of literals; `undefined`: all of them). */
export type Reduce<S extends Shape, Axes extends number | undefined, Keep extends boolean> = [
  Axes,
  Keep,
] extends [undefined, false]
  ? []
  : IsUnknownRank<S> extends true
    ? Shape
    : [Axes] extends [number]
      ? number extends Axes
        ? Shape
        : ReduceTail<S, Axes, Keep>
      : Keep extends true
        ? { [I in keyof S]: 1 }
        : [];

/** The shape with its axes in another order. */
export type Permute<S extends Shape, P extends Shape> =
  IsUnknownRank<S> extends true
    ? Shape
    : IsUnknownRank<P> extends true
      ? Shape
      : { -readonly [I in keyof P]: S[P[I] & number] };

export type Reverse<S extends Shape> = S extends readonly [
  infer D extends number,
  ...infer R extends Shape,
]
  ? [...Reverse<R>, D]
  : IsUnknownRank<S> extends true
    ? Shape
    : [];

// ---- Reshape (whether the sizes agree: size-types.ts) ----

/** A requested shape as a result type: a dimension left to be inferred (−1) is `number`. */
export type Resolved<S extends Shape> = {
  -readonly [I in keyof S]: S[I] extends -1 ? number : S[I];
};

// ---- Nested arrays ----

export type Nested = number | boolean | readonly Nested[];

/** The shape of a nested array literal; of an array of unknown length, `number`. */
export type ShapeOf<T> = T extends readonly (infer E)[]
  ? T extends readonly []
    ? [0]
    : [T['length'], ...ShapeOf<T extends readonly [infer F, ...unknown[]] ? F : E>]
  : [];
