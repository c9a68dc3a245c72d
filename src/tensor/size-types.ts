import type { IsUnknownRank, Mismatch, Shape, Text } from './shape-types.ts';

// Multiplies the dimensions of a shape in the type system, so that a reshape to another number of
// elements does not compile. TypeScript has no arithmetic: a number is a tuple of that length here,
// and products of more than four digits in all, which would be slow, are left to the run time.

type Tuple = 0[];

/** `Sum` and `T`, `Count` times. */
type Add<
  Sum extends Tuple,
  T extends Tuple,
  Count extends string,
  Counted extends Tuple = [],
> = `${Counted['length']}` extends Count ? Sum : Add<[...Sum, ...T], T, Count, [...Counted, 0]>;

/** `T` times a decimal number, digit by digit. */
type Times<
  T extends Tuple,
  Digits extends string,
  Done extends Tuple = [],
> = Digits extends `${infer First}${infer Rest}`
  ? Times<T, Rest, Add<Add<[], Done, '10'>, T, First>>
  : Done;

type Product<S extends Shape, Done extends Tuple = [0]> = S extends readonly [
  infer D extends number,
  ...infer R extends Shape,
]
  ? Product<R, Times<Done, `${D}`>>
  : Done['length'];

type Digits<S extends Shape> = S extends readonly [infer D extends number, ...infer R extends Shape]
  ? `${D}${Digits<R>}`
  : '';

/** Whether all dimensions together have four digits at most. */
type IsSmall<S extends Shape> =
  Digits<S> extends `${infer _A}${infer _B}${infer _C}${infer _D}${infer _E}${string}`
    ? false
    : true;

/** Whether every dimension is known, and none is 0, which no other dimension can make up for. */
type IsExact<S extends Shape> =
  IsUnknownRank<S> extends true
    ? false
    : number extends S[number]
      ? false
      : 0 extends S[number]
        ? false
        : true;

/** Removes one occurrence of `D`; never where there is none. */
type Without<S extends Shape, D extends number, Front extends Shape = []> = S extends readonly [
  infer F extends number,
  ...infer R extends Shape,
]
  ? F extends D
    ? [...Front, ...R]
    : Without<R, D, [...Front, F]>
  : never;

/** Both shapes less the dimensions they share, which decide nothing. */
type Cancel<A extends Shape, B extends Shape, Kept extends Shape = []> = A extends readonly [
  infer D extends number,
  ...infer R extends Shape,
]
  ? [Without<B, D>] extends [never]
    ? Cancel<R, B, [...Kept, D]>
    : Cancel<R, Without<B, D>, Kept>
  : [Kept, B];

/** Whether all that decides is known and small enough to be multiplied. */
type IsDecidable<A extends Shape, B extends Shape> = [IsSmall<A>, IsSmall<B>] extends [true, true]
  ? -1 extends B[number]
    ? false
    : true
  : false;

/** `unknown` where `B` may be a reshape of `A`, a {@link Mismatch} where it surely is not. */
export type CheckReshape<A extends Shape, B extends Shape> =
  IsExact<A> extends true
    ? IsExact<B> extends true
      ? Cancel<A, B> extends [infer X extends Shape, infer Y extends Shape]
        ? IsDecidable<X, Y> extends true
          ? Product<X> extends Product<Y>
            ? unknown
            : Mismatch<`reshape: [${Text<A>}] and [${Text<B>}] differ in size`>
          : unknown
        : unknown
      : unknown
    : unknown;
