import { requireNumber, requireOptions, requireWhole } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { recording } from '../graph/execution/recording.ts';
import { full, zeros } from '../tensor/ops/creation.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import { requireVariables } from './groups.ts';

export interface EmaOptions {
  /** How much of the averages an update leaves. Default 0.999. */
  readonly decay?: number;
}

/**
 * Averages of weights over a training, which often do better than the last weights. They live on the
 * device; an update is computed together with what is computed next.
 */
export class WeightAverages {
  /** For each weight, frozen or not, the variable that holds its average. */
  readonly averages: ReadonlyMap<AnyVariable, AnyVariable>;
  /** How much the weights count in update n, from 0. */
  private readonly share: (n: number) => number;
  private taken = 0;

  /** They come from `ema` and `averaged`. */
  constructor(kind: string, variables: readonly AnyVariable[], share: (n: number) => number) {
    requireVariables(kind, variables);
    const weights = variables.filter(({ cell }) => cell.isWeight);
    if (weights.length === 0) {
      throw new ArgumentError(
        `${kind}: needs trainable variables; a model has them once it is built.`,
      );
    }
    this.averages = new Map(
      weights.map((variable) => {
        const { name, shape, dtype } = variable;
        return [variable, new Variable(zeros(shape, { dtype }), { name, trainable: false })];
      }),
    );
    this.share = share;
  }

  /** How many updates there have been. Set it, and the averages, to go on where another run ended. */
  get updates(): number {
    return this.taken;
  }

  set updates(updates: number) {
    requireWhole('averages', { updates }, { from: 0 });
    this.taken = updates;
  }

  /**
   * Takes in the weights as they are at this point of the program: after each step, say. A frozen one is
   * its own average.
   */
  update(): void {
    const [stays, comes] = this.shares.map((share) => full([], share)) as [Share, Share];
    for (const [variable, average] of this.averages) {
      const { value, trainable } = variable;
      average.assign(trainable ? average.value.mul(stays).add(value.mul(comes)) : value);
    }
    recording()?.repeat({
      holds: () => true,
      next: () => {
        const [staysNow, comesNow] = this.shares;
        this.taken++;
        return [
          [stays.node.scalars, { value: staysNow }],
          [comes.node.scalars, { value: comesNow }],
        ];
      },
      undo: () => {
        this.taken--;
      },
    });
    this.taken++;
  }

  /**
   * Exchanges weights and averages; a second time puts them back. Between the two no update may happen.
   * @throws ArgumentError where there has been no update.
   */
  swap(): void {
    if (this.taken === 0) {
      throw new ArgumentError(
        'averages: there are none before the first update(), which belongs behind a step.',
      );
    }
    for (const [variable, average] of this.averages) {
      const { value } = variable;
      variable.assign(average.value);
      average.assign(value);
    }
  }

  /** Does something with the averages for weights, such as an evaluation, and puts the weights back. */
  async apply<T>(work: () => T | Promise<T>): Promise<T> {
    this.swap();
    try {
      return await work();
    } finally {
      this.swap();
    }
  }

  /** How much of the averages stays in the next update, and how much of the weights comes to it. */
  private get shares(): [stays: number, comes: number] {
    const share = this.share(this.taken);
    return [1 - share, share];
  }
}

type Share = ReturnType<typeof full<[], 'f32'>>;

/**
 * Exponential moving averages of weights: decay · average + (1 − decay) · weight with each `update()`; the
 * first takes the weights as they are (PyTorch's AveragedModel with get_ema_avg_fn).
 * @throws ArgumentError where decay is not at least 0 and below 1.
 */
export function ema(variables: readonly AnyVariable[], options: EmaOptions = {}): WeightAverages {
  const decay = decayOf(options);
  return new WeightAverages('ema', variables, (n) => (n === 0 ? 1 : 1 - decay));
}

/** @throws ArgumentError where it is not at least 0 and below 1. */
export function decayOf(options: EmaOptions): number {
  requireOptions('ema', options, ['decay']);
  const { decay = 0.999 } = options;
  requireNumber('ema', { decay }, { from: 0, below: 1 });
  return decay;
}

/**
 * The mean of the weights at all updates, as of those at the ends of epochs (Izmailov et al., "Averaging
 * weights leads to wider optima and better generalization", 2018; PyTorch's AveragedModel).
 */
export function averaged(variables: readonly AnyVariable[]): WeightAverages {
  return new WeightAverages('averaged', variables, (n) => 1 / (n + 1));
}
