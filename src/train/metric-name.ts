/**
 * What the name of a metric says, in one place: `valLoss` is `loss` on validation data, and losses
 * and errors are better the smaller they are.
 */

/** The name a metric has on validation data: `loss` → `valLoss`. */
export function onValidation(metric: string): string {
  return `val${metric.charAt(0).toUpperCase()}${metric.slice(1)}`;
}

/** The opposite: `valLoss` → `loss`, on validation data; any other name is a metric as it is. */
export function metricOf(name: string): {
  readonly metric: string;
  readonly isOnValidation: boolean;
} {
  if (!/^val[A-Z]/.test(name)) return { metric: name, isOnValidation: false };
  return { metric: `${name.charAt(3).toLowerCase()}${name.slice(4)}`, isOnValidation: true };
}

/** Whether one value of a metric is better than another: less for losses and errors, else more. */
export function isBetter(metric: string): (value: number, than: number) => boolean {
  return /loss|error/i.test(metric) ? (value, than) => value < than : (value, than) => value > than;
}
