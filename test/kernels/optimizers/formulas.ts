import type { Formula } from '../../../src/kernels/optimizers/update.ts';
import adagradSource from '../../../src/kernels/wgsl/optimizers/update/adagrad.wgsl';
import adamSource from '../../../src/kernels/wgsl/optimizers/update/adam.wgsl';
import rmspropSource from '../../../src/kernels/wgsl/optimizers/update/rmsprop.wgsl';
import centered from '../../../src/kernels/wgsl/optimizers/update/rmsprop-centered.wgsl';
import centeredMomentum from '../../../src/kernels/wgsl/optimizers/update/rmsprop-centered-momentum.wgsl';
import uncenteredMomentum from '../../../src/kernels/wgsl/optimizers/update/rmsprop-momentum.wgsl';
import plain from '../../../src/kernels/wgsl/optimizers/update/rmsprop-plain.wgsl';
import sgdSource from '../../../src/kernels/wgsl/optimizers/update/sgd.wgsl';
import momentumSource from '../../../src/kernels/wgsl/optimizers/update/sgd-momentum.wgsl';

// The formulas that src/optim makes rules of, in each of their variants.

const named = (...names: string[]) => names.map((name) => ({ name }));

export const sgd: Formula = { kind: 'sgd', source: sgdSource, moments: [] };

export function sgdWithMomentum({ nesterov }: { nesterov: boolean }): Formula {
  const constants = { NESTEROV: Number(nesterov) };
  return { kind: 'sgd', source: momentumSource, constants, moments: named('velocity') };
}

export const adam: Formula = {
  kind: 'adam',
  source: adamSource,
  moments: named('mean', 'variance'),
};

export const adagrad: Formula = {
  kind: 'adagrad',
  source: adagradSource,
  moments: named('squareSum'),
};

export function rmsprop(which: { momentum: boolean; centered: boolean }): Formula {
  const [without, withMomentum] = which.centered
    ? [centered, centeredMomentum]
    : [plain, uncenteredMomentum];
  return {
    kind: 'rmsprop',
    source: rmspropSource + (which.momentum ? withMomentum : without),
    moments: named(
      'meanSquare',
      ...(which.momentum ? ['velocity'] : []),
      ...(which.centered ? ['mean'] : []),
    ),
  };
}
