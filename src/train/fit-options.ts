import {
  inWords,
  requireChoice,
  requireFlag,
  requireList,
  requireOptions,
  requireWhole,
  unknownName,
} from '../arguments.ts';
import type { AnyDataset } from '../data/pipeline/dataset.ts';
import type { World } from '../distributed/world.ts';
import { ArgumentError, DataError } from '../errors.ts';
import type { AnyLayer } from '../nn/layer.ts';
import type { Precision } from '../nn/precision.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { requireSignal, type Signal } from '../signal.ts';
import type { OptimizerName } from './by-name.ts';
import type { Callback } from './callbacks/callback.ts';
import { requireDataset } from './requirements.ts';
import type { ScoringOptions } from './scoring.ts';

export interface FitOptions extends ScoringOptions {
  /** An optimizer of the model's variables, or the name of one of `optim`: `'adam'`. */
  readonly optimizer: Optimizer | OptimizerName;
  /** How often every example is seen. Default 1. */
  readonly epochs?: number;
  /** Examples in a step. Default 32. */
  readonly batchSize?: number;
  /** What to evaluate on after each epoch. */
  readonly validation?: AnyDataset | undefined;
  /**
   * Without `validation`: the share of the examples, taken from the end, to evaluate on. A data set
   * that augments would do so there too: split it first.
   */
  readonly validationSplit?: number;
  /** Whether each epoch has its own random order (default) or the order of the data set. */
  readonly shuffle?: boolean;
  /** Of the orders; a whole number, default 0. First weights and dropout follow `random.seed`. */
  readonly seed?: number;
  /**
   * Whether steps and validation are compiled (default), anew in each epoch. False where layers, losses or metrics of
   * yours compute with numbers of JavaScript that change from step to step; see `compile`.
   */
  readonly compile?: boolean;
  /**
   * 'f16' stores what layers hand on, and its gradients, as f16, and scales the loss for that: half the
   * memory. Weights, moments, losses and all arithmetic stay f32, and validation is that of 'f32', the
   * default.
   */
  readonly precision?: Precision;
  /** Each belongs to one training: make new ones for the next. */
  readonly callbacks?: readonly Callback[];
  /** A checkpoint to go on from where it exists; the other options must be those it was made with. */
  readonly resume?: string | undefined;
  /** Ends training after the step at hand, or at once while it waits for data. */
  readonly signal?: Signal | undefined;
  /**
   * The ranks that train together, from `mpi()`: each computes its part of every batch, and comes to the
   * weights, metrics and history that one alone would come to.
   */
  readonly world?: World | undefined;
}

/** The examples to train on, and those to validate with. */
export function splitOff(
  examples: AnyDataset,
  options: Pick<FitOptions, 'validation' | 'validationSplit'>,
): [AnyDataset, AnyDataset | undefined] {
  const { validation, validationSplit = 0 } = options;
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new ArgumentError(
      `fit: validationSplit must be at least 0 and below 1, not ${validationSplit}.`,
    );
  }
  if (validation && validationSplit > 0) {
    throw new ArgumentError('fit: give validation or validationSplit, not both.');
  }
  if (validation !== undefined) requireDataset('fit', validation, 'validation');
  const parts: [AnyDataset, AnyDataset | undefined] =
    validationSplit > 0 ? examples.split(validationSplit) : [examples, validation];
  if (parts[0].count === 0) throw new DataError('fit: there are no examples to train on.');
  if (parts[1]?.count === 0) throw new DataError('fit: there are no examples to validate with.');
  return parts;
}

/** @throws ArgumentError where options make no sense together */
export function requireSense(options: FitOptions): void {
  requireOptions('fit', options, [
    'optimizer',
    'loss',
    'lossWeights',
    'metrics',
    'classWeights',
    'ignoreIndex',
    'epochs',
    'batchSize',
    'validation',
    'validationSplit',
    'shuffle',
    'seed',
    'compile',
    'precision',
    'callbacks',
    'resume',
    'signal',
    'world',
  ]);
  const {
    epochs = 1,
    batchSize = 1,
    shuffle = true,
    compile = true,
    precision = 'f32',
    callbacks = [],
    resume = '',
  } = options;
  requireWhole('fit', { epochs }, { from: 0 });
  requireWhole('fit', { batchSize }, { from: 1 });
  requireFlag('fit', 'shuffle', shuffle);
  requireSignal('fit', options.signal);
  requireFlag('fit', 'compile', compile);
  requireChoice('fit', { precision }, ['f32', 'f16']);
  requireList('fit', callbacks, 'callbacks, such as [callbacks.progress()]');
  callbacks.forEach(requireCallback);
  if (typeof resume !== 'string') {
    throw new ArgumentError(
      `fit: resume must be the path of a checkpoint; got ${inWords(resume)}.`,
    );
  }
  const twice = callbacks.find(({ name }, i) => callbacks.some((c, j) => j < i && c.name === name));
  if (twice) {
    throw new ArgumentError(
      `fit: two callbacks are called '${twice.name}'; their state could not be told apart. ` +
        "Rename one: { ...callback, name: 'another' }.",
    );
  }
}

const HOOKS = [
  'onTrainBegin',
  'onEpochBegin',
  'onStepEnd',
  'onValidationBegin',
  'onValidationEnd',
  'onEpochEnd',
  'onSettled',
  'onTrainEnd',
] as const satisfies readonly (keyof Callback)[];

/** @throws ArgumentError where it is no callback, or has a method that `fit` would never call */
function requireCallback(callback: Callback): void {
  if (typeof callback !== 'object' || callback === null || !('name' in callback)) {
    throw new ArgumentError(
      `fit: callbacks are objects, such as callbacks.progress(); got ${inWords(callback)} among them.`,
    );
  }
  const known: readonly string[] = HOOKS;
  const names = [callback, Object.getPrototypeOf(callback)].flatMap(Object.getOwnPropertyNames);
  const unknown = names.find((name) => /^on[_A-Z]/.test(name) && !known.includes(name));
  if (unknown) throw unknownName(`fit: callback '${callback.name}'`, 'method', unknown, known);
}

/** @throws ArgumentError where the optimizer changes what the model does not have */
export function requireOwnVariables(model: AnyLayer, optimizer: Optimizer): void {
  const known = new Set(model.variables);
  const foreign = optimizer.variables.find((variable) => !known.has(variable));
  if (foreign) {
    throw new ArgumentError(
      `fit: the optimizer changes the variable '${foreign.name}' [${foreign.shape}], which the model ` +
        'does not have. Make the optimizer of variables of this model.',
    );
  }
}
