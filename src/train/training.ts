import type { Batch } from '../data/pipeline/batch.ts';
import type { World } from '../distributed/world.ts';
import type { AnyLayer } from '../nn/layer.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { Tensors } from '../tensor/structure.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import type { Stateful } from './callbacks/callback-state.ts';
import { History } from './history.ts';
import type { RunningMeans } from './running-means.ts';

/** The gradients of one step by the names of the variables: `layers.0.weight`. */
export type StepGradients = ReadonlyMap<string, AnyTensor>;

/** A training under way, as callbacks see it. */
export class Training {
  readonly model: AnyLayer;
  readonly optimizer: Optimizer;
  /** How many epochs there are to be. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** How many examples an epoch has. */
  readonly examples: number;
  readonly batchSize: number;
  /** Whether each epoch has an order of its own. */
  readonly shuffle: boolean;
  /** The seed of the order of examples. */
  readonly seed: number;
  /** The ranks that train together; undefined where this is all there is. */
  readonly world: World | undefined;
  /** What checkpoints keep the state of, in the order in which they are called. */
  readonly callbacks: readonly Stateful[];
  readonly history = new History();
  /** The epoch at hand, or the next one, from 0. */
  epoch = 0;
  /** How many steps of the epoch are done. */
  step = 0;
  /** Loss and metrics over the examples of this epoch so far. */
  readonly means: RunningMeans;
  /** Seconds spent on the steps of this epoch. */
  seconds = 0;
  /** How many ranks wrote the checkpoint that it goes on from; undefined where it goes on from none. */
  ranksBefore: number | undefined;
  /** Why a callback has asked to stop; undefined if none has. */
  stopped: { readonly kind: 'stopped' | 'diverged'; readonly reason: string } | undefined;
  /** Whether the step or epoch at hand is the last one: stopped by a callback or interrupted. */
  isOver = false;
  /**
   * The loss of the last step, regularisers included: the mean over its batch, on the device until it is
   * read. `await training.loss.item()` waits for the step; kept for later it costs nothing.
   */
  loss: AnyTensor | undefined;
  /** The batch trained on last. */
  batch: Batch<Tensors, Tensors> | undefined;
  private names: Map<AnyVariable, string> | undefined;

  constructor(options: {
    readonly model: AnyLayer;
    readonly optimizer: Optimizer;
    readonly epochs: number;
    readonly stepsPerEpoch: number;
    readonly examples: number;
    readonly batchSize: number;
    readonly shuffle: boolean;
    readonly seed: number;
    readonly means: RunningMeans;
    readonly callbacks: readonly Stateful[];
    readonly world?: World | undefined;
  }) {
    this.model = options.model;
    this.optimizer = options.optimizer;
    this.epochs = options.epochs;
    this.stepsPerEpoch = options.stepsPerEpoch;
    this.examples = options.examples;
    this.batchSize = options.batchSize;
    this.shuffle = options.shuffle;
    this.seed = options.seed;
    this.means = options.means;
    this.callbacks = options.callbacks;
    this.world = options.world;
  }

  /** Ends training after the step or epoch at hand; the first one to say so is heard. */
  stop(reason: string, kind: 'stopped' | 'diverged' = 'stopped'): void {
    this.stopped ??= { kind, reason };
  }

  /** The name of one of the model's variables, as checkpoints and callbacks use it. */
  nameOf(variable: AnyVariable): string {
    this.names ??= new Map([...this.model.namedVariables()].map(([name, own]) => [own, name]));
    return this.names.get(variable) as string;
  }

  /** Steps taken over all epochs. */
  get totalSteps(): number {
    return this.epoch * this.stepsPerEpoch + this.step;
  }
}
