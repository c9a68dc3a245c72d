import { requireFlag, requireOptions } from '../arguments.ts';
import type { Dataset } from '../data/pipeline/dataset.ts';
import { DataError } from '../errors.ts';
import type { Layer } from '../nn/layer.ts';
import { requireSignal, type Signal } from '../signal.ts';
import { compile } from '../tensor/compile.ts';
import { type AnyTensor, realize } from '../tensor/tensor.ts';
import { requireDataset, requireModel } from './requirements.ts';
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

export interface EvaluateOptions extends ScoringOptions, PredictOptions {}

/**
 * The loss and the metrics of a model over a data set, each a mean over all examples, by name.
 * Regularisers add nothing to this loss.
 *
 * @throws DataError where there are no examples, or a target is not finite; ShapeError where a label is
 *   no class
 */
export async function evaluate(
  model: Layer,
  examples: Dataset,
  options: EvaluateOptions,
): Promise<Record<string, number>> {
  requireOptions('evaluate', options, [
    'loss',
    'metrics',
    'classWeights',
    'batchSize',
    'compile',
    'signal',
  ]);
  requireModel('evaluate', model);
  requireDataset('evaluate', examples);
  requireFlag('evaluate', 'compile', options.compile ?? true);
  requireSignal('evaluate', options.signal);
  const scoring = new Scoring('evaluate', options);
  const scores = await evaluateWith(scoring, model, examples, options);
  if (Number.isNaN(scores.loss)) await refuseWrongTargets('evaluate', model, examples, scoring);
  return scores;
}

/** As {@link evaluate}. */
export async function evaluateWith(
  scoring: Scoring,
  model: Layer,
  examples: Dataset,
  { batchSize = BATCH_SIZE, compile: compiles = true, signal }: PredictOptions = {},
): Promise<Record<string, number>> {
  if (examples.count === 0) throw new DataError('evaluate: the data set has no examples.');
  const means = new RunningMeans(scoring.names);
  const judge = (inputs: AnyTensor, targets: AnyTensor): Promise<void> => {
    const batch = { inputs, targets, count: inputs.shape[0] as number };
    const outputs = model.forward(inputs);
    const loss = scoring.meanLoss(outputs, batch);
    means.add(scoring.sums(loss, outputs, batch));
    return realize(means.value);
  };
  const compiled = compile((inputs: AnyTensor, targets: AnyTensor): void => {
    judge(inputs, targets);
  });
  for await (const { inputs, targets, count } of untilAborted(
    examples.batch(batchSize).prefetch(AHEAD).epoch(0),
    signal,
  )) {
    await (compiles ? compiled : judge)(inputs, targets);
    means.count(count);
  }
  signal?.throwIfAborted();
  return means.read();
}

/**
 * A model's outputs for all examples of a data set, one behind the other: f32, row-major, shape
 * [count, ...one output's shape]. For classifiers without a softmax layer these are logits.
 */
export async function predict(
  model: Layer,
  examples: Dataset,
  options: PredictOptions = {},
): Promise<Float32Array> {
  requireOptions('predict', options, ['batchSize', 'compile', 'signal']);
  requireModel('predict', model);
  requireDataset('predict', examples);
  const { batchSize = BATCH_SIZE, compile: compiles = true, signal } = options;
  requireFlag('predict', 'compile', compiles);
  requireSignal('predict', signal);
  const forward = (inputs: AnyTensor) => model.forward(inputs);
  const outputsOf = compiles ? compile(forward) : forward;
  const parts: Float32Array[] = [];
  for await (const { inputs } of untilAborted(
    examples.batch(batchSize).prefetch(AHEAD).epoch(0),
    signal,
  )) {
    const outputs = await outputsOf(inputs);
    parts.push(await outputs.data());
  }
  signal?.throwIfAborted();
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
