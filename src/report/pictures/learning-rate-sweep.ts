import { ArgumentError } from '../../errors.ts';
import { extremes } from '../extremes.ts';
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
 * Accuracy over the learning rate, a line for each model and a large mark at its best. Its axis is
 * logarithmic in the error, so that 98 and 99 % are as far apart as 50 and 75 %.
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
    const scored = rates
      .map((rate, at) => [rate, percent(accuracies[at])] as const)
      .sort(([a], [b]) => a - b);
    const best = scored.reduce(
      (found, [, y], at) => ((y ?? -1) > (scored[found]?.[1] ?? -1) ? at : found),
      -1,
    );
    const [rate, accuracy] = scored[best] ?? [];
    const result =
      rate === undefined || !finite(accuracy)
        ? 'no result'
        : `${accuracy.toFixed(1)} % at ${logLabel(rate)}`;
    const marked = best < 0 ? undefined : best;
    return {
      name: `${shorten(name)}: ${result}`,
      category,
      points: scored.map(([x, y]) => [x, finite(y) ? height(y) : null] as const),
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
  const y = accuracyAxis(lines.flatMap(({ points }) => points.map(([, y]) => y).filter(finite)));
  return lineChart({ title, x, y, lines });
}

/** Where an axis may have a tick, in percent. */
const TICKS = [0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.98, 99.99, 99.999];

/** Where an accuracy in percent is drawn: each unit up is a tenth of the error. */
function height(accuracy: number): number {
  return -Math.log10(Math.max(1 - accuracy / 100, 1e-5));
}

/** The axis around heights that occur, from a tick below them to one above. */
function accuracyAxis(heights: readonly number[]) {
  const [least, most] = heights.length > 0 ? extremes(heights) : [0, 1];
  const ticks = TICKS.map(height);
  const from = Math.max(
    ticks.findLastIndex((tick) => tick <= least + 1e-9),
    0,
  );
  const to = Math.max(
    ticks.findIndex((tick) => tick >= most - 1e-9),
    from + 1,
  );
  const customValues = ticks.slice(from, to + 1);
  const label = (tick: number) => String(TICKS[ticks.indexOf(tick)]);
  return {
    name: 'accuracy (%)',
    min: ticks[from],
    max: ticks[to],
    axisTick: { customValues },
    splitLine: { customValues },
    axisLabel: { customValues, formatter: label },
  };
}

function percent(share: number | null | undefined): number | null {
  return finite(share) ? share * 100 : null;
}
