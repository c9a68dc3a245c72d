import { report } from 'wgrad/node';
import type { TrialResult } from './run-store.ts';

/** Accuracy over the learning rate, a line for each model, or for each optimizer of each. */
export function sweepPicture(results: readonly TrialResult[]): report.Picture {
  const severalOptimizers = new Set(results.map(({ settings }) => settings.optimizer)).size > 1;
  const nameOf = ({ settings: { model, optimizer } }: TrialResult) =>
    severalOptimizers ? `${model}, ${optimizer}` : model;
  return report.learningRateSweep(
    [...new Set(results.map(nameOf))].map((name) => {
      const own = results.filter((result) => nameOf(result) === name);
      return {
        name,
        rates: own.map(({ settings }) => settings.lr),
        accuracies: own.map(({ metrics: { status, accuracy } }) =>
          status === 'diverged' ? null : accuracy,
        ),
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

/** F1 of every class, a bar for each of these trainings, which differ in the model. */
export function f1ByClass(title: string, results: readonly TrialResult[]): report.Picture {
  return report.f1Bars(
    {
      names: results[0]?.metrics.classNames ?? [],
      scores: results.map(({ settings, metrics }) => ({
        name: settings.model,
        values: metrics.perClass.map(({ f1 }) => f1),
      })),
    },
    title,
  );
}

/** F1 of every class, a bar for the best training of each model. */
export function f1Picture(results: readonly TrialResult[]): report.Picture {
  return f1ByClass('F1 by class, the best learning rate of each model', bestOfEach(results));
}
