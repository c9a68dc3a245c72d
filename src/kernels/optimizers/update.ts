import { ceilDivide, input, type Launches, launch, type Operand, product } from '../launch.ts';
import { program } from '../program.ts';
import flushSubnormals from '../wgsl/optimizers/functions/flush-subnormals.wgsl';
import gradient from '../wgsl/optimizers/functions/gradient.wgsl';
import scaled from '../wgsl/optimizers/functions/gradient-scaled.wgsl';
import whole from '../wgsl/optimizers/functions/gradient-whole.wgsl';
import trust from '../wgsl/optimizers/functions/trust.wgsl';
import frame from '../wgsl/optimizers/update.wgsl';
import { type Clipping, type Formula, scalarNames, type UpdateContext } from './formula.ts';

const WORKGROUP = 64;

/** The inputs of a formula's kernels, by their names and in order, and how these make gradients of `grads`. */
export function operandsOf(
  { constants, moments }: Pick<Formula, 'constants' | 'moments'>,
  clipping: Clipping,
) {
  const { scales = false, skips = false, clipValue = false } = clipping;
  const names = [
    ...['weights', 'grads', ...moments.map(({ name }) => name)],
    ...(scales ? ['scale'] : []),
  ];
  const scale = scales ? { SCALE: names.length, SKIPS: Number(skips) } : {};
  return {
    names,
    constants: { ...constants, CLIP_VALUE: Number(clipValue), ...scale },
    functions: [flushSubnormals, scales ? scaled : whole, gradient],
  };
}

/**
 * A step in place: inputs are weights, gradients and moments, flat f32 buffers of one size, and behind them
 * the ratios of a formula with a `direction`; there is no output. Every field of the formula's
 * `Params` but `vectors` is a scalar of the op; `clipValue` is one in all formulas.
 */
export function update(formula: Formula, { attributes, inputs }: UpdateContext): Launches {
  const { kind, source, direction } = formula;
  const { names, constants, functions } = operandsOf(formula, attributes);
  const bound = direction ? [...names, 'ratios'] : names;
  const vectors = ceilDivide(product((inputs[0] as Operand).shape), 4);
  const step = launch({
    program: program(
      kind,
      frame,
      { ...constants, WORKGROUP, ...(direction ? { RATIOS: bound.length } : {}) },
      [...functions, ...(direction ? [trust] : []), source],
    ),
    bindings: Object.fromEntries(bound.map((name, i) => [name, input(i)])),
    params: { vectors },
    scalars: [...scalarNames(formula), 'clipValue'],
    workgroups: ceilDivide(vectors, WORKGROUP),
  });
  return { launches: [step] };
}
