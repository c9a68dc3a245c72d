import type { Program } from '../device/device.ts';
import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  type Operand,
  product,
  program,
} from './launch.ts';
import adagradSource from './wgsl/adagrad.wgsl';
import adamSource from './wgsl/adam.wgsl';
import rmspropSource from './wgsl/rmsprop.wgsl';
import centered from './wgsl/rmsprop-centered.wgsl';
import centeredMomentum from './wgsl/rmsprop-centered-momentum.wgsl';
import momentum from './wgsl/rmsprop-momentum.wgsl';
import plain from './wgsl/rmsprop-plain.wgsl';
import sgdSource from './wgsl/sgd.wgsl';
import sgdMomentum from './wgsl/sgd-momentum.wgsl';

// All of these change their inputs in place and have no output. Every input is a flat f32 buffer
// of the same size; what changes from step to step comes as scalars of the op.

const WORKGROUP = 64;

export interface SgdContext extends LaunchContext {
  readonly attributes: { readonly momentum: boolean; readonly nesterov: boolean };
}

/** Inputs: parameters, gradients, velocity (with momentum). Scalars: {@link sgdScalars}. */
export function sgd(context: SgdContext): Launches {
  const { momentum, nesterov } = context.attributes;
  if (!momentum) {
    return overVectors(context, program('sgd', sgdSource, { WORKGROUP }), 2, [0, 2]);
  }
  const constants = { WORKGROUP, NESTEROV: Number(nesterov) };
  return overVectors(context, program('sgd_momentum', sgdMomentum, constants), 3, [0, 1, 2, 3]);
}

/** The scalars of `sgd`, in order. */
export const sgdScalars = ['lr', 'momentum', 'weightDecay', 'dampening'] as const;

/** Inputs: parameters, gradients, m, v. Scalars: {@link adamScalars}. */
export function adam(context: LaunchContext): Launches {
  const adamProgram = program('adam', adamSource, { WORKGROUP });
  return overVectors(context, adamProgram, 4, [0, 1, 2, 3, 4, 5, 6]);
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
] as const;

export interface RmspropContext extends LaunchContext {
  readonly attributes: { readonly momentum: boolean; readonly centered: boolean };
}

/**
 * Inputs: parameters, gradients, mean square, then the momentum buffer (with momentum), then the
 * mean gradient (centered). Scalars: {@link rmspropScalars}.
 */
export function rmsprop(context: RmspropContext): Launches {
  const { attributes } = context;
  const step = attributes.centered
    ? attributes.momentum
      ? centeredMomentum
      : centered
    : attributes.momentum
      ? momentum
      : plain;
  const inputs = 3 + Number(attributes.momentum) + Number(attributes.centered);
  const rmspropProgram = program('rmsprop', rmspropSource, { WORKGROUP }, [step]);
  return overVectors(context, rmspropProgram, inputs, [0, 1, 2, 3, 4]);
}

/** The scalars of `rmsprop`, in order. */
export const rmspropScalars = ['lr', 'alpha', 'epsilon', 'momentum', 'weightDecay'] as const;

/** Inputs: parameters, gradients, sum of squares. Scalars: {@link adagradScalars}. */
export function adagrad(context: LaunchContext): Launches {
  return overVectors(context, program('adagrad', adagradSource, { WORKGROUP }), 3, [0, 1, 2]);
}

/** The scalars of `adagrad`, in order. */
export const adagradScalars = ['lr', 'epsilon', 'weightDecay'] as const;

/** One vec4 of every input to an invocation; after the count, the numbers the op carries. */
function overVectors(
  context: LaunchContext,
  program: Program,
  inputs: number,
  scalars: readonly number[],
): Launches {
  const vectors = ceilDivide(product((context.inputs[0] as Operand).shape), 4);
  const launch = {
    program,
    bindings: Array.from({ length: inputs }, (_, i) => input(i)),
    params: [vectors, ...scalars.map((scalar) => ({ scalar }))],
    workgroups: ceilDivide(vectors, WORKGROUP),
  };
  return { launches: [launch] };
}
