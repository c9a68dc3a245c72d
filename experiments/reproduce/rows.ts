import type { TrialSettings } from '../trial/settings.ts';
import type { Entry, Report } from './report.ts';
import { standIn } from './results.ts';

/** A line of a report's table: what was to be trained, and what there is of it. */
export interface Row<R> extends Entry {
  readonly own: R | undefined;
}

/**
 * The lines of a report's table: an entry each, followed by what it gives when it starts from
 * weights of others (`--weights`), where that was run.
 */
export function rowsOf<R extends { readonly settings: TrialSettings }>(
  { entries }: Report,
  results: readonly R[],
): Row<R>[] {
  const files = new Set(results.map(({ settings }) => settings.weights));
  return entries.flatMap(({ settings, theirs }) => {
    const started = [...files]
      .filter((weights) => weights !== settings.weights)
      .map((weights) => ({ ...settings, weights }))
      .map((variant) => ({ settings: variant, theirs, own: standIn(variant, results) }))
      .filter(({ own }) => own);
    return [{ settings, theirs, own: standIn(settings, results) }, ...started];
  });
}
