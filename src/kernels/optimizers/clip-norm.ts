import type { DeviceLimits } from '../../device/device.ts';
import { elements, wholeBlocks } from '../elements.ts';
import {
  ceilDivide,
  input,
  type Launch,
  type LaunchContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import { spanOf } from '../reduce/pass.ts';
import scaleSource from '../wgsl/optimizers/clip-norm-scale.wgsl';
import squaresSource from '../wgsl/optimizers/clip-norm-squares.wgsl';
import clipped from '../wgsl/optimizers/functions/factor-clipped.wgsl';
import unscaled from '../wgsl/optimizers/functions/factor-unscaled.wgsl';
import overflow from '../wgsl/optimizers/functions/overflow.wgsl';
import alone from '../wgsl/reduce/functions/alone.wgsl';
import combine from '../wgsl/reduce/functions/combine.wgsl';
import marked from '../wgsl/reduce/functions/marked.wgsl';
import tree from '../wgsl/reduce/functions/tree.wgsl';

/**
 * What gradients are multiplied by so that the norm of all of them together is at most the scalar
 * `maxNorm`: [1]. Inputs: flat f32 gradients and u32 lengths in turns, where
 * `lengths[i]` says how many of the 64 elements of block i belong to a gradient. Where another input
 * follows, the state of a loss scale, gradients are divided by that, and the factor is 0 where one of
 * them is infinite or NaN.
 */
export function clipNorm({ inputs, limits }: LaunchContext): Launches {
  const isScaled = inputs.length % 2 === 1;
  const gradients = inputs.length - Number(isScaled);
  const { constants, functions } = owners(limits);
  let first = 0;
  const launches: Launch[] = [];
  for (let i = 0; i < gradients; i += 2) {
    const [size] = (inputs[i] as Operand).shape as [number];
    const span = spanOf(size, limits.cpu ? 64 : 256, limits.cpu ? 1024 : 4096);
    const chunks = ceilDivide(size, span);
    launches.push(
      launch({
        program: program('clip_norm_squares', squaresSource, constants, functions),
        bindings: { grads: input(i), lengths: input(i + 1), norms: temporary(0) },
        params: { chunks, vectors: size / 4, span: span / 4, first },
        workgroups: chunks,
      }),
    );
    first += chunks;
  }
  const scale = launch({
    program: program('clip_norm_scale', scaleSource, constants, [
      ...functions,
      isScaled ? unscaled : clipped,
    ]),
    bindings: {
      ...{ norms: temporary(0), scale: OUTPUT },
      ...(isScaled && { lossScale: input(gradients) }),
    },
    params: { count: first },
    scalars: ['maxNorm'],
    workgroups: 1,
  });
  return { launches: [...launches, scale], temporaries: [wholeBlocks(first)] };
}

/** Who owns a chunk: a workgroup, or on CPUs one invocation alone. */
function owners({ cpu }: DeviceLimits) {
  const LANES = cpu ? 1 : 256;
  const constants = { OP: 0, MARK: 0, LANES, WORKGROUP: LANES };
  return {
    constants,
    functions: [overflow, elements('f32', 4), marked, combine, cpu ? alone : tree],
  };
}
