import { requireText } from '../../arguments.ts';
import { writeAtomically } from '../../files/atomic-file.ts';
import { requireFiles } from '../../files/require-files.ts';
import type { EpochLogs } from '../history.ts';
import type { Callback } from './callback.ts';

/**
 * Keeps a table of all epochs in a CSV file: a column for each metric. The whole file is written
 * anew after each epoch, so that a resumed training leaves no line twice.
 */
export function csvLog(file: string): Callback {
  requireText('csvLog', 'file', file);
  requireFiles('csvLog', 'The history that fit returns has every epoch.');
  return {
    name: `csvLog ${file}`,
    isForFirstRank: true,
    onEpochEnd: ({ history: { epochs } }) => write(file, table(epochs)),
  };
}

/** Keeps one JSON object a line for each epoch; a metric that is not a number is null. */
export function jsonLinesLog(file: string): Callback {
  requireText('jsonLinesLog', 'file', file);
  requireFiles('jsonLinesLog', 'The history that fit returns has every epoch.');
  return {
    name: `jsonLinesLog ${file}`,
    isForFirstRank: true,
    onEpochEnd: ({ history: { epochs } }) =>
      write(file, epochs.map((logs) => `${JSON.stringify(logs)}\n`).join('')),
  };
}

function table(epochs: readonly EpochLogs[]): string {
  const columns = [...new Set(epochs.flatMap((logs) => Object.keys(logs)))];
  const rows = epochs.map((logs) => columns.map((column) => String(logs[column] ?? '')));
  return [columns.map(quoted), ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** A name as RFC 4180 wants it where it has a comma, a quote or a line break. */
function quoted(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

function write(file: string, text: string): Promise<void> {
  return writeAtomically(file, [new TextEncoder().encode(text)]);
}
