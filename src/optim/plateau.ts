import { requireChoice, requireNumber, requireOptions, requireWhole } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';

export interface PlateauOptions {
  /** What the rate is multiplied by. Default 0.1. */
  readonly factor?: number;
  /** After how many values in a row that are no improvement. Default 10. */
  readonly patience?: number;
  /** By how much a value must be better than the best to be an improvement. Default 1e-4. */
  readonly minDelta?: number;
  /** The same as a part of the best: 0.01 asks for 1 % more than `minDelta`. Default 0. */
  readonly threshold?: number;
  /** How many values after a reduction are not counted, however bad. Default 0. */
  readonly cooldown?: number;
  /** The rate is never reduced below this. Default 0. */
  readonly minLr?: number;
  /** Whether small values are good (a loss) or large ones (an accuracy). Default 'min'. */
  readonly mode?: 'min' | 'max';
}

export const PLATEAU_OPTIONS = [
  'factor',
  'patience',
  'minDelta',
  'threshold',
  'cooldown',
  'minLr',
  'mode',
] as const satisfies readonly (keyof PlateauOptions)[];

/** What is remembered between values; plain JSON. */
export interface PlateauState {
  /** The best value so far; null before the first. */
  readonly best: number | null;
  /** How many values in a row have been no improvement. */
  readonly waited: number;
  /** How many of the next values are not counted; 0 if left out. */
  readonly cooling?: number;
}

/** Lowers a learning rate when a value, such as the loss of each epoch, stops improving. */
export class Plateau {
  private readonly options: Required<PlateauOptions>;
  private best: number | null = null;
  private waited = 0;
  private cooling = 0;

  constructor(options: PlateauOptions = {}) {
    requireOptions('reduceOnPlateau', options, PLATEAU_OPTIONS);
    const { factor = 0.1, patience = 10, minDelta = 1e-4, minLr = 0, mode = 'min' } = options;
    const { threshold = 0, cooldown = 0 } = options;
    if (!(factor > 0 && factor < 1)) {
      throw new ArgumentError(`reduceOnPlateau: factor must lie between 0 and 1, got ${factor}.`);
    }
    requireNumber('reduceOnPlateau', { factor, patience, minDelta, minLr });
    if (!(patience >= 1)) {
      throw new ArgumentError(`reduceOnPlateau: patience must be 1 or more, got ${patience}.`);
    }
    if (!(minDelta >= 0 && minLr >= 0)) {
      throw new ArgumentError('reduceOnPlateau: minDelta and minLr must be 0 or more.');
    }
    requireNumber('reduceOnPlateau', { threshold }, { from: 0 });
    requireWhole('reduceOnPlateau', { cooldown }, { from: 0 });
    requireChoice('reduceOnPlateau', { mode }, ['min', 'max']);
    this.options = { factor, patience, minDelta, threshold, cooldown, minLr, mode };
  }

  /**
   * The rate to go on with after `value` has been seen: `lr`, or a lower one. A NaN is no
   * improvement. A rate at or below `minLr` is given back as it is.
   */
  update(value: number, lr: number): number {
    const { factor, patience, minDelta, threshold, cooldown, minLr, mode } = this.options;
    const gain = this.best === null ? Infinity : (this.best - value) * (mode === 'min' ? 1 : -1);
    const needed = minDelta + threshold * Math.abs(this.best ?? 0);
    const isCooling = this.cooling > 0;
    if (isCooling) this.cooling--;
    if (gain > needed && !Number.isNaN(value)) {
      this.best = value;
      this.waited = 0;
      return lr;
    }
    if (isCooling) return lr;
    this.waited++;
    if (this.waited < patience) return lr;
    this.waited = 0;
    this.cooling = cooldown;
    return Math.min(lr, Math.max(lr * factor, minLr));
  }

  /** What `restore` goes on from. */
  state(): PlateauState {
    const { best, waited, cooling } = this;
    return cooling > 0 ? { best, waited, cooling } : { best, waited };
  }

  /** Goes on from a `state()` of before. */
  restore({ best, waited, cooling = 0 }: PlateauState): void {
    this.cooling = cooling;
    this.best = best;
    this.waited = waited;
  }
}

/** {@link Plateau}: `lr = plateau.update(loss, lr)` after every epoch. */
export function reduceOnPlateau(options: PlateauOptions = {}): Plateau {
  return new Plateau(options);
}
