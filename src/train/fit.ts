import { grad } from '../autograd/grad.ts';
import type { Batch } from '../data/pipeline/batch.ts';
import type { Dataset } from '../data/pipeline/dataset.ts';
import { ArgumentError } from '../errors.ts';
import type { Layer } from '../nn/layer.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import type { Callback } from './callbacks/callback.ts';
import { evaluate } from './evaluate.ts';
import { type EpochLogs, type History, onValidation } from './history.ts';
import { RunningMeans } from './running-means.ts';
import { Scoring, type ScoringOptions } from './scoring.ts';
import { type StepGradients, Training } from './training.ts';
import { resume } from './training-state.ts';

/** Batches that are read from files while one is trained on; those in memory cost nothing. */
const AHEAD = 2;

export interface FitOptions extends ScoringOptions {
  readonly optimizer: Optimizer;
  /** How often every example is seen. Default 1. */
  readonly epochs?: number;
  /** Examples in a step. Default 32. */
  readonly batchSize?: number;
  /** What to evaluate on after each epoch. */
  readonly validation?: Dataset | undefined;
  /** Without `validation`: the share of the examples, taken from the end, to evaluate on. */
  readonly validationSplit?: number;
  /** Whether each epoch has its own random order (default) or the order of the data set. */
  readonly shuffle?: boolean;
  /** Of the orders; a whole number, default 0. First weights and dropout follow `setSeed`. */
  readonly seed?: number;
  readonly callbacks?: readonly Callback[];
  /** A checkpoint to go on from where it exists; the other options must be those it was made with. */
  readonly resume?: string | undefined;
  /** Ends training after the step at hand. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains a model: for each epoch, one optimizer step on each batch, then an evaluation on the
 * validation data. Built on the public API only; docs/training.md sets the same loop beside it,
 * written by hand.
 *
 * @returns the logs of every epoch, and why training ended
 * @throws ArgumentError for options that make no sense, CheckpointError for a checkpoint of
 *   another training, and what the model, the loss and the callbacks throw
 */
export async function fit(model: Layer, examples: Dataset, options: FitOptions): Promise<History> {
  const { optimizer, epochs = 1, batchSize = 32, shuffle = true, seed = 0, signal } = options;
  const callbacks = options.callbacks ?? [];
  requireSense(options, callbacks);
  const [train, validation] = splitOff(examples, options);
  const scoring = new Scoring(options);
  const batches = (shuffle ? train.shuffle({ seed }) : train).batch(batchSize).prefetch(AHEAD);
  const training = new Training({
    model,
    optimizer,
    epochs,
    stepsPerEpoch: batches.length,
    examples: train.count,
    seed,
    means: new RunningMeans(scoring.names),
    callbacks,
  });
  if (options.resume) await resume(options.resume, training);
  const { history } = training;
  history.ending = { kind: 'finished' };

  try {
    await each(callbacks, (callback) => callback.onTrainBegin?.(training));
    while (training.epoch < epochs && !training.isOver) {
      await each(callbacks, (callback) => callback.onEpochBegin?.(training));
      const start = performance.now() - training.seconds * 1000;
      for await (const batch of batches.epoch(training.epoch, { from: training.step })) {
        await trainStep(training, scoring, batch);
        training.seconds = (performance.now() - start) / 1000;
        await settle(training, signal);
        if (training.isOver) break;
      }
      if (training.step < training.stepsPerEpoch) break;
      await endEpoch(training, scoring, validation);
      await settle(training, signal, history.last);
    }
    if (training.stopped) history.ending = training.stopped;
    else if (signal?.aborted) history.ending = { kind: 'interrupted' };
  } finally {
    await each(callbacks, (callback) => callback.onTrainEnd?.(training));
  }
  return history;
}

async function trainStep(training: Training, scoring: Scoring, batch: Batch): Promise<void> {
  const { model, optimizer, means, callbacks } = training;
  const outputs = model.forward(batch.inputs, { training: true });
  const penalty = model.penalty();
  const meanLoss = scoring.meanLoss(outputs, batch);
  const loss = (penalty ? meanLoss.add(penalty) : meanLoss) as AnyTensor;
  means.add(scoring.sums(loss, outputs, batch), batch.count);
  const gradients = grad(loss, optimizer.variables) as AnyTensor[];
  const wanted = callbacks.some((callback) => callback.wantsGradients?.(training));
  await optimizer.apply(gradients, wanted ? [loss, ...gradients] : [loss]);
  training.batch = batch;
  training.step++;
  const byName = wanted ? named(training, gradients) : undefined;
  await each(callbacks, (callback) => callback.onStepEnd?.(training, byName));
}

/** Decides whether training goes on, and only then lets checkpoints be written. */
async function settle(
  training: Training,
  signal: AbortSignal | undefined,
  logs?: EpochLogs,
): Promise<void> {
  training.isOver = training.stopped !== undefined || (signal?.aborted ?? false);
  await each(training.callbacks, (callback) => callback.onSettled?.(training, logs));
}

async function endEpoch(
  training: Training,
  scoring: Scoring,
  validation: Dataset | undefined,
): Promise<void> {
  const { model, optimizer, means, history, callbacks } = training;
  const start = performance.now();
  const trained = await means.read(); // waits for the device
  training.seconds += (performance.now() - start) / 1000;
  const validated = validation ? await evaluate(model, validation, { scoring }) : {};
  const logs: EpochLogs = {
    epoch: training.epoch + 1,
    ...trained,
    ...Object.fromEntries(Object.entries(validated).map(([key, x]) => [onValidation(key), x])),
    lr: optimizer.lr,
    seconds: training.seconds,
  };
  history.epochs.push(logs);
  training.epoch++;
  training.step = 0;
  training.seconds = 0;
  means.reset();
  await each(callbacks, (callback) => callback.onEpochEnd?.(training, logs));
}

function named(training: Training, gradients: readonly AnyTensor[]): StepGradients {
  const { variables } = training.optimizer;
  return new Map(variables.map((variable, i) => [training.nameOf(variable), gradients[i]!]));
}

/** Calls callbacks one after the other, in their order. */
async function each(
  callbacks: readonly Callback[],
  call: (callback: Callback) => void | Promise<void> | undefined,
): Promise<void> {
  for (const callback of callbacks) await call(callback);
}

function splitOff(examples: Dataset, options: FitOptions): [Dataset, Dataset | undefined] {
  const { validation, validationSplit } = options;
  if (validation || !validationSplit) return [examples, validation];
  return examples.split(validationSplit);
}

function requireSense(options: FitOptions, callbacks: readonly Callback[]): void {
  const { epochs = 1, validation, validationSplit = 0 } = options;
  if (!(Number.isInteger(epochs) && epochs >= 0)) {
    throw new ArgumentError(`fit: epochs must be a whole number from 0, not ${epochs}.`);
  }
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new ArgumentError(
      `fit: validationSplit must lie between 0 and 1, not at ${validationSplit}.`,
    );
  }
  if (validation && validationSplit > 0) {
    throw new ArgumentError('fit: give validation or validationSplit, not both.');
  }
  const twice = callbacks.find(({ name }, i) => callbacks.some((c, j) => j < i && c.name === name));
  if (twice) {
    throw new ArgumentError(
      `fit: two callbacks are called '${twice.name}'; their state could not be told apart. ` +
        'Give one of them another name.',
    );
  }
}
