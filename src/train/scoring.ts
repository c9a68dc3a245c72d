import { requireNumber, requireWhole, unknownName } from '../arguments.ts';
import type { Batch } from '../data/pipeline/batch.ts';
import { ArgumentError } from '../errors.ts';
import { zeros } from '../tensor/ops/creation.ts';
import {
  isSeveral,
  namedValues,
  type Structure,
  type Tensors,
  valueAt,
} from '../tensor/structure.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Loss, LossName } from './by-name.ts';
import { type Judged, kept, type Metrics, OutputScoring } from './output-scoring.ts';

export type { Metrics } from './output-scoring.ts';

/** Something for each output of a model, in an array or by the outputs' names. */
export type ByOutput<T> = readonly T[] | Readonly<Record<string, T>>;

export interface ScoringOptions {
  /**
   * A function, or the name of one of `losses`: `'crossEntropy'`. For several outputs one for each, of
   * which the sum is minimised, or one function of all outputs and all targets.
   */
  readonly loss: Loss | LossName | ByOutput<Loss | LossName>;
  /** What the losses of several outputs are multiplied by in the sum. Default: 1. */
  readonly lossWeights?: ByOutput<number> | undefined;
  /** Where there is a loss for each output, metrics for each, too: `{ classes: ['accuracy'] }`. */
  readonly metrics?: Metrics | ByOutput<Metrics> | undefined;
  /**
   * How much an example of each class counts in the loss: its loss is multiplied by the weight of
   * its class, and the sum divided by the number of examples. Targets are then class numbers [N]. Where
   * there is a loss for each output, weights by the outputs' names.
   */
  readonly classWeights?:
    | readonly number[]
    | Readonly<Record<string, readonly number[]>>
    | undefined;
  /**
   * A class number that is none: targets that are it count neither in losses nor in metrics, which are
   * means over all others of a batch, pixels or words included.
   */
  readonly ignoreIndex?: number | undefined;
}

/** What a batch has been found to be. */
export interface Verdict {
  /** What is minimised: the weighted sum of the outputs' mean losses, and the penalty. */
  readonly loss: Tensor;
  /** What a running mean of each name is made of: a sum, and the number of what it is over. */
  readonly sums: readonly Tensor[];
  readonly counts: readonly (number | Tensor)[];
}

/** What is known of a batch that several ranks have parts of. */
export interface Share {
  readonly ranks: number;
  /** How much of it counts for each output, over all ranks, where a mask says it. */
  readonly counts: readonly (Tensor | undefined)[];
}

const ALONE: Share = { ranks: 1, counts: [] };

type AnyBatch = Batch<Tensors, Tensors>;

/** How a model's outputs on a batch are judged: by losses and metrics, each a mean over examples. */
export class Scoring {
  /** `loss`; the loss of each of several outputs, `classesLoss`; the metrics, `classesAccuracy`. */
  readonly names: readonly string[];
  /** Of which means `loss` is the sum, and their weights; of none where there is one loss. */
  readonly addends: readonly (readonly [name: string, weight: number])[];
  private readonly outputs: readonly OutputScoring[];

  constructor(caller: string, options: ScoringOptions) {
    const { loss, metrics = [], classWeights, ignoreIndex, lossWeights = {} } = options;
    if (ignoreIndex !== undefined) requireWhole(caller, { ignoreIndex });
    if (isSeveral<Loss | LossName>(loss)) {
      const names = namedValues<Loss | (LossName & object)>(loss as never).map(([name]) => name);
      const settings = { lossWeights, metrics, classWeights: classWeights ?? {} };
      for (const [option, byOutput] of Object.entries(settings))
        requireOutputs(caller, option, byOutput, names);
      const of = <T>(byOutput: unknown, name: string) => valueAt(byOutput as Structure<T>, name);
      this.outputs = names.map(
        (name) =>
          new OutputScoring(caller, name, {
            loss: of<Loss | LossName>(loss, name) as Loss | LossName,
            metrics: of<Metrics>(metrics, name),
            classWeights: of<readonly number[]>(classWeights, name),
            ignoreIndex,
          }),
      );
      this.addends = names.map((name) => {
        const weight = of<number>(lossWeights, name) ?? 1;
        requireNumber(caller, { [`the loss weight of '${name}'`]: weight });
        return [lossName(name), weight];
      });
    } else {
      if (namedValues(lossWeights as Structure<object>).length > 0) {
        throw new ArgumentError(
          `${caller}: lossWeights are for a loss of each output, such as { a: 'huber', b: 'huber' }.`,
        );
      }
      const own = {
        loss,
        metrics: metrics as Metrics,
        classWeights: classWeights as readonly number[],
        ignoreIndex,
      };
      this.outputs = [new OutputScoring(caller, '', own)];
      this.addends = [];
    }
    this.names = [
      'loss',
      ...this.outputs.flatMap(({ name, metrics }) => [
        ...(name ? [lossName(name)] : []),
        ...metrics.map(([metric]) => nameOf(name, metric)),
      ]),
    ];
    requireOwnNames(this.names);
  }

  /**
   * Judges a model's outputs on a batch; what regularisers add is part of the loss. Of a rank's part of a
   * batch, the mean of the ranks' losses is the loss of the whole batch, and so is the sum of their sums.
   * @throws ShapeError, DTypeError where losses, targets or outputs are not of the shape they must be
   */
  judge(outputs: Tensors, batch: AnyBatch, penalty?: Tensor, share: Share = ALONE): Verdict {
    const { ranks } = share;
    const parts = this.parts(outputs, batch).map((judged, i) => {
      return { judged, ...meanLoss(judged, batch, ranks, share.counts[i]) };
    });
    const total =
      this.addends.length === 0
        ? (parts[0]?.mean as Tensor)
        : parts
            .map(({ mean }, i) => mean.mul(this.addends[i]?.[1] ?? 1))
            .reduce((sum, part) => sum.add(part));
    const loss = penalty ? total.add(penalty) : total;
    const sums: Tensor[] = [];
    const counts: (number | Tensor)[] = [];
    // The sum over outputs follows from their means; only the penalty is not in them.
    if (this.addends.length > 0) {
      const examples = batch.part?.of ?? batch.count;
      sums.push(penalty ? penalty.mul(examples / ranks) : zeros([]));
      counts.push(examples);
    }
    this.outputs.forEach((scoring, i) => {
      const { judged, mean, count } = parts[i] as (typeof parts)[0];
      const own = (scoring.name ? mean : loss).mul(count);
      const metrics = scoring.metricSums(judged);
      sums.push(ranks === 1 ? own : own.div(ranks));
      sums.push(...(isNothing(batch) ? metrics.map(() => zeros([])) : metrics));
      counts.push(count, ...metrics.map(() => count));
    });
    return { loss, sums, counts };
  }

  /** How much of a batch counts for each output, where a mask says it: the `counts` of a {@link Share}. */
  masked(batch: AnyBatch): (Tensor | undefined)[] {
    const masked = this.outputs.map((scoring) => scoring.masked(batch));
    return isNothing(batch) ? masked.map((count) => count && zeros([])) : masked;
  }

  /** What is judged of each output. */
  parts(outputs: Tensors, batch: Batch<Tensors, Tensors>): (Judged & { readonly name: string })[] {
    return this.outputs.map((scoring) => ({
      ...scoring.judge(outputs, batch),
      name: scoring.name,
    }));
  }
}

/**
 * The mean over what counts, and the number of that; the mean of nothing is 0. Of a part, the number is that
 * of the whole batch, and so is what is divided by, times the number of ranks.
 */
function meanLoss(
  { losses, mask, weights }: Judged,
  batch: AnyBatch,
  ranks: number,
  whole: Tensor | undefined,
): { mean: Tensor; count: number | Tensor } {
  const weighted = weights ? losses.mul(weights) : losses;
  const { part } = batch;
  if (!mask) {
    const mean = weighted.mean();
    if (!part) return { mean, count: losses.size };
    const count = (losses.size / batch.count) * part.of;
    return { mean: mean.mul((part.count * ranks) / part.of), count };
  }
  const count = whole ?? mask.cast('f32').sum();
  const sum = isNothing(batch) ? zeros([]) : kept(weighted, mask).sum();
  return { mean: sum.div(count.maximum(1)).mul(ranks), count };
}

/** Whether it is the part of a batch in which no example counts. */
function isNothing({ part }: AnyBatch): boolean {
  return part?.count === 0;
}

function lossName(output: string): string {
  return nameOf(output, 'loss');
}

/** `classes` and `accuracy` → `classesAccuracy`; the outputs of an array are called `output0`, …. */
function nameOf(output: string, metric: string): string {
  if (output === '') return metric;
  const called = /^\d/.test(output) ? `output${output}` : output;
  return `${called}${metric.charAt(0).toUpperCase()}${metric.slice(1)}`;
}

/** @throws ArgumentError where an option is not by output, or of an output that has no loss. */
function requireOutputs(
  caller: string,
  option: string,
  byOutput: unknown,
  names: readonly string[],
): void {
  const isNothing = Array.isArray(byOutput) && byOutput.length === 0;
  const known = isSeveral(byOutput) ? Object.keys(byOutput) : undefined;
  const isRight =
    known && !(Array.isArray(byOutput) && byOutput.some((one) => typeof one === 'string'));
  if (!isNothing && !isRight) {
    throw new ArgumentError(
      `${caller}: there is a loss for each output, so ${option} must be by output, too: { ${names[0]}: … }.`,
    );
  }
  const unknown = known?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw unknownName(caller, `loss for the output of ${option}`, unknown, names);
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
