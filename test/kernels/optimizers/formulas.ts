import type { Formula } from '../../../src/kernels/optimizers/formula.ts';
import lambSource from '../../../src/kernels/wgsl/optimizers/trust/lamb.wgsl';
import lambDirection from '../../../src/kernels/wgsl/optimizers/trust/lamb-direction.wgsl';
import lambStep from '../../../src/kernels/wgsl/optimizers/trust/lamb-step.wgsl';
import larsSource from '../../../src/kernels/wgsl/optimizers/trust/lars.wgsl';
import larsDirection from '../../../src/kernels/wgsl/optimizers/trust/lars-direction.wgsl';
import larsStep from '../../../src/kernels/wgsl/optimizers/trust/lars-step.wgsl';
import adadeltaSource from '../../../src/kernels/wgsl/optimizers/update/adadelta.wgsl';
import adagradSource from '../../../src/kernels/wgsl/optimizers/update/adagrad.wgsl';
import adamSource from '../../../src/kernels/wgsl/optimizers/update/adam.wgsl';
import amsgradSource from '../../../src/kernels/wgsl/optimizers/update/adam-amsgrad.wgsl';
import latestSource from '../../../src/kernels/wgsl/optimizers/update/adam-latest.wgsl';
import meansSource from '../../../src/kernels/wgsl/optimizers/update/adam-means.wgsl';
import adamaxSource from '../../../src/kernels/wgsl/optimizers/update/adamax.wgsl';
import lionSource from '../../../src/kernels/wgsl/optimizers/update/lion.wgsl';
import nadamSource from '../../../src/kernels/wgsl/optimizers/update/nadam.wgsl';
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
  source: adamSource + meansSource + latestSource,
  moments: named('mean', 'variance'),
};

export const amsgrad: Formula = {
  kind: 'adam',
  source: adamSource + meansSource + amsgradSource,
  moments: named('mean', 'variance', 'largest'),
};

export const adagrad: Formula = {
  kind: 'adagrad',
  source: adagradSource,
  moments: named('squareSum'),
};

export const nadam: Formula = {
  kind: 'nadam',
  source: nadamSource + meansSource,
  moments: named('mean', 'variance'),
};

export const adamax: Formula = {
  kind: 'adamax',
  source: adamaxSource,
  moments: named('mean', 'largest'),
};

export const adadelta: Formula = {
  kind: 'adadelta',
  source: adadeltaSource,
  moments: named('meanSquare', 'meanSquareStep'),
};

export const lamb: Formula = {
  kind: 'lamb',
  source: lambSource + lambStep,
  direction: { source: lambSource + lambDirection, moments: named('mean', 'variance') },
  moments: named('mean', 'variance'),
};

export const lars: Formula = {
  kind: 'lars',
  source: larsSource + larsStep,
  direction: { source: larsSource + larsDirection, moments: [] },
  constants: { NESTEROV: 1 },
  moments: named('velocity'),
};

export const lion: Formula = { kind: 'lion', source: lionSource, moments: named('mean') };

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
