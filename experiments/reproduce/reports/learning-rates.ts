import type { ModelName } from '../../models/registry.ts';
import { type TrialSettings, trial } from '../../trial/settings.ts';
import type { Entry } from '../report.ts';

/** The learning rates that both MNIST reports compare. */
export const RATES = [0.1, 0.01, 0.001, 0.0001] as const;

/** A training of a model with each learning rate; `accuracies` are the authors', in that order. */
export function sweep(
  model: ModelName,
  accuracies: readonly number[] = [],
  given: Partial<TrialSettings> = {},
): Entry[] {
  return RATES.map((lr, i) => ({
    settings: trial({ model, data: 'mnist', lr, ...given }),
    theirs: accuracies[i] === undefined ? {} : { accuracy: accuracies[i] },
  }));
}
