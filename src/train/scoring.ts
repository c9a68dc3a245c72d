import { inWords, requireFunction, requireList, unknownName } from '../arguments.ts';
import type { Batch } from '../data/pipeline/batch.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { isWhole } from '../kernels/dtype.ts';
import { tensor } from '../tensor/ops/creation.ts';
import { gather } from '../tensor/ops/gather.ts';
import { requireDType, requireTensor } from '../tensor/require-dtype.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type BatchMetric, namedMetrics } from './batch-metrics.ts';
import { type Loss, type LossName, lossOf } from './by-name.ts';

/** Metrics by name (`['accuracy']`), or functions of one's own under names (`{ top3: topK(3) }`). */
export type Metrics =
  | readonly (keyof typeof namedMetrics)[]
  | Readonly<Record<string, BatchMetric>>;

export interface ScoringOptions {
  /** A function, or the name of one of `losses`: `'crossEntropy'`. */
  readonly loss: Loss | LossName;
  readonly metrics?: Metrics | undefined;
  /**
   * How much an example of each class counts in the loss: its loss is multiplied by the weight of
   * its class, and the sum divided by the number of examples. Targets are then class numbers [N].
   */
  readonly classWeights?: readonly number[] | undefined;
}

/** How a model's outputs on a batch are judged: a loss and metrics, each a mean over examples. */
export class Scoring {
  /** `loss`, then the metrics. */
  readonly names: readonly string[];
  private readonly loss: Loss;
  private readonly metrics: readonly (readonly [string, BatchMetric])[];
  private readonly weights: Tensor | undefined;

  constructor(caller: string, { loss, metrics = [], classWeights }: ScoringOptions) {
    this.loss = lossOf(caller, loss);
    this.metrics = isNames(metrics)
      ? metrics.map((name) => [name, named(caller, name)] as const)
      : ownMetrics(caller, metrics);
    this.names = ['loss', ...this.metrics.map(([name]) => name)];
    requireOwnNames(this.names);
    this.weights = classWeights && weightTensor(classWeights);
  }

  /**
   * The mean loss over a batch, a scalar.
   * @throws ShapeError, DTypeError where losses, targets or outputs are not of the shape they must be
   */
  meanLoss(outputs: AnyTensor, batch: Batch): Tensor {
    const losses = this.losses(outputs, batch);
    if (!this.weights) return losses.mean();
    const { targets } = batch;
    requireClassNumbers(this.weights.size, outputs, targets);
    return losses.mul(gather(this.weights, targets)).mean();
  }

  /**
   * The loss of each example of a batch, [N], without the weights of their classes.
   * @throws ShapeError, DTypeError where they are of another shape or dtype
   */
  losses(outputs: AnyTensor, { targets, count }: Batch): Tensor {
    const losses = this.loss(outputs, targets, { reduction: 'none' });
    requireTensor('The loss', losses);
    if (losses.rank !== 1 || losses.shape[0] !== count) {
      throw new ShapeError(
        `The loss must give one value for each of the ${count} examples, shape [${count}], when it is ` +
          `called with reduction 'none', but its shape is [${losses.shape}].`,
      );
    }
    requireDType('The mean of the loss', losses, ['f32']);
    return losses;
  }

  /** The sum of each metric over a batch, a scalar for each name, given the batch's mean loss. */
  sums(loss: Tensor, outputs: AnyTensor, { targets, count }: Batch): Tensor[] {
    const metrics = this.metrics.map(([name, metric]) =>
      ofExamples(name, metric(outputs, targets), count).sum(),
    );
    return [loss.mul(count), ...metrics];
  }
}

function isNames(metrics: Metrics): metrics is readonly (keyof typeof namedMetrics)[] {
  return Array.isArray(metrics);
}

function named(caller: string, name: keyof typeof namedMetrics): BatchMetric {
  if (Object.hasOwn(namedMetrics, name)) return namedMetrics[name];
  if (typeof name === 'string') {
    throw unknownName(caller, 'metric', name, Object.keys(namedMetrics));
  }
  throw new ArgumentError(
    `${caller}: metrics are names, or functions under names, { name: (outputs, targets) => one value for each ` +
      `example }; got ${inWords(name)} in the array.`,
  );
}

function ownMetrics(
  caller: string,
  metrics: Readonly<Record<string, BatchMetric>>,
): (readonly [string, BatchMetric])[] {
  if (typeof metrics !== 'object' || metrics === null) {
    throw new ArgumentError(
      `${caller}: metrics are an array of names, such as ['accuracy'], or functions under names; got ${inWords(metrics)}.`,
    );
  }
  for (const [name, metric] of Object.entries(metrics)) {
    requireFunction(caller, `the metric '${name}'`, metric);
  }
  return Object.entries(metrics);
}

/** @throws ShapeError, DTypeError where a metric gives anything but a number for each example. */
function ofExamples(name: string, values: AnyTensor, count: number): Tensor {
  const metric = `The metric '${name}'`;
  requireTensor(metric, values);
  if (values.rank !== 1 || values.shape[0] !== count) {
    throw new ShapeError(
      `${metric} must give one value for each of the ${count} examples, shape [${count}], but its shape is ` +
        `[${values.shape}]. Take the mean over the other axes; fit takes that over the examples.`,
    );
  }
  requireDType(metric, values, ['f32']);
  return values;
}

/** What an epoch's logs have besides metrics. */
const TAKEN = ['epoch', 'lr', 'seconds'];

function requireOwnNames(names: readonly string[]): void {
  const wrong = names.find((name, i) => TAKEN.includes(name) || names.indexOf(name) < i);
  if (wrong === undefined) return;
  throw new ArgumentError(
    `A metric cannot be called '${wrong}': epochs have something else of that name. Rename it.`,
  );
}

function weightTensor(weights: readonly number[]): Tensor {
  requireList('classWeights', weights, 'numbers, one for each class');
  if (weights.every((weight) => weight >= 0 && Number.isFinite(weight))) {
    return tensor(Float32Array.from(weights), [weights.length]);
  }
  throw new ArgumentError(`classWeights must be numbers of 0 or more, not [${weights}].`);
}

function requireClassNumbers(classes: number, outputs: AnyTensor, targets: AnyTensor): void {
  if (outputs.shape[outputs.rank - 1] !== classes) {
    throw new ShapeError(
      `There are ${classes} classWeights, one for each class, but outputs are [${outputs.shape}].`,
    );
  }
  if (targets.rank !== 1) {
    throw new ShapeError(
      `classWeights need targets that are class numbers [N], not [${targets.shape}]. Use argMax(-1).`,
    );
  }
  if (!isWhole(targets.dtype)) {
    throw new DTypeError(
      `classWeights need targets that are class numbers (i32, u32 or u8), got ${targets.dtype}. Use cast('i32').`,
    );
  }
}
