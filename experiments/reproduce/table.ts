import { parameterCount } from '../trial/parameter-count.ts';
import type { Column, Entry, Report } from './report.ts';
import type { Result } from './results.ts';
import { rowsOf } from './rows.ts';

interface Cell {
  readonly head: string;
  text(entry: Entry, own: Result | undefined): string;
}

const columns: Record<Column, Cell> = {
  optimizer: { head: 'optimizer', text: ({ settings }) => settings.optimizer },
  activation: { head: 'activation', text: ({ settings }) => settings.activation },
  f1: {
    head: 'macro F1 (theirs)',
    text: ({ theirs }, own) => withTheirs(score(own?.f1), theirs.f1),
  },
  precision: { head: 'precision', text: (_, own) => score(own?.precision) },
  recall: { head: 'recall', text: (_, own) => score(own?.recall) },
  auc: {
    head: 'ROC AUC (theirs)',
    text: ({ theirs }, own) => withTheirs(score(own?.auc), theirs.auc),
  },
  trainLoss: { head: 'training loss', text: (_, own) => score(own?.trainLoss) },
  trainAccuracy: { head: 'training accuracy', text: (_, own) => score(own?.trainAccuracy) },
  valLoss: { head: 'validation loss', text: (_, own) => score(own?.valLoss) },
  valAccuracy: { head: 'validation accuracy', text: (_, own) => score(own?.valAccuracy) },
};

const THREE_DIGITS = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 };

const before: readonly Cell[] = [
  { head: 'model', text: ({ settings }) => described(settings) },
  { head: 'learning rate', text: ({ settings }) => String(settings.lr) },
  {
    head: 'parameters',
    text: ({ settings }, own) =>
      (own?.parameters ?? parameterCount(settings)).toLocaleString('en-US'),
  },
  {
    head: 'test accuracy (theirs)',
    text: ({ theirs }, own) => withTheirs(score(own?.accuracy), theirs.accuracy, theirs.note),
  },
];

const after: readonly Cell[] = [
  { head: 'epochs', text: epochs },
  { head: 's / epoch', text: (_, own) => seconds(own?.secondsPerEpoch) },
  { head: 'batch', text: ({ settings }) => String(settings.batchSize) },
  { head: 'seed', text: ({ settings }) => String(settings.seed) },
  { head: 'device', text: (_, own) => own?.device ?? '' },
];

/** A report's table, ours beside theirs; trainings that were not run, or not in full, say so. */
export function markdownTable(report: Report, results: readonly Result[]): string {
  const cells = [...before, ...report.columns.map((name) => columns[name]), ...after];
  const rows = rowsOf(report, results).map((row) =>
    cells.map(({ text }) => escaped(text(row, row.own))),
  );
  const all = [cells.map(({ head }) => head), ...rows];
  const widths = cells.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(all[0]!), rule, ...rows.map(line)].join('\n');
}

/** As text within a cell. */
function escaped(text: string): string {
  return text.replace(/[\\|*_<`[\]]/g, '\\$&').replace(/\s+/g, ' ');
}

function described({ model, augment, schedule, inspect, weights }: Entry['settings']): string {
  const words: string[] = [model];
  if (augment) words.push('augmented');
  if (schedule !== 'constant') words.push(schedule);
  if (inspect) words.push('watched');
  if (weights !== null) words.push('pretrained');
  return words.join(', ');
}

function epochs({ settings }: Entry, own: Result | undefined): string {
  if (!own) return `open: none of ${settings.epochs}`;
  const isOpen = own.settings.epochs < settings.epochs;
  const words = [isOpen ? `open: ${own.epochs} of ${settings.epochs}` : String(own.epochs)];
  if (own.status === 'diverged') words.push('then diverged');
  if (own.status === 'stopped') words.push('stopped early');
  return words.join(', ');
}

function seconds(value: number | null | undefined): string {
  return value?.toLocaleString('en-US', THREE_DIGITS) ?? '';
}

function score(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(4);
}

function withTheirs(ours: string, theirs: number | undefined, note?: string): string {
  if (theirs === undefined) return ours;
  return `${ours} (${theirs}${note ? `, ${note}` : ''})`;
}
