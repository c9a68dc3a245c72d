import { requireNumber, requireOptions } from '../../arguments.ts';
import { type DType, MAX_F32 } from '../../kernels/dtype.ts';
import { apply, type NoAttributes, type Op } from '../op.ts';
import { dtypeIn, full, resolved, tensor } from '../ops/creation.ts';
import { slice } from '../ops/views.ts';
import { where } from '../ops/where.ts';
import { checkShape } from '../shape.ts';
import type { Resolved, Shape } from '../shape-types.ts';
import type { Tensor } from '../tensor.ts';
import {
  type DeviceStream,
  deviceStream,
  hostStream,
  type RandomOptions,
  streamScalars,
} from './generator.ts';
import { floatFrom, floatsIn } from './interval.ts';
import { rowsOf } from './part.ts';

// Counter-based numbers (Philox4x32-10): an element depends on seed, stream and position alone,
// so it can be computed again instead of being stored, and is the same on every device.
const bitsOp: Op<[], NoAttributes, 'seedLow' | 'seedHigh' | 'stream'> = {
  name: 'randomBits',
  lowering: { kind: 'generator', generate: 'random' },
};

/** Uniform in [0, 1) from the upper 24 bits: as many as an f32 holds exactly. */
const unitOp: Op<[bits: Tensor<Shape, 'u32'>]> = {
  name: 'unitInterval',
  lowering: {
    kind: 'elementwise',
    wgsl: ([bits]) => `vec4<f32>(${bits} >> vec4<u32>(8u)) * (1.0 / 16777216.0)`,
  },
};

/** Box & Muller, "A note on the generation of random normal deviates", 1958; 1 − u avoids log 0. */
const boxMullerOp: Op<[u: Tensor, v: Tensor]> = {
  name: 'boxMuller',
  lowering: {
    kind: 'elementwise',
    // A driver's logarithm of 1 may lie a little above 0.
    wgsl: ([u, v]) =>
      `sqrt(max(-2.0 * log(1.0 - ${u}), vec4<f32>())) * cos(6.283185307179586 * ${v})`,
    heavy: true,
  },
};

/** x · scale + offset, held to bounds that rounding would pass. */
const scaledOp: Op<[x: Tensor, scale: Tensor, offset: Tensor, least: Tensor, most: Tensor]> = {
  name: 'scaled',
  lowering: {
    kind: 'elementwise',
    wgsl: ([x, scale, offset, least, most]) =>
      `clamp(${x} * ${scale} + ${offset}, ${least}, ${most})`,
  },
};

function scaled<S extends Shape>(
  x: Tensor<S>,
  scale: number,
  offset: number,
  [least, most]: readonly [number, number],
): Tensor<S> {
  const number = (value: number) => full(x.shape, value);
  return apply(scaledOp, [x, number(scale), number(offset), number(least), number(most)], x);
}

/** Numbers drawn evenly from [0, 1). The second `half` of a stream shares no number with the first. */
export function unit<S extends Shape>(
  shape: S,
  stream: DeviceStream,
  half: 0 | 1 = 0,
): Tensor<Resolved<S>> {
  const own = resolved('random', shape);
  const rows = rowsOf(own[0]);
  const drawn = rows ? [rows.of, ...own.slice(1)] : own;
  const type = { shape: drawn, dtype: 'u32' } as const;
  const bits = apply(bitsOp, [], type, {}, streamScalars(stream, half));
  const all = apply(unitOp, [bits], { shape: drawn, dtype: 'f32' });
  const part = rows ? slice(all, [rows.from], [rows.from + (own[0] ?? 0)]) : all;
  return part as Tensor<Resolved<S>>;
}

export interface UniformOptions extends RandomOptions {
  /** The least value, 0 if left out. */
  readonly low?: number;
  /** What every value is below, 1 if left out. */
  readonly high?: number;
}

/**
 * Numbers drawn evenly from [low, high), f32; all of them `low` where that is `high`.
 * @throws ShapeError where the shape is none.
 * @throws ArgumentError where `low` is above `high`, no f32 is between them, or the seed is not a whole
 *   number.
 */
export function uniform<const S extends Shape>(
  shape: S,
  options: UniformOptions = {},
): Tensor<Resolved<S>> {
  requireOptions('random.uniform', options, ['low', 'high', 'seed']);
  const { low = 0, high = 1 } = options;
  checkShape('random.uniform', shape);
  const [least, most] = floatsIn('random.uniform', low, high);
  // The width of an interval may be beyond f32, half of it is not.
  const part = high - low > MAX_F32 ? 0.5 : 1;
  const bounds = [least * part, most * part] as const;
  const x = scaled(
    unit(shape, deviceStream(options)),
    high * part - low * part,
    low * part,
    bounds,
  );
  return part === 1 ? x : x.mul(2);
}

export interface NormalOptions extends RandomOptions {
  /** 0 if left out. */
  readonly mean?: number;
  /** The standard deviation, 1 if left out. */
  readonly std?: number;
  /** @deprecated Use `std`. */
  readonly deviation?: number;
}

function checkMoments(op: string, shape: Shape, mean: number, std: number): void {
  checkShape(op, shape);
  requireNumber(op, { mean });
  requireNumber(op, { std }, { from: 0 });
}

const NORMAL_OPTIONS = ['mean', 'std', 'deviation', 'seed'] as const;

/**
 * Numbers drawn from the normal distribution with the given mean and standard deviation, f32.
 * @throws ShapeError where the shape is none.
 * @throws ArgumentError where the deviation is below 0, or the seed not a whole number.
 */
export function normal<const S extends Shape>(
  shape: S,
  options: NormalOptions = {},
): Tensor<Resolved<S>> {
  requireOptions('random.normal', options, NORMAL_OPTIONS);
  const { mean = 0, deviation = 1, std = deviation } = options;
  checkMoments('random.normal', shape, mean, std);
  const stream = deviceStream(options);
  const u = unit(shape, stream);
  return apply(boxMullerOp, [u, unit(shape, stream, 1)], u)
    .mul(std)
    .add(mean);
}

/**
 * Normal numbers no farther than two standard deviations from the mean, f32: the distribution
 * function is inverted on the part that is kept (error below 5e-4 standard deviations).
 * @throws ShapeError where the shape is none.
 * @throws ArgumentError where the deviation is below 0, or the seed not a whole number.
 */
export function truncatedNormal<const S extends Shape>(
  shape: S,
  options: NormalOptions = {},
): Tensor<Resolved<S>> {
  requireOptions('random.truncatedNormal', options, NORMAL_OPTIONS);
  const { mean = 0, deviation = 1, std = deviation } = options;
  checkMoments('random.truncatedNormal', shape, mean, std);
  const [middle, reach] = [Math.fround(mean), 2 * std];
  const least = Math.min(floatFrom(mean - reach), middle);
  const most = Math.max(-floatFrom(-mean - reach), middle);
  return scaled(cutNormal(unit(shape, deviceStream(options))), std, mean, [least, most]);
}

/** Where the standard normal distribution between −2 and 2 has the values `u` from [0, 1). */
function cutNormal<S extends Shape>(u: Tensor<S>): Tensor<S>;
function cutNormal(u: Tensor): Tensor {
  const tail = 0.022750131948179195; // Φ(−2)
  const p = u.mul(1 - 2 * tail).add(tail);
  const lower = p.less(0.5);
  const q = where(lower, p, p.neg().add(1));
  // Abramowitz & Stegun, Handbook of Mathematical Functions, 26.2.23.
  const t = q.log().mul(-2).sqrt();
  const above = t.mul(0.010328).add(0.802853).mul(t).add(2.515517);
  const below = t.mul(0.001308).add(0.189269).mul(t).add(1.432788).mul(t).add(1);
  const x = t.sub(above.div(below));
  return where(lower, x.neg(), x);
}

/**
 * 1 with the given probability, else 0; f32 unless another dtype is asked for.
 * @throws ShapeError where the shape is none.
 * @throws ArgumentError where the probability is not in 0 … 1, or the seed not a whole number.
 */
export function bernoulli<const S extends Shape, D extends DType = 'f32'>(
  shape: S,
  probability: number,
  options: RandomOptions & { readonly dtype?: D } = {},
): Tensor<Resolved<S>, D> {
  requireOptions('random.bernoulli', options, ['seed', 'dtype']);
  checkShape('random.bernoulli', shape);
  requireNumber('random.bernoulli', { probability }, { from: 0, to: 1 });
  return unit(shape, deviceStream(options))
    .less(probability)
    .cast(dtypeIn('random.bernoulli', options));
}

/**
 * The numbers 0 … n − 1 in random order, i32 [n]. Drawn on the host, where sorting is cheap.
 * @throws ShapeError where n is not a whole number of 0 or more.
 * @throws ArgumentError where the seed is not a whole number.
 */
export function permutation(n: number, options: RandomOptions = {}): Tensor<[number], 'i32'> {
  requireOptions('random.permutation', options, ['seed']);
  checkShape('random.permutation', [n]);
  return tensor(hostStream(options).permutation(n), [n]);
}
