import type { TrialResult } from '../trial/run-store.ts';

/**
 * Test accuracy: a line for each model and optimizer, a column for each learning rate; a dash for a
 * training that has not ended.
 */
export function accuracyTable(lr: readonly number[], results: readonly TrialResult[]): string {
  const nameOf = ({ settings: { model, optimizer } }: TrialResult) => `${model}, ${optimizer}`;
  const names = [...new Set(results.map(nameOf))];
  const rows = names.map((name) => {
    const own = results.filter((result) => nameOf(result) === name);
    const best = Math.max(...own.map(({ metrics }) => metrics.accuracy));
    const cells = lr.map((rate) => {
      const result = own.find(({ settings }) => settings.lr === rate);
      if (!result) return '–';
      const { accuracy, status } = result.metrics;
      const mark = status === 'diverged' ? ' diverged' : accuracy === best ? ' *' : '';
      return `${accuracy.toFixed(4)}${mark}`;
    });
    return [name, ...cells];
  });
  const all = [['test accuracy', ...lr.map((rate) => `lr ${rate}`)], ...rows];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
