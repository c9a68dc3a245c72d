// The numbers that peers compute on: the same for each, and made on the host, so that no peer's
// random generator is timed or trusted.

/** A stream of doubles in [0, 1) that depends on `seed` alone (a 32-bit Weyl sequence, mixed). */
function uniformStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function uniform(
  shape: readonly number[],
  seed: number,
  low = -1,
  high = 1,
): Float32Array<ArrayBuffer> {
  const next = uniformStream(seed);
  return Float32Array.from({ length: elements(shape) }, () => low + (high - low) * next());
}

/** Glorot's range; the last axis is the fan-out's, as in HWIO filters and [in, out] matrices. */
export function glorotUniform(shape: readonly number[], seed: number): Float32Array<ArrayBuffer> {
  const receptive = elements(shape.slice(0, -2));
  const fans = receptive * ((shape.at(-2) ?? 1) + (shape.at(-1) ?? 1));
  const limit = Math.sqrt(6 / fans);
  return uniform(shape, seed, -limit, limit);
}

export function labels(count: number, classes: number, seed: number): Int32Array<ArrayBuffer> {
  const next = uniformStream(seed);
  return Int32Array.from({ length: count }, () => Math.floor(next() * classes));
}
