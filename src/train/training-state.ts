import { messageOf } from '../cause.ts';
import { CheckpointError } from '../errors.ts';
import { requireFiles } from '../files/require-files.ts';
import type { HostTensor } from '../io/host-tensor.ts';
import { writeOwned } from '../io/safetensors-file.ts';
import { assignAll, matched, weightsOf } from '../io/weights.ts';
import type { Moment } from '../optim/flat-weights.ts';
import { owning } from '../tensor/ops/creation.ts';
import * as random from '../tensor/random/index.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Shape } from '../tensor/shape-types.ts';
import { type AnyTensor, realize, type Tensor } from '../tensor/tensor.ts';
import type { Stateful } from './callbacks/callback-state.ts';
import { readCheckpoint } from './ranks/read-checkpoint.ts';
import type { Training } from './training.ts';
import {
  encodePosition,
  type Position,
  positionIn,
  requireSameSetup,
  setupOf,
  VERSION,
} from './training-position.ts';

/** What the names of tensors begin with that are no weights. */
const OPTIMIZER = 'optimizer.';
const SCALE = 'optimizer.lossScale';
const CALLBACKS = 'callbacks.';
const SUMS = 'epoch.sums';
const COUNTS = 'epoch.counts';

/**
 * Writes all that a training needs to go on bit for bit: weights under their own names, moments as
 * `optimizer.<moment>.<weight>`, the loss scale where there is one, the sums of the epoch at hand, the state of the random numbers and
 * of the callbacks. The file is replaced as a whole.
 *
 * @throws FileError where it cannot be written
 */
export async function writeTraining(file: string, training: Training): Promise<void> {
  const { model, optimizer, means, history, callbacks } = training;
  const tensors = new Map<string, HostTensor>(await weightsOf(model));
  const moments = optimizer.moments();
  await realize(...moments.map(({ value }) => value));
  for (const moment of moments) {
    tensors.set(keyOf(moment, training), await onHost(moment.value));
    moment.value.dispose();
  }
  if (optimizer.lossScale) tensors.set(SCALE, await onHost(optimizer.lossScale.state));
  tensors.set(SUMS, await onHost(means.value));
  if (means.counts) tensors.set(COUNTS, await onHost(means.counts));
  const states: Record<string, unknown> = {};
  for (const callback of callbacks) {
    const state = await callback.state?.();
    if (!state) continue;
    states[callback.name] = state.values ?? null;
    for (const [key, value] of state.tensors ?? []) {
      tensors.set(`${prefixOf(callback.name)}${key}`, value);
    }
  }
  const position = encodePosition({
    version: VERSION,
    setup: setupOf(training),
    ranks: training.world?.size ?? 1,
    epoch: training.epoch,
    step: training.step,
    seconds: training.seconds,
    counted: means.examples,
    optimizerSteps: optimizer.steps,
    missed: missedIn(moments, training),
    random: random.state(),
    history: history.epochs,
    stopped: training.stopped ?? null,
    callbacks: states,
  });
  await writeOwned(file, tensors, { format: 'wgrad', training: position });
}

/**
 * Puts a training where a checkpoint was written; leaves it at its start where there is no file.
 *
 * @throws CheckpointError where the file cannot be read, is not intact or belongs to another training;
 *   model and optimizer are then as they were
 */
export async function resume(file: string, training: Training): Promise<void> {
  requireFiles('fit with resume', 'Set the weights that were kept, and train on.');
  const contents = await readCheckpoint(file, training.world);
  if (!contents) return;
  const { tensors, metadata, unreadable } = contents;
  for (const error of unreadable.values()) throw error;
  const position = positionIn(file, metadata);
  requireSameSetup(file, position.setup, setupOf(training));
  const { model, optimizer, means, history, callbacks } = training;
  const moments = momentsIn(file, tensors, training, position.missed);
  const scale = scaleIn(file, tensors, training);
  const sums = sumsIn(file, tensors, training, SUMS);
  const counts = tensors.has(COUNTS) ? sumsIn(file, tensors, training, COUNTS) : undefined;
  const isWeight = (name: string) =>
    name !== SUMS && name !== COUNTS && !name.startsWith(OPTIMIZER) && !name.startsWith(CALLBACKS);
  const weights = new Map([...tensors].filter(([name]) => isWeight(name)));
  const { assignments } = matched(model, weights, { source: file });
  for (const callback of callbacks) {
    if (!Object.hasOwn(position.callbacks, callback.name)) continue;
    const { length } = prefixOf(callback.name);
    const own = [...tensors].filter(([key]) => ownerOf(key, callbacks) === callback);
    try {
      callback.restore?.(
        {
          values: position.callbacks[callback.name],
          tensors: new Map(own.map(([key, value]) => [key.slice(length), value])),
        },
        model,
      );
    } catch (cause) {
      throw new CheckpointError(
        `${file}: the callback ${callback.name} cannot go on from its state: ${messageOf(cause)} ` +
          'Use the callbacks it was written with, or start a new file.',
        { cause },
      );
    }
  }

  // All of it fits: from here on nothing is refused.
  await assignAll(assignments);
  optimizer.setMoments(moments);
  if (optimizer.lossScale && scale) optimizer.lossScale.state = scale;
  optimizer.steps = position.optimizerSteps;
  means.restore(sums, position.counted, counts);
  training.ranksBefore = position.ranks ?? 1;
  training.epoch = position.epoch;
  training.step = position.step;
  training.seconds = position.seconds;
  history.epochs.push(...position.history);
  if (position.stopped) {
    training.stopped = position.stopped;
    training.isOver = true;
  }
  const { seed, stream } = position.random;
  random.setState({ seed, stream });
}

/** The sums of the epoch at hand as a file has them. */
function sumsIn(
  file: string,
  tensors: ReadonlyMap<string, HostTensor>,
  { means }: Training,
  name: string,
): Tensor<Shape> {
  const stored = tensors.get(name);
  if (!stored) throw new CheckpointError(`${file} is damaged: it lacks ${name}.`);
  const sums = onDevice(stored);
  if (isFloats(sums) && sameShape(sums.shape, means.value.shape)) return sums;
  throw new CheckpointError(
    `${file} is damaged: ${name} is ${sums.dtype}[${sums.shape}], not f32[${means.value.shape}].`,
  );
}

function isFloats(tensor: AnyTensor): tensor is Tensor<Shape> {
  return tensor.dtype === 'f32';
}

/** The state of the optimizer's loss scale as a file has it. */
function scaleIn(
  file: string,
  tensors: ReadonlyMap<string, HostTensor>,
  { optimizer }: Training,
): AnyTensor | undefined {
  if (!optimizer.lossScale) return undefined;
  const stored = tensors.get(SCALE);
  const [scale = 0, steps = -1] = stored?.data ?? [];
  if (stored?.dtype === 'f32' && sameShape(stored.shape, [2]) && scale >= 1 && steps >= 0) {
    return onDevice(stored);
  }
  throw otherOptimizer(file, `it has no ${SCALE} of f32[2], a scale and a number of steps`);
}

/** The optimizer's moments as a file has them: all of them, and no others. */
function momentsIn(
  file: string,
  tensors: ReadonlyMap<string, HostTensor>,
  training: Training,
  missed: Position['missed'] = {},
): Moment[] {
  const left = new Set([...tensors.keys()].filter((key) => key.startsWith(OPTIMIZER)));
  const moments = training.optimizer.moments().map((moment) => {
    const key = keyOf(moment, training);
    const stored = tensors.get(key);
    left.delete(key);
    if (stored?.dtype === 'f32' && sameShape(stored.shape, moment.value.shape)) {
      const name = training.nameOf(moment.variable);
      return { ...moment, value: onDevice(stored), missed: missed[name] ?? 0 };
    }
    throw otherOptimizer(file, `it has no ${key} of f32[${moment.value.shape}]`);
  });
  if (training.optimizer.lossScale) left.delete(SCALE);
  for (const key of left) throw otherOptimizer(file, `it has ${key}`);
  return moments;
}

/** How many steps passed weights by, where any did. */
function missedIn(moments: readonly Moment[], training: Training): Record<string, number> {
  const named = moments.map(
    ({ variable, missed = 0 }) => [training.nameOf(variable), missed] as const,
  );
  return Object.fromEntries(named.filter(([, missed]) => missed > 0));
}

function otherOptimizer(file: string, difference: string): CheckpointError {
  return new CheckpointError(
    `${file} was written with other settings of the optimizer: ${difference}. ` +
      'Use those settings, or start a new file.',
  );
}

function keyOf({ name, variable }: Moment, training: Training): string {
  return `${OPTIMIZER}${name}.${training.nameOf(variable)}`;
}

function prefixOf(callback: string): string {
  return `${CALLBACKS}${callback}.`;
}

/** Whose tensor it is: of callbacks that could have named it, the one with the longest name. */
function ownerOf(key: string, callbacks: readonly Stateful[]): Stateful | undefined {
  return callbacks
    .filter(({ name }) => key.startsWith(prefixOf(name)))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

async function onHost(value: AnyTensor): Promise<HostTensor> {
  return { shape: [...value.shape], dtype: value.dtype, data: await value.data() };
}

function onDevice({ shape, dtype, data }: HostTensor): AnyTensor {
  return owning(data, shape, dtype);
}
