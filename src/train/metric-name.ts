import { ArgumentError } from '../errors.ts';

// What the name of a metric says, in one place: `valLoss` is `loss` on validation data, and losses and
// errors are better the smaller they are, accuracies the larger.

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

/** Whether small values of a metric are good, as of a loss, or large ones, as of an accuracy. */
export type Direction = 'min' | 'max';

// Looked for in this order: an errorRate and an accuracyLoss are errors and losses.
const FALLING =
  /^(mae|mse|rmse|mape|msle|nll|wer|cer|fpr|fnr)$|loss|error|perplexity|divergence|entropy|hinge|huber|deviation|distance|brier|regret|penalty/i;
const RISING =
  /^(acc|f1|f2|r2|iou|map|mcc|ppv|npv|tpr|tnr|ap|top\d+)$|accuracy|auc|precision|recall|score|f1|fbeta|r2|rsquared|correlation|kappa|dice|jaccard|bleu|rouge|specificity|sensitivity|psnr|ssim|similarity|hits|reward|gain/i;

/** What the name of a metric says of it, also on validation data; undefined where it says nothing. */
export function directionOf(name: string): Direction | undefined {
  const { metric } = metricOf(name);
  if (FALLING.test(metric)) return 'min';
  return RISING.test(metric) ? 'max' : undefined;
}

/**
 * Whether one value of a metric is better than another: in the direction that is given, else in
 * that of its name.
 * @throws ArgumentError where the name says nothing and no direction is given.
 */
export function isBetter(
  caller: string,
  metric: string,
  mode: Direction | undefined,
): (value: number, than: number) => boolean {
  const direction = mode ?? directionOf(metric);
  if (direction === 'min') return (value, than) => value < than;
  if (direction === 'max') return (value, than) => value > than;
  throw new ArgumentError(
    `${caller}: the name '${metric}' does not say whether small values are good or large ones. ` +
      "Give mode: 'min' or 'max'.",
  );
}
