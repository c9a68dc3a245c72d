import { NdArray } from './array.ts';
import { mean, reduce, sum } from './reductions.ts';

export type Reduction = 'mean' | 'sum' | 'none';

/** One loss per example is the mean over what other axes there are; 'sum' adds those up. */
export function reduced(losses: NdArray, reduction: Reduction): NdArray {
  if (reduction === 'mean') return mean(losses);
  const rest = losses.shape.map((_, axis) => axis).slice(1);
  const each = rest.length > 0 ? mean(losses, rest) : losses;
  return reduction === 'sum' ? sum(each) : each;
}

export const squaredError = (y: NdArray, t: NdArray): NdArray => y.zip(t, (a, b) => (a - b) ** 2);

export const absoluteError = (y: NdArray, t: NdArray): NdArray =>
  y.zip(t, (a, b) => Math.abs(a - b));

export const huberError = (y: NdArray, t: NdArray, delta: number): NdArray =>
  absoluteError(y, t).map((e) => (e <= delta ? (e * e) / 2 : delta * (e - delta / 2)));

export const hingeLoss = (y: NdArray, t: NdArray): NdArray =>
  y.zip(t, (a, b) => Math.max(0, 1 - a * b));

/** -t log p - (1 - t) log(1 - p) */
export const binaryCrossEntropy = (p: NdArray, t: NdArray): NdArray =>
  p.zip(t, (a, b) => -(xlogy(b, a) + xlogy(1 - b, 1 - a)));

/** The same of p = sigmoid(x): t log(1 + e^-x) + (1 - t) log(1 + e^x). */
export const binaryCrossEntropyOfLogits = (x: NdArray, t: NdArray): NdArray =>
  x.zip(t, (a, b) => b * softplus(-a) + (1 - b) * softplus(a));

/** -Σ w·t·log p over the last axis, of log-probabilities. */
export function weightedCrossEntropy(logs: NdArray, t: NdArray, weights: NdArray): NdArray {
  const terms = logs.zip(t, (log, share) => (share === 0 ? 0 : -share * log));
  return sum(
    terms.zip(weights, (a, w) => a * w),
    -1,
  );
}

/** Σ t·(log t - log p) over the last axis, of log-probabilities. */
export const divergence = (logs: NdArray, t: NdArray): NdArray =>
  sum(
    t.zip(logs, (share, log) => xlogy(share, share) - share * log),
    -1,
  );

/** Each row divided by its sum. */
export const normalized = (p: NdArray): NdArray =>
  p.zip(
    reduce(p, -1, true, (row) => row.reduce((a, b) => a + b, 0)),
    (a, total) => a / total,
  );

/** 1 at each label along a new last axis. */
export const oneHot = (labels: NdArray, classes: number): NdArray =>
  NdArray.build([...labels.shape, classes], (_, at) =>
    at % classes === labels.data[Math.floor(at / classes)] ? 1 : 0,
  );

const xlogy = (x: number, y: number) => (x === 0 ? 0 : x * Math.log(y));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
