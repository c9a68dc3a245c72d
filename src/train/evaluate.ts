import { requireFlag, requireOptions } from '../arguments.ts';
import type { Batch } from '../data/pipeline/batch.ts';
import type { AnyDataset, Dataset } from '../data/pipeline/dataset.ts';
import type { World } from '../distributed/world.ts';
import { DataError, DistributedError } from '../errors.ts';
import type { AnyLayer } from '../nn/layer.ts';
import { requireSignal, type Signal } from '../signal.ts';
import { compile } from '../tensor/compile.ts';
import {
  type Arranged,
  mapStructure,
  namedValues,
  type Tensors,
  valuesOf,
} from '../tensor/structure.ts';
import { realize } from '../tensor/tensor.ts';
import { layerOf, type Model } from './model.ts';
import { onAny } from './ranks/agreement.ts';
import { refuseBegun, requireDataset } from './requirements.ts';
import { RunningMeans } from './running-means.ts';
import { Scoring, type ScoringOptions } from './scoring.ts';
import { untilAborted } from './until-aborted.ts';
import { refuseWrongTargets } from './wrong-targets.ts';

/** Batches that are read from files while one is computed; those in memory cost nothing. */
export const AHEAD = 2;

/** Large, since no gradients have to be kept in memory. */
const BATCH_SIZE = 256;

export interface PredictOptions {
  /** Examples computed at once; has no influence on the result. Default 256. */
  readonly batchSize?: number;
  /**
   * Whether what is computed of a batch is compiled (default), anew in each call. False where layers,
   * losses or metrics of yours compute with numbers of JavaScript that change from batch to batch; see
   * `compile`.
   */
  readonly compile?: boolean;
  /** Stops after the batch at hand, at once while data are waited for; its reason is thrown. */
  readonly signal?: Signal | undefined;
}

export interface EvaluateOptions extends ScoringOptions, PredictOptions {
  /** The ranks that evaluate together, from `mpi()`: each computes its part, and all get the means of all. */
  readonly world?: World | undefined;
}

/**
 * The loss and the metrics of a model over a data set, each a mean over all examples, by name.
 * Regularisers add nothing to this loss.
 *
 * @throws DataError where there are no examples, or a target is not finite; ShapeError where a label is
 *   no class; the signal's reason where it was aborted, and on the other ranks a DistributedError
 */
export async function evaluate<I extends Tensors, T extends Tensors>(
  given: Model<I>,
  examples: Dataset<I, T>,
  options: EvaluateOptions,
): Promise<Record<string, number>> {
  requireOptions('evaluate', options, [
    'loss',
    'lossWeights',
    'metrics',
    'classWeights',
    'ignoreIndex',
    'batchSize',
    'compile',
    'signal',
    'world',
  ]);
  const model = layerOf('evaluate', given);
  refuseBegun('evaluate', given);
  requireDataset('evaluate', examples);
  requireFlag('evaluate', 'compile', options.compile ?? true);
  requireSignal('evaluate', options.signal);
  const scoring = new Scoring('evaluate', options);
  const scores = await evaluateWith(scoring, model, examples, options);
  if (!scores) {
    options.signal?.throwIfAborted();
    throw new DistributedError('evaluate: another rank was interrupted, and with it all of them.');
  }
  if (Number.isNaN(scores.loss)) await refuseWrongTargets('evaluate', model, examples, scoring);
  return scores;
}

/** As {@link evaluate}; undefined where it was interrupted, on any rank. */
export async function evaluateWith(
  scoring: Scoring,
  model: AnyLayer,
  examples: AnyDataset,
  {
    batchSize = BATCH_SIZE,
    compile: compiles = true,
    signal,
    world,
  }: PredictOptions & Pick<EvaluateOptions, 'world'> = {},
): Promise<Record<string, number> | undefined> {
  if (examples.count === 0) throw new DataError('evaluate: the data set has no examples.');
  const means = new RunningMeans(scoring.names, scoring.addends);
  const judge = (batch: Batch<Tensors, Tensors>): Promise<void> => {
    const { sums, counts } = scoring.judge(model.forward(batch.inputs), batch);
    means.add(sums, counts);
    return realize(means.value);
  };
  const compiled = compile((batch: Batch<Tensors, Tensors>): void => {
    judge(batch);
  });
  const whole = examples.batch(batchSize).prefetch(AHEAD);
  const own = world ? whole.partOf(world) : whole;
  const isAborted = () => signal?.aborted ?? false;
  const isInterrupted = async () => (world ? onAny(world, isAborted()) : isAborted());
  let isOver = false;
  for await (const { part, ...batch } of untilAborted(own.epoch(0), signal)) {
    isOver = await isInterrupted();
    if (isOver) break;
    if (part?.count === 0) continue;
    await (compiles ? compiled : judge)(batch);
    means.count(batch.count);
  }
  // A rank whose data ended by its signal says so here, where the others ask before their next batch.
  isOver ||= await isInterrupted();
  return isOver ? undefined : means.read(world);
}

/** The numbers of a model's outputs, arranged as they are. */
export type Predictions<O> = Arranged<O, Float32Array>;

/**
 * A model's outputs for all examples of a data set, one behind the other: f32, row-major, shape
 * [count, ...one output's shape]; of several outputs an array for each, arranged as they are. For
 * classifiers without a softmax layer these are logits.
 */
export async function predict<I extends Tensors, O extends Tensors>(
  given: Model<I, O>,
  examples: Dataset<I, Tensors>,
  options: PredictOptions = {},
): Promise<Predictions<O>> {
  requireOptions('predict', options, ['batchSize', 'compile', 'signal']);
  const model = layerOf('predict', given);
  refuseBegun('predict', given);
  requireDataset('predict', examples);
  const { batchSize = BATCH_SIZE, compile: compiles = true, signal } = options;
  requireFlag('predict', 'compile', compiles);
  requireSignal('predict', signal);
  const forward = (inputs: Tensors) => model.forward(inputs);
  const outputsOf = compiles ? compile(forward) : forward;
  const parts: (readonly [name: string, data: Float32Array])[] = [];
  let arrangement: Tensors = [];
  for await (const { inputs } of untilAborted(
    examples.batch(batchSize).prefetch(AHEAD).epoch(0),
    signal,
  )) {
    const outputs: Tensors = await outputsOf(inputs);
    await realize(...valuesOf(outputs));
    for (const [name, value] of namedValues(outputs)) {
      parts.push([name, (await value.data()) as Float32Array]);
    }
    arrangement = outputs;
  }
  signal?.throwIfAborted();
  const all = mapStructure(arrangement, (_, own) =>
    joined(parts.filter(([name]) => name === own).map(([, data]) => data)),
  );
  return (examples.count === 0 ? new Float32Array() : all) as Predictions<O>;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
