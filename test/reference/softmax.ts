import { NdArray } from './array.ts';
import { logSumExp, sum } from './reductions.ts';

export function softmax(x: NdArray, axis = -1): NdArray {
  return logSoftmax(x, axis).map(Math.exp);
}

export function logSoftmax(x: NdArray, axis = -1): NdArray {
  return x.zip(logSumExp(x, axis, true), (value, total) => value - total);
}

/** dx = p · (dy - Σ dy·p) */
export function softmaxGradient(x: NdArray, outputGradient: NdArray, axis = -1): NdArray {
  const p = softmax(x, axis);
  const weighted = outputGradient.zip(p, (dy, share) => dy * share);
  const inner = sum(weighted, axis, true);
  return outputGradient.zip(inner, (dy, total) => dy - total).zip(p, (d, share) => d * share);
}

/** dx = dy - p · Σ dy */
export function logSoftmaxGradient(x: NdArray, outputGradient: NdArray, axis = -1): NdArray {
  const pulled = softmax(x, axis).zip(sum(outputGradient, axis, true), (p, total) => p * total);
  return outputGradient.zip(pulled, (dy, d) => dy - d);
}

/** -log p of each row's label; classes are the last axis. The loss is usually its mean. */
export function crossEntropy(logits: NdArray, labels: ArrayLike<number>): NdArray {
  const classes = logits.shape.at(-1)!;
  const log = logSoftmax(logits).data;
  return NdArray.build(
    logits.shape.slice(0, -1),
    (_, row) => -log[row * classes + labelOf(labels, row, classes)]!,
  );
}

/** The gradient by the logits, given that of each row's loss; by default that of the mean. */
export function crossEntropyGradient(
  logits: NdArray,
  labels: ArrayLike<number>,
  lossGradient?: NdArray,
): NdArray {
  const classes = logits.shape.at(-1)!;
  const rows = logits.size / classes;
  const p = softmax(logits).data;
  return NdArray.build(logits.shape, (_, at) => {
    const row = Math.floor(at / classes);
    const target = at % classes === labelOf(labels, row, classes) ? 1 : 0;
    return (p[at]! - target) * (lossGradient ? lossGradient.data[row]! : 1 / rows);
  });
}

function labelOf(labels: ArrayLike<number>, row: number, classes: number): number {
  const label = labels[row];
  if (label === undefined || !(label >= 0 && label < classes)) {
    throw new RangeError(`label ${label} of row ${row}, of ${classes} classes`);
  }
  return label;
}
