import { inWords, requireChoice } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import type { EpochLogs } from '../history.ts';
import { type Direction, isBetter, onValidation } from '../metric-name.ts';

/** The metric a callback watches and its value: `valLoss` where none is named, else `loss`. */
export function monitored(
  callback: string,
  monitor: string | undefined,
  logs: EpochLogs,
): { readonly metric: string; readonly value: number } {
  const validated = onValidation('loss');
  const metric = monitor ?? (logs[validated] === undefined ? 'loss' : validated);
  const value = logs[metric];
  if (value !== undefined) return { metric, value };
  throw new ArgumentError(
    `${callback}: there is no metric '${metric}' to watch. This training has ` +
      `${Object.keys(logs).join(', ')}; validation data adds names with val.`,
  );
}

/** @throws ArgumentError where it is no name, or neither it nor `mode` says which values are good. */
export function requireMonitor(
  callback: string,
  monitor: string | undefined,
  mode: Direction | undefined,
): void {
  if (mode !== undefined) requireChoice(callback, { mode }, ['min', 'max']);
  if (monitor === undefined) return;
  if (typeof monitor !== 'string') {
    throw new ArgumentError(
      `${callback}: monitor must be the name of a metric, such as 'valLoss'; got ${inWords(monitor)}.`,
    );
  }
  isBetter(callback, monitor, mode);
}
