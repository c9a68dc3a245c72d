import { CheckpointError } from '../errors.ts';
import type { HostTensor } from '../io/host-tensor.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors-file.ts';
import { setWeights, weightsOf } from '../io/weights.ts';
import { tensor } from '../tensor/ops/creation.ts';
import { randomState, setRandomState } from '../tensor/ops/random.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import type { EpochLogs } from './history.ts';
import type { Training } from './training.ts';

/** The version of this layout; a reader refuses a newer one. */
const VERSION = 1;

/** The part of a checkpoint that is not tensors: the metadata entry `training`, as JSON. */
interface Position {
  readonly version: number;
  /** What must be the same when training goes on. */
  readonly setup: Setup;
  readonly epoch: number;
  readonly step: number;
  readonly seconds: number;
  /** Examples counted in this epoch's sums. */
  readonly counted: number;
  readonly optimizerSteps: number;
  readonly random: { readonly seed: number; readonly stream: number };
  readonly history: readonly EpochLogs[];
  /** Why a callback has ended it; such a training does not go on. */
  readonly stopped: Training['stopped'] | null;
  readonly callbacks: Readonly<Record<string, unknown>>;
}

interface Setup {
  readonly optimizer: string;
  readonly examples: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
  readonly metrics: readonly string[];
}

function setupOf({ optimizer, examples, stepsPerEpoch, seed, means }: Training): Setup {
  return { optimizer: optimizer.kind, examples, stepsPerEpoch, seed, metrics: means.names };
}

/**
 * Writes all that a training needs to go on bit for bit: weights under their own names, moments as
 * `optimizer.<moment>.<weight>`, the sums of the epoch at hand, the state of the random numbers and
 * of the callbacks. The file is replaced as a whole.
 *
 * @throws CheckpointError when it cannot be written
 */
export async function writeTraining(file: string, training: Training): Promise<void> {
  const { model, optimizer, means, history, callbacks } = training;
  const tensors = new Map<string, HostTensor>(await weightsOf(model));
  for (const { name, variable, value } of optimizer.moments()) {
    tensors.set(`optimizer.${name}.${training.nameOf(variable)}`, await onHost(value));
  }
  tensors.set('epoch.sums', await onHost(means.value as AnyTensor));
  const states: Record<string, unknown> = {};
  for (const callback of callbacks) {
    const state = callback.state?.();
    if (!state) continue;
    states[callback.name] = state.values ?? null;
    for (const [key, value] of state.tensors ?? []) {
      tensors.set(`${prefixOf(callback.name)}${key}`, value);
    }
  }
  const position: Position = {
    version: VERSION,
    setup: setupOf(training),
    epoch: training.epoch,
    step: training.step,
    seconds: training.seconds,
    counted: means.examples,
    optimizerSteps: optimizer.steps,
    random: randomState(),
    history: history.epochs.map(withoutNonFinite),
    stopped: training.stopped ?? null,
    callbacks: states,
  };
  const metadata = { format: 'wgrad', training: JSON.stringify(position) };
  await writeSafetensors(file, tensors, metadata);
}

/**
 * Puts a training where a checkpoint was written; leaves it at its start where there is no file.
 *
 * @throws CheckpointError for a file that is not intact or belongs to another training
 */
export async function resume(file: string, training: Training): Promise<void> {
  const { access } = await import('node:fs/promises');
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  const { tensors, metadata } = await readSafetensors(file);
  const position = positionIn(file, metadata);
  requireSameSetup(file, position.setup, setupOf(training));

  const { model, optimizer, means, history, callbacks } = training;
  const weights = new Map(
    [...model.namedVariables().keys()].map((name) => [name, tensors.get(name)!]),
  );
  await setWeights(model, new Map([...weights].filter(([, value]) => value)));
  optimizer.setMoments(
    optimizer.moments().map(({ name, variable, value }) => {
      const stored = tensors.get(`optimizer.${name}.${training.nameOf(variable)}`);
      if (stored?.shape.join() === value.shape.join()) {
        return { name, variable, value: onDevice(stored) };
      }
      throw new CheckpointError(
        `${file} has no ${name} of '${training.nameOf(variable)}' of shape [${value.shape}]: it ` +
          'was written with other settings of the optimizer. Use those, or start a new file.',
      );
    }),
  );
  optimizer.steps = position.optimizerSteps;
  const sums = tensors.get('epoch.sums');
  if (sums) means.restore(onDevice(sums) as Tensor, position.counted);
  training.epoch = position.epoch;
  training.step = position.step;
  training.seconds = position.seconds;
  history.epochs.push(...position.history.map(withNonFinite));
  if (position.stopped) {
    training.stopped = position.stopped;
    training.isOver = true;
  }
  for (const callback of callbacks) {
    if (!(callback.name in position.callbacks)) continue;
    const prefix = prefixOf(callback.name);
    const own = [...tensors].filter(([name]) => name.startsWith(prefix));
    callback.restore?.({
      values: position.callbacks[callback.name],
      tensors: new Map(own.map(([name, value]) => [name.slice(prefix.length), value])),
    });
  }
  setRandomState(position.random);
}

function prefixOf(callback: string): string {
  return `callbacks.${callback}.`;
}

function positionIn(file: string, metadata: Readonly<Record<string, string>>): Position {
  const text = metadata.training;
  if (text === undefined) {
    throw new CheckpointError(
      `${file} holds weights but no state of a training. Load it with io.loadWeights instead.`,
    );
  }
  let position: Position;
  try {
    position = JSON.parse(text) as Position;
  } catch (cause) {
    throw new CheckpointError(`${file} is damaged: its training state is no JSON.`, { cause });
  }
  if (position.version !== VERSION) {
    throw new CheckpointError(
      `${file} has version ${position.version} of the training state; this wgrad reads ${VERSION}. ` +
        'Resume with the wgrad that wrote it.',
    );
  }
  return position;
}

function requireSameSetup(file: string, then: Setup, now: Setup): void {
  for (const key of Object.keys(now) as (keyof Setup)[]) {
    if (JSON.stringify(then[key]) === JSON.stringify(now[key])) continue;
    throw new CheckpointError(
      `${file} belongs to another training: its ${key} was ${JSON.stringify(then[key])}, now it is ` +
        `${JSON.stringify(now[key])}. Use the settings it was written with, or start a new file.`,
    );
  }
}

/** JSON has no NaN and no infinity: a diverged loss is written as text. */
function withoutNonFinite(logs: EpochLogs): EpochLogs {
  return mapValues(logs, (value) => (Number.isFinite(value) ? value : String(value)));
}

function withNonFinite(logs: EpochLogs): EpochLogs {
  return mapValues(logs, Number);
}

function mapValues(logs: EpochLogs, change: (value: number) => unknown): EpochLogs {
  const entries = Object.entries(logs).map(([key, value]) => [key, change(value)]);
  return Object.fromEntries(entries) as EpochLogs;
}

async function onHost(value: AnyTensor): Promise<HostTensor> {
  return { shape: [...value.shape], dtype: value.dtype, data: await value.data() };
}

function onDevice({ shape, dtype, data }: HostTensor): AnyTensor {
  return tensor(data as Float32Array, shape).cast(dtype) as AnyTensor;
}
