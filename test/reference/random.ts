import { lgamma } from './gamma-functions.ts';

/** Philox4x32-10 in plain integers: four words from a counter of four and a key of two. */
export function philox(counter: readonly number[], key: readonly number[]): number[] {
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k, l] = key.map(BigInt) as [bigint, bigint];
  const low = (x: bigint) => x & 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const [p, q] = [a * 0xd2511f53n, c * 0xcd9e8d57n];
    [a, b, c, d] = [(q >> 32n) ^ b ^ k, low(q), (p >> 32n) ^ d ^ l, low(p)];
    [k, l] = [low(k + 0x9e3779b9n), low(l + 0xbb67ae85n)];
  }
  return [a, b, c, d].map(Number);
}

/** Four even numbers from (0, 1] of an attempt at a position. */
function evenly(position: number, attempt: number, [stream, low, high]: Stream): number[] {
  const words = philox([position, attempt + 1, stream, 0], [low, high]);
  return words.map((word) => (Math.floor(word / 256) + 1) / 2 ** 24);
}

/** The number of a stream, and the two words of its key. */
export type Stream = readonly [stream: number, low: number, high: number];

/** Marsaglia and Tsang's gamma numbers, by the plain formula. */
export function gamma(alpha: number, position: number, stream: Stream): number {
  const isSmall = alpha < 1;
  const d = (isSmall ? alpha + 1 : alpha) - 1 / 3;
  for (let attempt = 0; ; attempt++) {
    const [u, angle, z, w] = evenly(position, attempt, stream) as [number, number, number, number];
    const x = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * angle);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(z) <= x ** 2 / 2 + d * (1 - v + Math.log(v))) {
      return d * v * (isSmall ? w ** (1 / alpha) : 1);
    }
  }
}

/** Knuth's and Hörmann's Poisson numbers. */
export function poisson(rate: number, position: number, stream: Stream): number {
  return rate < 10 ? counted(rate, position, stream) : transformed(rate, position, stream);
}

function counted(rate: number, position: number, stream: Stream): number {
  let product = 1;
  for (let count = 0; ; count++) {
    product *= evenly(position, count >> 2, stream)[count & 3] as number;
    if (product <= Math.exp(-rate)) return count;
  }
}

function transformed(rate: number, position: number, stream: Stream): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  for (let attempt = 0; ; attempt++) {
    const [even, v] = evenly(position, attempt, stream) as [number, number];
    const u = even - 0.5;
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const left = Math.log((v * (1.1239 + 1.1328 / (b - 3.4))) / (a / us ** 2 + b));
    if (left <= k * Math.log(rate) - rate - lgamma(k + 1)) return k;
  }
}
