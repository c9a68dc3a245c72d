import { messageOf } from '../cause.ts';
import type { Batch } from '../data/pipeline/batch.ts';
import type { BatchedDataset } from '../data/pipeline/batched.ts';
import type { AnyDataset, Dataset } from '../data/pipeline/dataset.ts';
import type { Precision } from '../nn/precision.ts';
import { lossGradients } from '../optim/gradients.ts';
import { Optimizer } from '../optim/optimizer.ts';
import type { Signal } from '../signal.ts';
import { compile } from '../tensor/compile.ts';
import type { Tensors } from '../tensor/structure.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import { optimizerOf } from './by-name.ts';
import type { Callback } from './callbacks/callback.ts';
import { AHEAD, evaluateWith } from './evaluate.ts';
import { type FitOptions, requireOwnVariables, requireSense, splitOff } from './fit-options.ts';
import type { EpochLogs, History } from './history.ts';
import { onValidation } from './metric-name.ts';
import { layerOf, type Model } from './model.ts';
import { sharedStep } from './ranks/shared-step.ts';
import { settleTogether, startTogether } from './ranks/start.ts';
import { begin, refuseBegun, requireDataset } from './requirements.ts';
import { RunningMeans } from './running-means.ts';
import { Scoring } from './scoring.ts';
import { type StepGradients, Training } from './training.ts';
import { resume } from './training-state.ts';
import { untilAborted } from './until-aborted.ts';
import { refuseWrongTargets } from './wrong-targets.ts';

/** What the steps and epochs of a training need besides its state. */
interface Setting {
  readonly callbacks: readonly Callback[];
  readonly train: AnyDataset;
  readonly batches: BatchedDataset<Tensors, Tensors>;
  readonly scoring: Scoring;
  readonly validation: AnyDataset | undefined;
  readonly signal: Signal | undefined;
  /** Whether steps, and batches of validation, are compiled. */
  readonly compiles: boolean;
  readonly precision: Precision;
}

/** One step on a batch, which gives its loss, and the gradients where they are wanted. */
type Step = (
  batch: AnyBatch,
  wantsGradients: boolean,
) => Promise<{ readonly loss: AnyTensor; readonly gradients: StepGradients | undefined }>;

type AnyBatch = Batch<Tensors, Tensors>;

/**
 * Trains a model: for each epoch, one optimizer step on each batch, then an evaluation on the
 * validation data. A step does what docs/training.md shows as a loop written by hand; around it,
 * `fit` keeps what callbacks, interruptions and resuming need.
 *
 * @returns the logs of every epoch, and why training ended
 * @throws ArgumentError where options make no sense, DataError where there are no examples,
 *   CheckpointError for a checkpoint of another training, and what the model, the loss and the
 *   callbacks throw, once every callback's `onTrainEnd` has been called; where some of those fail, too,
 *   their errors are in an AggregateError that is the first one's `cause`
 */
export async function fit<I extends Tensors, T extends Tensors>(
  given: Model<I>,
  examples: Dataset<I, T>,
  options: FitOptions,
): Promise<History> {
  const { optimizer: choice } = Object(options);
  const model = layerOf('fit', given, choice instanceof Optimizer ? choice.variables : []);
  refuseBegun('fit', given);
  requireDataset('fit', examples);
  requireSense(options);
  begin(given);
  const { epochs = 1, batchSize = 32, shuffle = true, seed = 0, signal } = options;
  const { compile: compiles = true, precision = 'f32' } = options;
  const world = options.world && options.world.size > 1 ? options.world : undefined;
  const callbacks = (options.callbacks ?? []).filter(
    ({ isForFirstRank = false }) => !(isForFirstRank && world && world.rank > 0),
  );
  const [train, validation] = splitOff(examples, options);
  const scoring = new Scoring('fit', options);
  const optimizer = await optimizerOf(options.optimizer, model, train);
  requireOwnVariables(model, optimizer);
  if (precision === 'f16') optimizer.scaleLosses();
  const whole = (shuffle ? train.shuffle({ seed }) : train).batch(batchSize).prefetch(AHEAD);
  const batches = world ? whole.partOf(world) : whole;
  const training = new Training({
    model,
    optimizer,
    epochs,
    stepsPerEpoch: batches.length,
    examples: train.count,
    batchSize,
    shuffle,
    seed,
    means: new RunningMeans(scoring.names, scoring.addends),
    callbacks,
    world,
  });
  if (world) await startTogether(world, training, options, validation?.count);
  if (options.resume) await resume(options.resume, training);
  const failures: unknown[] = [];
  try {
    await each(callbacks, (callback) => callback.onTrainBegin?.(training));
    const setting = { callbacks, train, batches, scoring, validation, signal, compiles, precision };
    await run(training, setting);
  } catch (error) {
    failures.push(error);
  }
  for (const callback of callbacks) {
    try {
      await callback.onTrainEnd?.(training);
    } catch (error) {
      failures.push(error);
    }
  }
  // The other ranks wait for this one.
  if (failures.length > 0 && world) world.abort(firstOf(failures));
  if (failures.length > 0) throw firstOf(failures);
  return training.history;
}

/** The first failure, whose kind tells what went wrong; what callbacks threw at the end is its cause. */
function firstOf([first, ...later]: readonly unknown[]): unknown {
  if (later.length === 0 || !(first instanceof Error)) return first;
  const causes = first.cause === undefined ? later : [first.cause, ...later];
  first.cause = new AggregateError(causes, `Then failed: ${later.map(messageOf).join(' ')}`);
  return first;
}

async function run(training: Training, setting: Setting): Promise<void> {
  const { epochs, history } = training;
  const { callbacks, batches, signal } = setting;
  training.isOver ||= signal?.aborted ?? false;
  if (training.world) await settleTogether(training.world, training);
  while (training.epoch < epochs && !training.isOver) {
    await each(callbacks, (callback) => callback.onEpochBegin?.(training));
    const start = performance.now() - training.seconds * 1000;
    const epoch = batches.epoch(training.epoch, { from: training.step });
    // Anew in each epoch: what callbacks have changed in between counts.
    const step = stepOf(training, setting);
    // Of several ranks none leaves the others alone in a step.
    for await (const batch of untilAborted(epoch, training.world ? undefined : signal)) {
      await trainStep(training, setting, batch, step);
      training.seconds = (performance.now() - start) / 1000;
      await settle(training, setting);
      if (training.isOver) break;
    }
    if (training.step < training.stepsPerEpoch) {
      if (!training.isOver) await settle(training, setting); // interrupted while it waited for data
      break;
    }
    const logs = await endEpoch(training, setting);
    await settle(training, setting, logs);
    if (!logs) break;
  }
  if (training.stopped?.kind === 'diverged') {
    await requireRightTargets(training, setting, Number.NaN);
  }
  if (training.stopped) history.ending = training.stopped;
  else if (training.epoch < epochs) history.ending = { kind: 'interrupted' };
}

async function trainStep(
  training: Training,
  setting: Setting,
  batch: AnyBatch,
  step: Step,
): Promise<void> {
  const { callbacks } = setting;
  const wanted = callbacks.some((callback) => callback.wantsGradients?.(training));
  const { loss, gradients } = await step(batch, wanted);
  training.loss = loss;
  training.means.count(batch.part?.of ?? batch.count);
  training.batch = batch;
  training.step++;
  await each(callbacks, (callback) => callback.onStepEnd?.(training, gradients));
}

/** The steps of an epoch. */
function stepOf(training: Training, setting: Setting): Step {
  const { optimizer, world } = training;
  const ofAll = (gradients: readonly AnyTensor[]) => named(training, gradients);
  if (world) return sharedStep(training, { ...setting, world, named: ofAll });
  const compiled = compile((batch: AnyBatch) => {
    const { loss, gradients } = lossOn(training, setting, batch);
    optimizer.apply(gradients, [loss]);
    return loss;
  });
  return async (batch, wantsGradients) => {
    if (setting.compiles && !wantsGradients) {
      return { loss: await compiled(batch), gradients: undefined };
    }
    const { loss, gradients } = lossOn(training, setting, batch);
    const wanted = wantsGradients ? ofAll(gradients) : undefined;
    await optimizer.apply(gradients, [loss, ...(wanted?.values() ?? [])]);
    return { loss, gradients: wanted };
  };
}

/** The loss of a batch and its gradients; its sums are added to the epoch's. */
function lossOn(
  { model, optimizer, means }: Training,
  { scoring, precision }: Setting,
  batch: AnyBatch,
) {
  const outputs = model.forward(batch.inputs, { training: true, precision });
  const { loss, sums, counts } = scoring.judge(outputs, batch, model.penalty());
  const gradients = lossGradients(optimizer.variables, optimizer.scaled(loss));
  means.add(sums, counts);
  return { loss, gradients };
}

/** Decides whether training goes on, and only then lets checkpoints be written. */
async function settle(
  training: Training,
  { callbacks, signal }: Setting,
  logs?: EpochLogs,
): Promise<void> {
  training.isOver = training.stopped !== undefined || (signal?.aborted ?? false);
  if (training.world) await settleTogether(training.world, training);
  await each(callbacks, (callback) => callback.onSettled?.(training, logs));
}

/** The logs of an epoch; undefined where its validation was interrupted, and is to be done again. */
async function endEpoch(training: Training, setting: Setting): Promise<EpochLogs | undefined> {
  const { optimizer, means, history } = training;
  const start = performance.now();
  const trained = await means.read(); // waits for the device
  training.seconds += (performance.now() - start) / 1000;
  await requireRightTargets(training, setting, trained.loss);
  const validated = await validate(training, setting);
  if (!validated) return undefined;
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
  await each(setting.callbacks, (callback) => callback.onEpochEnd?.(training, logs));
  return logs;
}

/** Looks for what is wrong in the data where a loss is NaN: once, as the data stay what they are. */
async function requireRightTargets(
  { model, history }: Training,
  { train, scoring }: Setting,
  loss: number | undefined,
): Promise<void> {
  const isFirst = history.epochs.every(({ loss }) => !Number.isNaN(loss));
  if (Number.isNaN(loss) && isFirst) await refuseWrongTargets('fit', model, train, scoring);
}

async function validate(
  training: Training,
  { callbacks, scoring, validation, signal, compiles }: Setting,
): Promise<Record<string, number> | undefined> {
  if (!validation) return {};
  const { world } = training;
  await each(callbacks, (callback) => callback.onValidationBegin?.(training));
  try {
    return await evaluateWith(scoring, training.model, validation, {
      compile: compiles,
      signal,
      world,
    });
  } catch (error) {
    if (signal?.aborted && !world) return undefined;
    throw error;
  } finally {
    await each(callbacks, (callback) => callback.onValidationEnd?.(training));
  }
}

/** The gradients of what is trained, as callbacks see them: not scaled. */
function named(training: Training, gradients: readonly AnyTensor[]): StepGradients {
  const { variables, lossScale } = training.optimizer;
  return new Map(
    variables.flatMap((variable, i) => {
      const gradient = gradients[i] as AnyTensor;
      const entry = [training.nameOf(variable), lossScale?.over(gradient) ?? gradient] as const;
      return variable.trainable ? [entry] : [];
    }),
  );
}

/** Calls callbacks one after the other, in their order. */
async function each(
  callbacks: readonly Callback[],
  call: (callback: Callback) => void | Promise<void> | undefined,
): Promise<void> {
  for (const callback of callbacks) await call(callback);
}
