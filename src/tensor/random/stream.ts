import { DataError } from '../../errors.ts';

/**
 * A seeded stream of random numbers on the host: sfc32 (Chris Doty-Humphrey's small fast counting
 * generator), 32-bit integer arithmetic only, so that every platform draws the same numbers.
 *
 * `(seed, stream, index)` names one stream. Whoever needs many (one for each image, one for each
 * epoch) numbers them by `index` instead of drawing on from a shared one: item 7 is then the same
 * however many items were asked for.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * @param seed any safe integer
   * @param stream which use of the seed this is, a 32-bit integer
   * @param index which item of that use, a 32-bit integer
   * @throws DataError where the seed is not a safe integer.
   */
  constructor(seed: number, stream = 0, index = 0) {
    if (!Number.isSafeInteger(seed)) {
      throw new DataError(`A seed must be a whole number of at most 53 bits, not ${seed}.`);
    }
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) ^ Math.imul(stream, 0x9e3779b1);
    this.#c = index | 0;
    // Neighbouring seeds start out alike; sfc32 needs a dozen rounds to tell them apart.
    for (let round = 0; round < 16; round++) this.bits();
  }

  /** 32 random bits as an integer in [0, 2^32). */
  bits(): number {
    const out = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + out) | 0;
    return out >>> 0;
  }

  /** A seed for a stream of its own: a whole number of 53 bits. */
  seed(): number {
    return (this.bits() >>> 11) * 2 ** 32 + this.bits();
  }

  /** A number in [low, high), uniform, with 32 random bits. */
  uniform(low = 0, high = 1): number {
    const drawn = low + (high - low) * (this.bits() / 2 ** 32);
    // Rounded up to `high` it would be outside.
    return drawn < high ? drawn : low;
  }

  /** A bell-shaped number with mean 0 and standard deviation `std`, never beyond 3.5 of them. */
  bell(std = 1): number {
    // Four uniforms added up: unlike Box-Muller, no logarithm or cosine that platforms round apart.
    const sum = this.uniform() + this.uniform() + this.uniform() + this.uniform();
    return (sum - 2) * Math.sqrt(3) * std;
  }

  /** An integer in [0, bound), each equally likely; `bound` in 1 … 2^32. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let bits = this.bits();
    while (bits >= limit) bits = this.bits();
    return bits % bound;
  }

  /** The numbers 0 … count − 1 in random order (Fisher and Yates), every order equally likely. */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, item) => item);
    for (let last = count - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other] as number, order[last] as number];
    }
    return order;
  }
}
