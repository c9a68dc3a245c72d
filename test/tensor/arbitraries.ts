import fc from 'fast-check';
import { NdArray, type Shape, sizeOf } from '../reference/array.ts';

/** 1, primes, multiples of 4 (whole vectors) and others. */
const EXTENTS = [1, 2, 3, 4, 5, 7, 8, 12, 13, 16];

export const extents: fc.Arbitrary<number> = fc.constantFrom(...EXTENTS);

/** Shapes of `min` to `max` axes and at most `size` elements. */
export function shapes({ min = 0, max = 4, size = 600 } = {}): fc.Arbitrary<number[]> {
  return fc
    .array(extents, { minLength: min, maxLength: max })
    .filter((shape) => sizeOf(shape) <= size);
}

/** As {@link shapes}, now and then with an axis of no elements. */
export const maybeEmptyShapes: fc.Arbitrary<number[]> = fc.oneof(
  { weight: 9, arbitrary: shapes() },
  {
    weight: 1,
    arbitrary: fc
      .tuple(shapes({ min: 1, max: 3 }), fc.nat())
      .map(([shape, at]) => shape.with(at % shape.length, 0)),
  },
);

/** Numbers with which a test draws its values or makes its choices; shrinks towards zeros. */
export const choices: fc.Arbitrary<number[]> = fc.array(fc.nat({ max: 11 }), {
  minLength: 16,
  maxLength: 16,
});

/** A shape and two that broadcast to it: axes of size 1, leading axes left out, or both equal. */
export const broadcastPairs: fc.Arbitrary<{ a: number[]; b: number[] }> = fc
  .tuple(maybeEmptyShapes, choices)
  .map(([shape, pick]) => ({
    a: shrunk(shape, pick.slice(0, 5)),
    // What one operand repeats, the other gives, so that the result has the shape drawn.
    b: shrunk(shape, pick.slice(5, 10)),
  }));

function shrunk(shape: readonly number[], pick: readonly number[]): number[] {
  const ones = shape.map((extent, axis) => (pick[axis]! > 8 ? 1 : extent));
  return ones.slice(pick[4]! > 8 ? pick[4]! % (shape.length + 1) : 0);
}

/** Numbers spread over an interval, which differ in all ways that could hide a wrong index. */
export function spread(shape: Shape, seed: number, [low, high]: readonly [number, number]) {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return NdArray.build(shape, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(low + (high - low) * ((state + 0.5) / 2 ** 32));
  });
}

/** As {@link spread} over [-4, 4], with huge and tiny numbers among them. */
export function extremes(shape: Shape, seed: number): NdArray {
  const special = [1e30, -1e30, 1e-30, -1e-30, 0, 1e5, -1e5, 3e38, -3e38];
  const ordinary = spread(shape, seed, [-4, 4]);
  return ordinary.map((x) => {
    const at = Math.floor(Math.abs(x) * 1e4) % 40;
    return Math.fround(special[at] ?? x);
  });
}

/** Whole numbers spread from `low` to `high`. */
export function whole(shape: Shape, seed: number, low: number, high: number): NdArray {
  return spread(shape, seed, [low, high + 1]).map(Math.floor);
}
