// What is looked at: products and convolutions of the bench, of f32 and of f16, and whole training steps.

import { type Case, convolutions, matMul, trainStep } from '../cases.ts';
import { type StepModel, stepModels } from '../dry-run/step.ts';

/** A case of the bench, or a step of a model that only wgrad has here. */
export type IsaWork =
  | { readonly name: string; readonly case: Case }
  /** The same of operands that are stored as f16, which peers do not have. */
  | { readonly name: string; readonly case: Case; readonly dtype: 'f16' }
  | { readonly name: string; readonly step: StepModel; readonly batch: number };

const BATCH = 128;

const layouts = ['NN', 'NT', 'TN'] as const;
const products = [
  ...layouts.map((layout) => matMul(1024, 1024, 1024, layout)),
  ...layouts.map((layout) => matMul(256, 256, 256, layout)),
  ...layouts.map((layout) => matMul(128, 784, 16, layout)),
  ...convolutions({ input: [32, 13, 13, 32], filters: 64, size: 3, padding: 'valid' }),
  ...convolutions({ input: [32, 14, 14, 64], filters: 64, size: 3, padding: 'same' }),
  ...convolutions({ input: [128, 28, 28, 1], filters: 32, size: 3, padding: 'valid' }),
];

const ofHalves = [
  ...layouts.map((layout) => matMul(1024, 1024, 1024, layout)),
  ...layouts.map((layout) => matMul(256, 256, 256, layout)),
  ...convolutions({ input: [32, 14, 14, 64], filters: 64, size: 3, padding: 'same' }),
];

export const works: readonly IsaWork[] = [
  ...products.map((item) => ({ name: item.name, case: item })),
  ...ofHalves.map((item) => ({ name: `${item.name} of f16`, case: item, dtype: 'f16' as const })),
  ...stepModels.map((model) =>
    model === 'resnet50'
      ? { name: `train step resnet50 batch ${BATCH}`, step: model, batch: BATCH }
      : { name: trainStep(model, BATCH).name, case: trainStep(model, BATCH) },
  ),
];
