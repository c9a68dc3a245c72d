import { report } from 'wgrad/node';
import { curve } from '../runs/pictures.ts';
import type { TrialResult } from './run-store.ts';
import { keyOf, labelOf, type TrialSettings } from './settings.ts';

/** How a training came out, in one of its runs or by what was kept of it. */
export interface Outcome {
  readonly settings: TrialSettings;
  readonly status: string;
  readonly accuracy: number;
}

export function outcomeOf({ settings, metrics: { status, accuracy } }: TrialResult): Outcome {
  return { settings, status, accuracy };
}

/** Accuracy over the learning rate, a line for each model, or for each optimizer of each. */
export function sweepPicture(outcomes: readonly Outcome[]): report.Picture {
  const severalOptimizers = new Set(outcomes.map(({ settings }) => settings.optimizer)).size > 1;
  const nameOf = ({ settings: { model, optimizer } }: Outcome) =>
    severalOptimizers ? `${model}, ${optimizer}` : model;
  return report.learningRateSweep(
    [...new Set(outcomes.map(nameOf))].map((name) => {
      const own = outcomes.filter((outcome) => nameOf(outcome) === name);
      return {
        name,
        rates: own.map(({ settings }) => settings.lr),
        accuracies: own.map(({ status, accuracy }) => (status === 'diverged' ? null : accuracy)),
      };
    }),
  );
}

/** The runs that came out with the highest accuracy of their model: none of a model whose best one is elsewhere. */
export function bestOfEach(
  results: readonly TrialResult[],
  outcomes: readonly Outcome[],
): TrialResult[] {
  const models = [...new Set(outcomes.map(({ settings }) => settings.model))];
  return models.flatMap((name) => {
    const best = outcomes
      .filter(({ settings }) => settings.model === name)
      .reduce((best, own) => (own.accuracy > best.accuracy ? own : best));
    return results.find(({ settings }) => keyOf(settings) === keyOf(best.settings)) ?? [];
  });
}

/** Accuracy over the epochs, a curve for each of these trainings. */
export function accuracyCurves(results: readonly TrialResult[]): report.Picture {
  const curves = results.map(({ history, settings }) => ({
    ...curve(history, 'accuracy', 100),
    name: labelOf(settings),
  }));
  return report.curves('Accuracy', 'accuracy (%)', curves);
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

/** F1 of every class, a bar for the best training of each model, where all of these are at hand. */
export function f1Picture(
  results: readonly TrialResult[],
  outcomes: readonly Outcome[],
): Record<string, report.Picture> {
  const best = bestOfEach(results, outcomes);
  const models = new Set(outcomes.map(({ settings }) => settings.model));
  if (best.length < models.size) return {};
  return { 'f1 by class': f1ByClass('F1 by class, the best learning rate of each model', best) };
}
