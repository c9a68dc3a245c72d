import { ArgumentError } from '../../errors.ts';
import type { EpochLogs } from '../history.ts';
import { onValidation } from '../metric-name.ts';

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
