import { CheckpointError } from '../errors.ts';
import { survey } from '../io/json-survey.ts';
import type { EpochLogs } from './history.ts';
import { isCount, isListOf, isNumber, isObject, isRecordOf } from './state-checks.ts';
import type { Training } from './training.ts';

/** The version of this layout; a reader refuses any other. */
export const VERSION = 1;

/** The part of a checkpoint that is not tensors: the metadata entry `training`, as JSON. */
export interface Position {
  readonly version: number;
  /** What must be the same when training goes on. */
  readonly setup: Setup;
  /** How many ranks wrote it; files of before have no word of it. */
  readonly ranks?: number;
  readonly epoch: number;
  readonly step: number;
  readonly seconds: number;
  /** Examples counted in this epoch's sums. */
  readonly counted: number;
  readonly optimizerSteps: number;
  /** How many of them passed which weights by that were frozen; files of before have no word of it. */
  readonly missed?: Readonly<Record<string, number>>;
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
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly metrics: readonly string[];
}

export function setupOf(training: Training): Setup {
  const { optimizer, examples, stepsPerEpoch, batchSize, shuffle, seed, means } = training;
  const metrics = means.names;
  return { optimizer: optimizer.kind, examples, stepsPerEpoch, batchSize, shuffle, seed, metrics };
}

export function requireSameSetup(file: string, then: Setup, now: Setup): void {
  const before = new Map<string, unknown>(Object.entries(then));
  for (const [key, value] of Object.entries(now)) {
    const [was, is] = [JSON.stringify(before.get(key)), JSON.stringify(value)];
    // Files from before batchSize and shuffle were noted have stepsPerEpoch alone.
    const isOlder = was === undefined && (key === 'batchSize' || key === 'shuffle');
    if (isOlder || was === is) continue;
    throw new CheckpointError(
      `${file} belongs to another training: its ${key} was ${was}, now it is ` +
        `${is}. Use the settings it was written with, or start a new file.`,
    );
  }
}

/** The most brackets, braces and commas: that of a hundred thousand epochs with a hundred metrics. */
const MAX_PARTS = 1e7;

/** JSON has no NaN and no infinity, which a diverged loss may be: they are written as text. */
const NON_FINITE = ['NaN', 'Infinity', '-Infinity'];

export function encodePosition(position: Position): string {
  return JSON.stringify(position, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** @throws CheckpointError where a file has no position, a damaged one, or one of another version */
export function positionIn(file: string, metadata: Readonly<Record<string, string>>): Position {
  const text = metadata.training;
  if (text === undefined) {
    throw new CheckpointError(
      `${file} holds weights but no state of a training. Load it with io.loadWeights instead.`,
    );
  }
  let position: Position | null;
  if (survey(new TextEncoder().encode(text)).parts > MAX_PARTS) {
    throw new CheckpointError(
      `${file} is damaged: its training state has over ${MAX_PARTS} parts.`,
    );
  }
  try {
    position = JSON.parse(text, (_, value) => (NON_FINITE.includes(value) ? Number(value) : value));
  } catch (cause) {
    throw new CheckpointError(`${file} is damaged: its training state is no JSON.`, { cause });
  }
  if (position?.version === VERSION) {
    requireForm(file, position);
    return position;
  }
  throw new CheckpointError(
    `${file} has version ${position?.version} of the training state; this wgrad reads ${VERSION}. ` +
      'Resume with the wgrad that wrote it.',
  );
}

/** @throws CheckpointError that names the first part that is not of its form */
function requireForm(file: string, position: Position): void {
  const { setup, epoch, step, history, stopped, random } = position;
  const isRight: Record<keyof Position, boolean> = {
    version: true,
    setup: isObject(setup),
    ranks: position.ranks === undefined || isCount(position.ranks),
    epoch: isCount(epoch),
    step: isCount(step) && (!isObject(setup) || step <= setup.stepsPerEpoch),
    seconds: isNumber(position.seconds) && position.seconds >= 0,
    counted: isCount(position.counted),
    optimizerSteps: isCount(position.optimizerSteps),
    missed: position.missed === undefined || isRecordOf(position.missed, isCount),
    random: isObject(random) && Number.isSafeInteger(random.seed) && isCount(random.stream),
    history:
      isListOf(history, (logs): logs is EpochLogs => isRecordOf(logs, isNumber)) &&
      history.length === epoch,
    stopped:
      stopped === null ||
      (isObject(stopped) &&
        ['stopped', 'diverged'].includes(stopped.kind) &&
        typeof stopped.reason === 'string'),
    callbacks: isObject(position.callbacks),
  };
  const wrong = Object.entries(isRight).find(([, right]) => !right);
  if (!wrong) return;
  throw new CheckpointError(
    `${file} is damaged: the ${wrong[0]} of its training state is not of the form in which it is ` +
      'written. Resume from another checkpoint, or start a new file.',
  );
}
