import { inWords, requireFunction, requireList, unknownName } from '../arguments.ts';
import type { Batch } from '../data/pipeline/batch.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { isWhole } from '../kernels/dtype.ts';
import { tensor, zeros } from '../tensor/ops/creation.ts';
import { gather } from '../tensor/ops/indexing/gather.ts';
import { where } from '../tensor/ops/where.ts';
import { requireDType, requireTensor } from '../tensor/require-dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Shape } from '../tensor/shape-types.ts';
import { isSeveral, type Tensors, valueAt } from '../tensor/structure.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type BatchMetric, namedMetrics } from './batch-metrics.ts';
import { type Loss, type LossName, lossOf } from './by-name.ts';

/** Metrics by name (`['accuracy']`), or functions of one's own under names (`{ top3: topK(3) }`). */
export type Metrics =
  | readonly (keyof typeof namedMetrics)[]
  | Readonly<Record<string, BatchMetric>>;

export interface OutputOptions {
  readonly loss: Loss | LossName;
  readonly metrics?: Metrics | undefined;
  readonly classWeights?: readonly number[] | undefined;
  readonly ignoreIndex?: number | undefined;
}

/** What is judged of an output: its examples, or the positions of all of them in a row. */
export interface Judged {
  readonly outputs: Tensors;
  readonly targets: Tensors;
  /** Of each example or position, without weights and mask. */
  readonly losses: Tensor;
  /** Which of them count; undefined for all. */
  readonly mask: Tensor<Shape, 'bool'> | undefined;
  /** What the losses are multiplied by. */
  readonly weights: Tensor | undefined;
}

/** How one output of a model is judged: by a loss and metrics. */
export class OutputScoring {
  /** The name among the model's outputs; `''` where it is all there is. */
  readonly name: string;
  readonly metrics: readonly (readonly [string, BatchMetric])[];
  private readonly called: string;
  private readonly loss: Loss;
  private readonly namedLoss: string | undefined;
  private readonly classWeights: Tensor | undefined;
  private readonly ignoreIndex: number | undefined;

  constructor(
    caller: string,
    name: string,
    { loss, metrics = [], classWeights, ignoreIndex }: OutputOptions,
  ) {
    this.name = name;
    this.called = name && ` of output '${name}'`;
    this.loss = lossOf(caller, loss);
    this.namedLoss = typeof loss === 'string' ? loss : undefined;
    this.metrics = isNames(metrics)
      ? metrics.map((metric) => [metric, named(caller, metric)] as const)
      : ownMetrics(caller, metrics);
    this.classWeights = classWeights && weightTensor(classWeights);
    this.ignoreIndex = ignoreIndex;
  }

  /**
   * The losses of a batch, one for each example, or for each position where weights or a mask have one.
   * @throws ShapeError, DTypeError where losses, targets or outputs are not of the shape they must be
   */
  judge(outputs: Tensors, batch: Batch<Tensors, Tensors>): Judged {
    const own = this.partOf('output', outputs);
    const target = this.partOf('target', batch.targets);
    if (this.namedLoss && (isSeveral(own) || isSeveral(target))) {
      throw new ArgumentError(
        `The loss '${this.namedLoss}' is of one output, but there are several outputs or targets. Give each a ` +
          `loss by its name, such as loss: { classes: '${this.namedLoss}' }, or a function of all.`,
      );
    }
    const weights = sharedBy(batch.weights, this.name);
    const mask = this.maskOf(batch, target);
    const shape = positionsOf(batch.count, weights, mask);
    const inRow = (x: Tensors, what: string) => this.inRow(what, x, shape);
    const flatMask = mask && expanded(mask, shape, `The mask${this.called}`);
    const flat = { outputs: inRow(own, 'outputs'), targets: inRow(target, 'targets') };
    const targets = flatMask ? withoutMasked(flat.targets, flatMask) : flat.targets;
    const count = shape.reduce((product, size) => product * size, 1);
    const losses = this.lossesOf(flat.outputs, targets, count);
    const ofClasses =
      this.classWeights && this.weightsOfClasses(this.classWeights, flat.outputs, targets);
    const given = weights && expanded(weights, shape, `The weights${this.called}`).cast('f32');
    return {
      outputs: flat.outputs,
      targets,
      losses,
      mask: flatMask,
      weights: ofClasses && given ? ofClasses.mul(given) : (ofClasses ?? given),
    };
  }

  /** How many examples or positions of a batch count, where a mask says it: a scalar. */
  masked(batch: Batch<Tensors, Tensors>): Tensor | undefined {
    const mask = this.maskOf(batch, this.partOf('target', batch.targets));
    if (!mask) return undefined;
    const shape = positionsOf(batch.count, sharedBy(batch.weights, this.name), mask);
    return expanded(mask, shape, `The mask${this.called}`).cast('f32').sum();
  }

  /** The sum of each metric over what counts. */
  metricSums({ outputs, targets, losses, mask }: Judged): Tensor[] {
    return this.metrics.map(([name, metric]) => {
      // A function of one's own may be one of all outputs.
      const values = metric(outputs as AnyTensor, targets as AnyTensor);
      const own = `The metric '${name}'${this.called}`;
      const advice = 'Take the mean over the other axes; fit takes that over the examples.';
      requireEach(own, values, losses.size, '', advice);
      return kept(values, mask).sum();
    });
  }

  private lossesOf(outputs: Tensors, targets: Tensors, count: number): Tensor {
    const losses = this.loss(outputs as AnyTensor, targets as AnyTensor, { reduction: 'none' });
    requireEach(
      `The loss${this.called}`,
      losses,
      count,
      ", when it is called with reduction 'none',",
      '',
    );
    return losses;
  }

  /** That of this name, or all where there is but one loss. */
  private partOf(what: 'output' | 'target', tensors: Tensors): Tensors {
    if (this.name === '') return tensors;
    const part = valueAt(tensors, this.name);
    if (part) return part;
    const known = isSeveral(tensors) ? Object.keys(tensors).join(', ') : 'one alone';
    throw new ArgumentError(
      `There is a loss for '${this.name}', but no ${what} of that name. There is ${known}.`,
    );
  }

  private maskOf(
    batch: Batch<Tensors, Tensors>,
    target: Tensors,
  ): Tensor<Shape, 'bool'> | undefined {
    const given = sharedBy(batch.mask, this.name);
    const mask = given && isTrue(given);
    const { ignoreIndex } = this;
    if (ignoreIndex === undefined || !(target instanceof Tensor) || !isWhole(target.dtype))
      return mask;
    const labelled = target.cast('i32').notEqual(ignoreIndex);
    if (!mask) return labelled;
    const further = labelled.shape.slice(mask.rank).map(() => 1);
    return labelled.logicalAnd(mask.reshape([...mask.shape, ...further]));
  }

  /** With the axes that number examples and positions as one. */
  private inRow(what: string, x: Tensors, positions: readonly number[]): Tensors {
    if (positions.length === 1) return x;
    if (isSeveral(x)) {
      throw new ShapeError(
        `A mask or weights of positions [${positions}] are of one output: give each output a loss of its own.`,
      );
    }
    if (sameShape(x.shape.slice(0, positions.length), positions)) {
      return x.reshape([-1, ...x.shape.slice(positions.length)]);
    }
    throw new ShapeError(
      `The ${what}${this.called && ` '${this.name}'`} [${x.shape}] must begin with the axes of its mask or weights, [${positions}].`,
    );
  }

  private weightsOfClasses(weights: Tensor, outputs: Tensors, targets: Tensors): Tensor {
    requireTensor(`classWeights${this.called}`, outputs);
    requireTensor(`classWeights${this.called}`, targets);
    requireClassNumbers(weights.size, outputs, targets);
    return gather(weights, targets);
  }
}

/** What counts as it is, and 0 for the rest: also where that is NaN. */
export function kept(values: Tensor, mask: Tensor<Shape, 'bool'> | undefined): Tensor {
  return mask ? where(mask, values, zeros([])) : values;
}

/** Targets that do not count may be no targets at all, such as a label of −1: they become 0. */
function withoutMasked(targets: Tensors, mask: Tensor<Shape, 'bool'>): Tensors {
  if (isSeveral(targets)) return targets;
  const further = targets.shape.slice(1).map(() => 1);
  return where(mask.reshape([mask.size, ...further]), targets, zeros([], { dtype: targets.dtype }));
}

/** The tensor of that name, or one for all outputs. */
function sharedBy(part: Tensors | undefined, name: string): AnyTensor | undefined {
  if (part === undefined || !isSeveral(part)) return part;
  return valueAt(part, name);
}

function isTrue(mask: AnyTensor): Tensor<Shape, 'bool'> {
  return mask.dtype === 'bool' ? (mask as Tensor<Shape, 'bool'>) : mask.cast('f32').notEqual(0);
}

/** The axes that number what is judged: examples, or positions in them. */
function positionsOf(
  count: number,
  ...parts: readonly (AnyTensor | undefined)[]
): readonly number[] {
  const ranks = parts.map((part) => part?.rank ?? 0);
  return parts[ranks.indexOf(Math.max(1, ...ranks))]?.shape ?? [count];
}

/** For each position what is said of it or of its example, in a row. */
function expanded<D extends 'bool' | 'f32'>(
  part: Tensor<Shape, D>,
  positions: readonly number[],
  what: string,
): Tensor<Shape, D>;
function expanded(part: AnyTensor, positions: readonly number[], what: string): AnyTensor;
function expanded(part: AnyTensor, positions: readonly number[], what: string): AnyTensor {
  const further = positions.slice(part.rank);
  if (!sameShape(part.shape, positions.slice(0, part.rank))) {
    throw new ShapeError(
      `${what} [${part.shape}] must be of each example or position, [${positions}].`,
    );
  }
  if (further.length === 0) return part.reshape([-1]);
  return part
    .reshape([...part.shape, ...further.map(() => 1)])
    .expand([...positions])
    .reshape([-1]);
}

/** @throws ShapeError, DTypeError where it is anything but a number for each example. */
function requireEach(
  what: string,
  values: AnyTensor,
  count: number,
  when: string,
  advice: string,
): asserts values is Tensor {
  requireTensor(what, values);
  if (values.rank !== 1 || values.shape[0] !== count) {
    throw new ShapeError(
      `${what} must give one value for each of the ${count} examples, shape [${count}]${when || ','} but its ` +
        `shape is [${values.shape}].${advice && ` ${advice}`}`,
    );
  }
  requireDType(when ? `The mean of the loss` : what, values, ['f32']);
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
