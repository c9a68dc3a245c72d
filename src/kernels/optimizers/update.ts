import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  type Operand,
  product,
  program,
} from '../launch.ts';
import flushSubnormals from '../wgsl/optimizers/functions/flush-subnormals.wgsl';
import gradient from '../wgsl/optimizers/functions/gradient.wgsl';
import scaled from '../wgsl/optimizers/functions/gradient-scaled.wgsl';
import whole from '../wgsl/optimizers/functions/gradient-whole.wgsl';
import adagradSource from '../wgsl/optimizers/update/adagrad.wgsl';
import adamSource from '../wgsl/optimizers/update/adam.wgsl';
import rmspropSource from '../wgsl/optimizers/update/rmsprop.wgsl';
import centered from '../wgsl/optimizers/update/rmsprop-centered.wgsl';
import centeredMomentum from '../wgsl/optimizers/update/rmsprop-centered-momentum.wgsl';
import momentum from '../wgsl/optimizers/update/rmsprop-momentum.wgsl';
import plain from '../wgsl/optimizers/update/rmsprop-plain.wgsl';
import sgdSource from '../wgsl/optimizers/update/sgd.wgsl';
import sgdMomentum from '../wgsl/optimizers/update/sgd-momentum.wgsl';

// All of these change their inputs in place and have no output. Every input is a flat f32 buffer
// of the same size; what changes from step to step comes as scalars of the op, the last of which
// is always `clipValue`.

const WORKGROUP = 64;

/**
 * How gradients are clipped before anything else is made of them: by norm, then by value.
 * `clipNorm` adds an input behind all others, the factor they are multiplied by ([1], of the
 * kernel in clip-norm.ts); `clipValue` makes the kernel look at the scalar of that name.
 */
export type Clipping = { readonly clipNorm?: boolean; readonly clipValue?: boolean };

interface ClippingContext<A = unknown> extends LaunchContext {
  readonly attributes: A & Clipping;
}

/** Inputs: parameters, gradients, velocity (with momentum). Scalars: {@link sgdScalars}. */
export function sgd(
  context: ClippingContext<{ readonly momentum: boolean; readonly nesterov: boolean }>,
): Launches {
  const { momentum, nesterov } = context.attributes;
  if (!momentum) return overVectors(context, { name: 'sgd', source: sgdSource }, 2, [0, 2, 4]);
  const constants = { NESTEROV: Number(nesterov) };
  const kernel = {
    name: 'sgd_momentum',
    source: sgdMomentum,
    constants,
    functions: [flushSubnormals],
  };
  return overVectors(context, kernel, 3, [0, 1, 2, 3, 4]);
}

/** The scalars of `sgd`, in order. */
export const sgdScalars = ['lr', 'momentum', 'weightDecay', 'dampening', 'clipValue'] as const;

/** Inputs: parameters, gradients, m, v. Scalars: {@link adamScalars}. */
export function adam(context: ClippingContext): Launches {
  const kernel = { name: 'adam', source: adamSource, functions: [flushSubnormals] };
  return overVectors(context, kernel, 4, [0, 1, 2, 3, 4, 5, 6, 7]);
}

/**
 * The scalars of `adam`, in order. `stepSize` is lr / (1 - beta1^t), `inverseSqrtBias2` is
 * 1 / sqrt(1 - beta2^t), `decoupledDecay` is lr · weight decay for AdamW, 0 for Adam.
 */
export const adamScalars = [
  'stepSize',
  'beta1',
  'beta2',
  'epsilon',
  'inverseSqrtBias2',
  'weightDecay',
  'decoupledDecay',
  'clipValue',
] as const;

/**
 * Inputs: parameters, gradients, mean square, then the momentum buffer (with momentum), then the
 * mean gradient (centered). Scalars: {@link rmspropScalars}.
 */
export function rmsprop(
  context: ClippingContext<{ readonly momentum: boolean; readonly centered: boolean }>,
): Launches {
  const { attributes } = context;
  const step = attributes.centered
    ? attributes.momentum
      ? centeredMomentum
      : centered
    : attributes.momentum
      ? momentum
      : plain;
  const inputs = 3 + Number(attributes.momentum) + Number(attributes.centered);
  const kernel = { name: 'rmsprop', source: rmspropSource, functions: [flushSubnormals, step] };
  return overVectors(context, kernel, inputs, [0, 1, 2, 3, 4, 5]);
}

/** The scalars of `rmsprop`, in order. */
export const rmspropScalars = [
  'lr',
  'alpha',
  'epsilon',
  'momentum',
  'weightDecay',
  'clipValue',
] as const;

/** Inputs: parameters, gradients, sum of squares. Scalars: {@link adagradScalars}. */
export function adagrad(context: ClippingContext): Launches {
  return overVectors(context, { name: 'adagrad', source: adagradSource }, 3, [0, 1, 2, 3]);
}

/** The scalars of `adagrad`, in order. */
export const adagradScalars = ['lr', 'epsilon', 'weightDecay', 'clipValue'] as const;

interface UpdateRule {
  readonly name: string;
  readonly source: string;
  readonly constants?: Readonly<Record<string, number>>;
  readonly functions?: readonly string[];
}

/** One vec4 of every input to an invocation; after the count, the numbers the op carries. */
function overVectors(
  context: ClippingContext,
  { name, source, constants = {}, functions = [] }: UpdateRule,
  inputs: number,
  scalars: readonly number[],
): Launches {
  const { clipNorm = false, clipValue = false } = context.attributes;
  const vectors = ceilDivide(product((context.inputs[0] as Operand).shape), 4);
  const clipping = { CLIP_VALUE: Number(clipValue), ...(clipNorm ? { SCALE: inputs + 1 } : {}) };
  const launch = {
    program: program(name, source, { WORKGROUP, ...constants, ...clipping }, [
      clipNorm ? scaled : whole,
      gradient,
      ...functions,
    ]),
    bindings: Array.from({ length: inputs + Number(clipNorm) }, (_, i) => input(i)),
    params: [vectors, ...scalars.map((scalar) => ({ scalar }))],
    workgroups: ceilDivide(vectors, WORKGROUP),
  };
  return { launches: [launch] };
}
