import { ArgumentError } from '../../errors.ts';
import { decades, logLabel, shorten } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { finite, lineChart } from './line-chart.ts';

/** How well a model did with each learning rate. */
export interface Sweep {
  readonly name: string;
  /** Greater than 0, in any order. */
  readonly rates: readonly number[];
  /** In [0, 1], one for each rate; null or NaN where training diverged. */
  readonly accuracies: readonly (number | null | undefined)[];
}

/**
 * Accuracy over the learning rate, a line for each model and a large mark at its best.
 *
 * @throws ArgumentError where a rate has no logarithm
 */
export function learningRateSweep(
  models: readonly Sweep[],
  title = 'Accuracy by learning rate',
): Picture {
  const lines = models.map(({ name, rates, accuracies }, category) => {
    const wrong = rates.find((rate) => !(rate > 0 && Number.isFinite(rate)));
    if (wrong !== undefined) {
      throw new ArgumentError(
        `learningRateSweep: ${name} has the learning rate ${wrong}; a logarithmic axis needs rates above 0.`,
      );
    }
    const points = rates
      .map((rate, at) => [rate, percent(accuracies[at])] as const)
      .sort(([a], [b]) => a - b);
    const best = points.reduce(
      (found, [, y], at) => ((y ?? -1) > (points[found]?.[1] ?? -1) ? at : found),
      -1,
    );
    const [rate, accuracy] = points[best] ?? [];
    const result =
      rate === undefined || !finite(accuracy)
        ? 'no result'
        : `${accuracy.toFixed(1)} % at ${logLabel(rate)}`;
    const marked = best < 0 ? undefined : best;
    return {
      name: `${shorten(name)}: ${result}`,
      category,
      points,
      symbols: 'all' as const,
      marked,
    };
  });
  const x = {
    type: 'log',
    ...decades(models.flatMap(({ rates }) => rates)),
    name: 'learning rate (logarithmic)',
    axisLabel: { formatter: logLabel },
  };
  return lineChart({ title, x, y: { name: 'accuracy (%)' }, lines });
}

function percent(share: number | null | undefined): number | null {
  return finite(share) ? share * 100 : null;
}
