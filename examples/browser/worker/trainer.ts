import { type callbacks, data, fit, type nn, type optim } from 'wgrad';
import type { TrainingState } from '../protocol.ts';
import type { Settings } from '../settings/settings.ts';
import type { Backup } from './backup.ts';
import type { Images } from './data-sets.ts';
import type { Emit } from './emit.ts';
import { Gate } from './gate.ts';
import { ProgressReporter } from './progress.ts';
import { turn } from './turn.ts';

/** What is trained, on what, and how. */
export interface Trained {
  readonly settings: Settings;
  readonly images: Images;
  readonly model: nn.Layer;
  readonly optimizer: optim.Optimizer;
  readonly backup: Backup;
}

/** What a training has done so far, and how many epochs it is to have done. */
export interface Done {
  readonly steps: number;
  readonly epochs: number;
  readonly goal: number;
}

/** A training that can be paused after each step, and goes on for more epochs when it is done. */
export class Trainer {
  readonly #trained: Trained;
  readonly #emit: Emit;
  readonly #onError: (error: unknown) => void;
  readonly #gate = new Gate();
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #steps: number;
  #epochs: number;
  #goal: number;
  #state: TrainingState = 'ready';

  constructor(trained: Trained, emit: Emit, onError: (error: unknown) => void, done?: Done) {
    this.#trained = trained;
    this.#emit = emit;
    this.#onError = onError;
    this.#steps = done?.steps ?? 0;
    this.#epochs = done?.epochs ?? 0;
    this.#goal = done?.goal ?? trained.settings.epochs;
    this.#tell(this.#steps > 0 ? 'paused' : 'ready');
  }

  get done(): Done {
    return { steps: this.#steps, epochs: this.#epochs, goal: this.#goal };
  }

  /** How many steps it is to take without a pause; infinitely many where nobody has said. */
  get stepsLeft(): number {
    return this.#gate.stepsLeft;
  }

  /** Trains for so many steps; to the end of all epochs if unsaid. */
  train(steps?: number): void {
    this.#gate.open(steps);
    this.#tell('training');
    this.#running ??= this.#run().catch(this.#onError);
  }

  pause(): void {
    this.#gate.shut();
  }

  /** Tells the page how the training stands, as after the weights have changed otherwise. */
  tellState(): void {
    this.#tell(this.#state);
  }

  /** Ends the training after the step at hand. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#gate.open();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { settings, images, model, optimizer, backup } = this.#trained;
    const { batchSize, seed } = settings;
    if (this.#epochs >= this.#goal) this.#goal += settings.epochs;
    const history = await fit(model, data.fromImages(images.train), {
      loss: 'crossEntropy',
      metrics: ['accuracy'],
      optimizer,
      epochs: this.#goal - this.#epochs,
      batchSize,
      seed: seed + this.#epochs, // another order where it goes on
      validation: data.fromImages(images.test),
      signal: this.#abort.signal,
      callbacks: [this.#watch()],
    });
    this.#running = undefined;
    if (history.ending.kind === 'interrupted') return;
    this.#gate.shut();
    await backup.keep();
    this.#tell('done');
  }

  #watch(): callbacks.Callback {
    const { backup } = this.#trained;
    const reporter = new ProgressReporter(this.#emit, this.done);
    return {
      name: 'playground',
      onEpochBegin: () => reporter.beginEpoch(),
      onStepEnd: async (training) => {
        this.#gate.countStep();
        this.#steps++;
        const isLast = training.step === training.stepsPerEpoch;
        if (reporter.isDue || isLast || !this.#gate.isOpen) await reporter.report(training);
        await turn();
        await backup.keepIfDue();
        if (this.#gate.isOpen || isLast) return;
        await this.#rest(reporter);
      },
      onEpochEnd: async (training, logs) => {
        this.#epochs++;
        reporter.endEpoch(training, logs);
        if (!this.#gate.isOpen && training.epoch < training.epochs) await this.#rest(reporter);
        reporter.resume();
      },
    };
  }

  async #rest(reporter: ProgressReporter): Promise<void> {
    this.#tell('paused');
    await this.#trained.backup.keep();
    await this.#gate.pass();
    reporter.resume();
  }

  #tell(state: TrainingState): void {
    this.#state = state;
    if (!this.#abort.signal.aborted) this.#emit('state', state);
  }
}
