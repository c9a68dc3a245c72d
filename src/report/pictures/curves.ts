import { requireList } from '../../arguments.ts';
import { extremes } from '../extremes.ts';
import { shorten } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { finite, type Line, lineChart } from './line-chart.ts';

/** What one run measured after each epoch; null, undefined and NaN are gaps. */
export interface Curve {
  readonly name: string;
  readonly epochs: readonly number[];
  readonly train?: readonly (number | null | undefined)[];
  readonly validation?: readonly (number | null | undefined)[];
}

/**
 * A quantity by epoch, for one or several runs: training dashed, validation solid, in the colour
 * of the run.
 *
 * @param y the quantity with its unit, such as 'loss (nats)' or 'accuracy (%)'
 */
export function curves(title: string, y: string, runs: readonly Curve[]): Picture {
  requireList('curves', runs, 'curves, such as [{ name, epochs, train }]');
  const lines = runs.flatMap(({ name, epochs, train, validation }, category): Line[] => {
    const line = (split: string, dash: 'solid' | 'dashed', values: Curve['train']): Line[] => {
      if (!values?.some(finite)) return [];
      const label = [shorten(name), split].filter((part) => part !== '').join(', ');
      return [{ name: label, category, dash, points: epochs.map((x, at) => [x, values[at]]) }];
    };
    const both = [...line('validation', 'solid', validation), ...line('training', 'dashed', train)];
    if (both.length > 0) return both;
    return [{ name: `${shorten(name)}: no finite values`, category, points: [] }];
  });
  const epochs = runs.flatMap((run) => run.epochs);
  const [first, last] = extremes(epochs);
  // A single epoch has an axis too, with the point in its middle.
  const around = first === last ? 1 : 0;
  const range = epochs.length > 0 ? { min: first - around, max: last + around } : {};
  return lineChart({
    title,
    x: { name: 'epoch', minInterval: 1, ...range },
    y: { name: y },
    lines,
  });
}
