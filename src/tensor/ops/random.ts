import { ArgumentError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import type { Op } from '../op.ts';
import { RandomStream } from '../random-stream.ts';
import { checkShape } from '../shape.ts';
import type { Resolved, Shape } from '../shape-types.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';
import { tensor, zeros } from './creation.ts';
import { where } from './where.ts';

// Counter-based numbers (Philox4x32-10): an element depends on seed, stream and position alone,
// so it can be computed again instead of being stored, and is the same on every device.
const bitsOp: Op = { name: 'randomBits', lowering: { kind: 'generator', generate: 'random' } };

/** Uniform in [0, 1) from the upper 24 bits: as many as an f32 holds exactly. */
const unitOp: Op = {
  name: 'unitInterval',
  lowering: {
    kind: 'elementwise',
    wgsl: ([bits]) => `vec4<f32>(${bits} >> vec4<u32>(8u)) * (1.0 / 16777216.0)`,
  },
};

/** Box & Muller, "A note on the generation of random normal deviates", 1958; 1 − u avoids log 0. */
const boxMullerOp: Op = {
  name: 'boxMuller',
  lowering: {
    kind: 'elementwise',
    wgsl: ([u, v]) => `sqrt(-2.0 * log(1.0 - ${u})) * cos(6.283185307179586 * ${v})`,
    heavy: true,
  },
};

let globalSeed = 0;
let globalStream = 0;

/** Seeds every random tensor made without a seed of its own: same seed, same program, same numbers. */
export function setSeed(seed: number): void {
  globalSeed = seed;
  globalStream = 0;
}

/** The state behind {@link setSeed}, to be stored with a checkpoint. */
export function randomState(): { readonly seed: number; readonly stream: number } {
  return { seed: globalSeed, stream: globalStream };
}

/** Restores what {@link randomState} gave. */
export function setRandomState(state: { readonly seed: number; readonly stream: number }): void {
  globalSeed = state.seed;
  globalStream = state.stream;
}

export interface RandomOptions {
  /** The seed, a whole number; without one, the numbers continue the program's own sequence. */
  readonly seed?: number;
}

function keyOf(seed = globalSeed): number {
  if (Number.isInteger(seed)) return seed;
  throw new ArgumentError(`random: the seed ${seed} must be a whole number.`);
}

function words({ seed }: RandomOptions): [number, number, number] {
  const key = keyOf(seed);
  // Explicit seeds use another key than the program's sequence, so that the two never meet.
  const high = Math.floor(key / 2 ** 32) >>> 0;
  if (seed !== undefined) return [key >>> 0, high ^ 0x5eed, 0];
  return [key >>> 0, high, globalStream++ >>> 0];
}

// Tell numbers drawn on the host apart by where their seed is from.
const OF_PROGRAM = 0x70726f67;
const OF_SEED = 0x73656564;

/** Random numbers for what is drawn on the host, from a seed or the program's own sequence. */
export function hostStream({ seed }: RandomOptions = {}): RandomStream {
  const key = keyOf(seed);
  if (seed !== undefined) return new RandomStream(key, OF_SEED);
  return new RandomStream(key, OF_PROGRAM, globalStream++);
}

function unit(
  shape: readonly number[],
  [low, high, stream]: readonly number[],
  half = 0,
): Tensor<Shape, 'f32'> {
  checkShape('random', shape);
  const second = ((high as number) ^ (half * 0x80000000)) >>> 0;
  const bits = apply(bitsOp, [], { shape: [...shape], dtype: 'u32' }, {}, [
    low as number,
    second,
    stream as number,
  ]);
  return apply(unitOp, [bits], { shape: [...shape], dtype: 'f32' });
}

/** Numbers drawn evenly from [low, high), f32. */
export function randomUniform<const S extends Shape>(
  shape: S,
  options: RandomOptions & { readonly low?: number; readonly high?: number } = {},
): Tensor<Resolved<S>> {
  const { low = 0, high = 1 } = options;
  const drawn = unit(shape, words(options));
  return drawn.mul(high - low).add(low) as unknown as Tensor<Resolved<S>>;
}

/** Numbers drawn from the normal distribution with the given mean and standard deviation, f32. */
export function randomNormal<const S extends Shape>(
  shape: S,
  options: RandomOptions & { readonly mean?: number; readonly deviation?: number } = {},
): Tensor<Resolved<S>> {
  const { mean = 0, deviation = 1 } = options;
  const key = words(options);
  const normal = apply(boxMullerOp, [unit(shape, key), unit(shape, key, 1)], {
    shape: [...shape],
    dtype: 'f32',
  });
  return normal.mul(deviation).add(mean) as unknown as Tensor<Resolved<S>>;
}

/**
 * Normal numbers no farther than two standard deviations from the mean, f32: the distribution
 * function is inverted on the part that is kept (error below 5e-4 standard deviations).
 */
export function randomTruncatedNormal<const S extends Shape>(
  shape: S,
  options: RandomOptions & { readonly mean?: number; readonly deviation?: number } = {},
): Tensor<Resolved<S>> {
  const { mean = 0, deviation = 1 } = options;
  const tail = 0.022750131948179195; // Φ(−2)
  const p = unit(shape, words(options))
    .mul(1 - 2 * tail)
    .add(tail);
  const lower = p.less(0.5) as Tensor<Shape, 'bool'>;
  const q = where(lower, p, p.neg().add(1) as Tensor<Shape, 'f32'>) as AnyTensor;
  // Abramowitz & Stegun, Handbook of Mathematical Functions, 26.2.23.
  const t = q.log().mul(-2).sqrt();
  const above = t.mul(0.010328).add(0.802853).mul(t).add(2.515517);
  const below = t.mul(0.001308).add(0.189269).mul(t).add(1.432788).mul(t).add(1);
  const x = t.sub(above.div(below));
  const signed = where(
    lower,
    x.neg() as Tensor<Shape, 'f32'>,
    x as Tensor<Shape, 'f32'>,
  ) as AnyTensor;
  return signed.clip(-2, 2).mul(deviation).add(mean) as unknown as Tensor<Resolved<S>>;
}

/** 1 with the given probability, else 0; f32 unless another dtype is asked for. */
export function randomBernoulli<const S extends Shape, D extends DType = 'f32'>(
  shape: S,
  probability: number,
  options: RandomOptions & { readonly dtype?: D } = {},
): Tensor<Resolved<S>, D> {
  if (!(probability >= 0 && probability <= 1)) {
    throw new ArgumentError(
      `randomBernoulli: the probability ${probability} must lie between 0 and 1.`,
    );
  }
  const hits = unit(shape, words(options)).less(probability);
  return hits.cast(options.dtype ?? 'f32') as unknown as Tensor<Resolved<S>, D>;
}

/** The numbers 0 … n − 1 in random order, i32 [n]. Drawn on the host, where sorting is cheap. */
export function randomPermutation(n: number, options: RandomOptions = {}): Tensor<[number], 'i32'> {
  checkShape('randomPermutation', [n]);
  const order = hostStream(options).permutation(n);
  return tensor(order, [n]) as unknown as Tensor<[number], 'i32'>;
}

/**
 * Sets each element to 0 with probability `rate` and scales the others so that the mean stays
 * (Srivastava et al., "Dropout", JMLR 2014). The mask is recomputed in the backward pass.
 */
export function dropout(x: AnyTensor, rate: number, options: RandomOptions = {}): Tensor {
  if (!(rate >= 0 && rate <= 1))
    throw new ArgumentError(`dropout: the rate ${rate} must lie between 0 and 1.`);
  if (rate === 0) return x as Tensor;
  if (rate === 1) return zeros(x.shape) as Tensor;
  const kept = unit(x.shape, words(options)).greaterEqual(rate);
  return where(
    kept as Tensor<Shape, 'bool'>,
    x.mul(1 / (1 - rate)) as Tensor<Shape, 'f32'>,
    zeros(x.shape),
  );
}
