import { report } from '../../../src/node.ts';
import type { ModelName } from '../../experiment/models.ts';
import { type TrialSettings, trial } from '../../experiment/settings.ts';
import type { TrialResult } from '../../experiment/trial.ts';
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

/** Accuracy over the learning rate, a line for each model. */
export function sweepPicture(results: readonly TrialResult[]): report.Picture {
  const models = [...new Set(results.map(({ settings }) => settings.model))];
  return report.learningRateSweep(
    models.map((name) => {
      const own = results.filter(({ settings }) => settings.model === name);
      return {
        name,
        rates: own.map(({ settings }) => settings.lr),
        accuracies: own.map(({ metrics }) => metrics.accuracy),
      };
    }),
  );
}

/** The result with the highest accuracy of each model. */
export function bestOfEach(results: readonly TrialResult[]): TrialResult[] {
  const models = [...new Set(results.map(({ settings }) => settings.model))];
  return models.map((name) =>
    results
      .filter(({ settings }) => settings.model === name)
      .reduce((best, own) => (own.metrics.accuracy > best.metrics.accuracy ? own : best)),
  );
}

/** F1 of every class, a bar for the best training of each model. */
export function f1Picture(results: readonly TrialResult[]): report.Picture {
  const best = bestOfEach(results);
  return report.f1Bars(
    {
      names: best[0]?.metrics.classNames ?? [],
      scores: best.map(({ settings, metrics }) => ({
        name: settings.model,
        values: metrics.perClass.map(({ f1 }) => f1),
      })),
    },
    'F1 by class, the best learning rate of each model',
  );
}
