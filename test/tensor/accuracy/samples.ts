import { numberOf } from './units.ts';

/** Numbers between two powers of two, of each sign. */
const PER_BINADE = 1000;
/** Where functions turn, reach their ends, or change how they are computed. */
const TURNS = [1, 0.5, 2, Math.SQRT1_2, Math.SQRT2, Math.PI / 2, Math.PI, 0.625, 0.3466, 3.92, 4];
const ENDS = [12, 15, 16.6, 25, 80, 87.3, 88.7, 89, 103.9, 113];
const SPECIAL = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Uniform whole numbers below 2³², always the same. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
}

/** Half a million f32 numbers: of every exponent as many, subnormal ones too, and dense at turns. */
export function everyBinade(): Float32Array {
  const next = generator(1);
  const values: number[] = [...SPECIAL];
  for (let exponent = 0; exponent < 255; exponent++) {
    for (let i = 0; i < PER_BINADE; i++) {
      const value = numberOf(((exponent << 23) | (next() >>> 9)) >>> 0);
      values.push(value, -value);
    }
  }
  for (const turn of [...TURNS, ...ENDS]) {
    for (let i = -500; i < 500; i++) {
      const beside = [turn * (1 + i * 2 ** -23), turn * (1 + i * 2 ** -12)];
      values.push(...beside.flatMap((x) => [Math.fround(x), -Math.fround(x)]));
    }
  }
  return Float32Array.from(values);
}

/** Pairs of f32 numbers: of all exponents, of near ones, and of a middle range, a third each. */
export function pairs(): [Float32Array, Float32Array] {
  const next = generator(2);
  const of = (exponent: number, sign: number) =>
    numberOf(
      (((sign & 1) << 31) | (Math.min(Math.max(exponent, 1), 254) << 23) | (next() >>> 9)) >>> 0,
    );
  const count = 300_000;
  const [a, b] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) {
    const first = i % 3 === 2 ? 120 + (next() % 16) : 1 + (next() % 254);
    const second = [1 + (next() % 254), first - 8 + (next() % 16), 120 + (next() % 16)][i % 3]!;
    a[i] = of(first, next() >>> 8);
    b[i] = of(second, next() >>> 8);
  }
  return [a, b];
}
