import type { Batch } from '../data/pipeline/batch.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { tensor } from '../tensor/ops/creation.ts';
import { gather } from '../tensor/ops/gather.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type BatchMetric, namedMetrics } from './batch-metrics.ts';

/** A loss as `fit` calls it: one value for each example, shape [N]. `crossEntropy` is one. */
export type Loss = (
  outputs: AnyTensor,
  targets: AnyTensor,
  options: { readonly reduction: 'none' },
) => AnyTensor;

/** Metrics by name (`['accuracy']`), or functions of one's own under names (`{ top3: topK(3) }`). */
export type Metrics =
  | readonly (keyof typeof namedMetrics)[]
  | Readonly<Record<string, BatchMetric>>;

export interface ScoringOptions {
  readonly loss: Loss;
  readonly metrics?: Metrics | undefined;
  /** How much an example of each class counts in the loss; targets are then class numbers [N]. */
  readonly classWeights?: readonly number[] | undefined;
}

/** How a model's outputs on a batch are judged: a loss and metrics, each a mean over examples. */
export class Scoring {
  /** `loss`, then the metrics. */
  readonly names: readonly string[];
  private readonly loss: Loss;
  private readonly metrics: readonly (readonly [string, BatchMetric])[];
  private readonly weights: Tensor | undefined;

  constructor({ loss, metrics = [], classWeights }: ScoringOptions) {
    this.loss = loss;
    this.metrics = isNames(metrics)
      ? metrics.map((name) => [name, named(name)] as const)
      : Object.entries(metrics);
    this.names = ['loss', ...this.metrics.map(([name]) => name)];
    this.weights = classWeights && tensor(Float32Array.from(classWeights), [classWeights.length]);
  }

  /** The mean loss over a batch, a scalar. @throws ShapeError where the loss is not one of each example */
  meanLoss(outputs: AnyTensor, { targets, count }: Batch): Tensor {
    const losses = this.loss(outputs, targets, { reduction: 'none' });
    if (losses.shape[0] !== count) {
      throw new ShapeError(
        `fit: the loss must give one value for each of the ${count} examples when called with ` +
          `reduction 'none', but its shape is [${losses.shape}].`,
      );
    }
    const weighted = this.weights ? losses.mul(gather(this.weights, targets) as Tensor) : losses;
    return weighted.mean() as Tensor;
  }

  /** The sum of each metric over a batch, a scalar for each name, given the batch's mean loss. */
  sums(loss: AnyTensor, outputs: AnyTensor, { targets, count }: Batch): AnyTensor[] {
    const metrics = this.metrics.map(([, metric]) => metric(outputs, targets).sum());
    return [loss.mul(count), ...metrics];
  }
}

function isNames(metrics: Metrics): metrics is readonly (keyof typeof namedMetrics)[] {
  return Array.isArray(metrics);
}

function named(name: keyof typeof namedMetrics): BatchMetric {
  const metric = namedMetrics[name];
  if (metric) return metric;
  throw new ArgumentError(
    `There is no metric '${name}'. Known: ${Object.keys(namedMetrics).join(', ')}; ` +
      'or give functions of your own: { name: (outputs, targets) => one value for each example }.',
  );
}
