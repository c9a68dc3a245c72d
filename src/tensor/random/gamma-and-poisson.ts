import { requireNumber, requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import {
  type DrawAttributes,
  gamma as launchGamma,
  poisson as launchPoisson,
} from '../../kernels/random/draws.ts';
import { apply, type Op } from '../op.ts';
import { full, resolved } from '../ops/creation.ts';
import { expandTo } from '../ops/views.ts';
import { requireDType } from '../require-dtype.ts';
import type { Resolved, Shape } from '../shape-types.ts';
import { type AnyTensor, Tensor } from '../tensor.ts';
import { deviceStream, type RandomOptions, streamScalars } from './generator.ts';
import { rowsOf } from './part.ts';

type DrawOp = Op<[of: Tensor], DrawAttributes, 'seedLow' | 'seedHigh' | 'stream'>;

/** What is drawn is constant: whether a number is accepted has no slope. */
const drawOp = (name: string, launch: typeof launchGamma): DrawOp => ({
  name,
  lowering: { kind: 'kernel', launch },
  vjp: () => [undefined],
});
const gammaOp = drawOp('randomGamma', launchGamma);
const poissonOp = drawOp('randomPoisson', launchPoisson);

/** A number, or numbers that broadcast to what is drawn. */
type Parameter = number | AnyTensor;

export interface GammaOptions extends RandomOptions {
  /** What numbers are divided by, the inverse of their scale: above 0, 1 if left out. */
  readonly beta?: Parameter;
}

/**
 * Numbers drawn from the gamma distribution of shape `alpha` and rate `beta`, f32, by Marsaglia and Tsang, "A
 * simple method for generating gamma variables", 2000; all 0 for a shape of 0. Shape and rate are numbers, or f32
 * tensors that broadcast to `shape`, of which NaN and what is below 0 give NaN. Gradients go to `beta` alone. The
 * words drawn are the same on every device, logarithms are not quite: about one number in 10⁶ is another.
 * @throws ShapeError where the shape is none, or a tensor does not broadcast to it.
 * @throws DTypeError where a tensor is not f32.
 * @throws ArgumentError where `alpha` is below 0, `beta` not above it, or the seed not a whole number.
 */
export function gamma<const S extends Shape>(
  shape: S,
  alpha: Parameter,
  options: GammaOptions = {},
): Tensor<Resolved<S>> {
  requireOptions('random.gamma', options, ['beta', 'seed']);
  const { beta = 1 } = options;
  if (!(beta instanceof Tensor)) requireNumber('random.gamma', { beta }, { above: 0 });
  const scale = parameter('random.gamma', shape, 'beta', beta);
  const drawn = draw(gammaOp, parameter('random.gamma', shape, 'alpha', alpha), options);
  const result = beta === 1 ? drawn : drawn.div(scale);
  return result as Tensor<Resolved<S>>;
}

/**
 * Whole numbers drawn from the Poisson distribution, f32: below a rate of 10 by products of even numbers (Knuth,
 * The Art of Computer Programming, volume 2, 3.4.1), from there on by Hörmann, "The transformed rejection method
 * for generating Poisson random variables", 1993. Beyond 2²⁴ they are rounded as f32 is; a rate of 0 gives 0. The
 * rate is a number, or an f32 tensor that broadcasts to `shape`, of which NaN and what is below 0 give NaN. No
 * gradient goes to it. As with `random.gamma`, about one number in 10⁶ is another on another device.
 * @throws ShapeError where the shape is none, or the tensor does not broadcast to it.
 * @throws DTypeError where the tensor is not f32.
 * @throws ArgumentError where the rate is below 0, or the seed not a whole number.
 */
export function poisson<const S extends Shape>(
  shape: S,
  rate: Parameter,
  options: RandomOptions = {},
): Tensor<Resolved<S>> {
  requireOptions('random.poisson', options, ['seed']);
  const drawn = draw(poissonOp, parameter('random.poisson', shape, 'rate', rate), options);
  return drawn as Tensor<Resolved<S>>;
}

/** A parameter for each number that is drawn. */
function parameter(op: string, shape: Shape, name: string, value: Parameter): Tensor {
  const own = resolved(op, shape);
  if (!(value instanceof Tensor)) {
    requireNumber(op, { [name]: value }, { from: 0 });
    return full(own, value);
  }
  requireDType(op, value, ['f32']);
  const extra = own.length - value.rank;
  const fits = extra >= 0 && value.shape.every((size, i) => size === 1 || size === own[i + extra]);
  if (!fits) {
    throw new ShapeError(`${op}: ${name} [${value.shape}] does not broadcast to [${own}].`);
  }
  return expandTo(value, own);
}

function draw(op: DrawOp, of: Tensor, options: RandomOptions): Tensor {
  const rows = rowsOf(of.shape[0]);
  const first = rows ? (rows.from * of.size) / (of.shape[0] ?? 1) : 0;
  return apply(op, [of], of, { first }, streamScalars(deviceStream(options), 0));
}
