import { requireNumber, requireOptions, shown } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';

/**
 * The learning rate as a pure function of the number of steps taken before: 0 at the first step.
 * Any function will do; those made here can also be described (see `Optimizer.settings`).
 */
export type Schedule = (step: number) => number;

/** A schedule in plain JSON: its name and arguments. */
export type ScheduleSettings = { readonly schedule: string } & {
  readonly [argument: string]: number | string | ScheduleSettings;
};

const settingsOf = new WeakMap<Schedule, ScheduleSettings>();

/** A rate in plain JSON: a number as it is, a schedule by name; others' functions are 'custom'. */
export function describeRate(rate: number | Schedule): number | ScheduleSettings {
  if (typeof rate === 'number') return rate;
  return settingsOf.get(rate) ?? { schedule: 'custom', name: rate.name };
}

/** `lr` at every step. */
export function constant(lr: number): Schedule {
  return named({ schedule: 'constant', lr }, () => lr);
}

/** `lr`, multiplied by `factor` after every `every` steps: lr · factor^⌊step / every⌋. */
export function step(lr: number, every: number, factor = 0.1): Schedule {
  requireNumber('step', { every }, { from: 1 });
  return named(
    { schedule: 'step', lr, every, factor },
    (at) => lr * factor ** Math.floor(at / every),
  );
}

/** lr · factor^step. */
export function exponential(lr: number, factor: number): Schedule {
  return named({ schedule: 'exponential', lr, factor }, (at) => lr * factor ** at);
}

/** From `from` straight to `to`, which it reaches at step `steps` and keeps. */
export function linear(from: number, to: number, steps: number): Schedule {
  requireNumber('linear', { steps }, { from: 1 });
  return named({ schedule: 'linear', from, to, steps }, (at) => {
    const part = Math.min(1, at / steps);
    return from * (1 - part) + to * part;
  });
}

/**
 * From `from` to `to` along half a cosine, reached at step `steps` and kept (Loshchilov & Hutter,
 * "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, eq. 5, without restarts).
 */
export function cosine(from: number, to: number, steps: number): Schedule {
  requireNumber('cosine', { steps }, { from: 1 });
  return named({ schedule: 'cosine', from, to, steps }, (at) =>
    annealed(from, to, Math.min(1, at / steps)),
  );
}

/**
 * Rises evenly to what `then` begins with, in `steps` steps of (step + 1) / (steps + 1) each, and
 * goes on with `then`, for which step `steps` is step 0 (Goyal et al., "Accurate, large minibatch
 * SGD", 2017, section 2.2).
 */
export function warmUp(steps: number, then: number | Schedule): Schedule {
  requireNumber('warmUp', { steps }, { from: 1 });
  const after = typeof then === 'number' ? constant(then) : then;
  return named({ schedule: 'warmUp', steps, then: describeRate(then) }, (at) =>
    at < steps ? (after(0) * (at + 1)) / (steps + 1) : after(at - steps),
  );
}

export interface OneCycleOptions {
  /** The part of the steps in which the rate rises. Default 0.3. */
  readonly rise?: number;
  /** The rate at the first step. Default peak / 25. */
  readonly from?: number;
  /** The rate at the last step. Default from / 10000. */
  readonly to?: number;
}

/**
 * Rises to `peak` and falls again within `steps` steps, both along half a cosine (Smith & Topin,
 * "Super-convergence", 2018); where it turns, and the defaults, are those of PyTorch's OneCycleLR:
 * the peak is at step rise · steps − 1, the end at step steps − 1.
 */
export function oneCycle(peak: number, steps: number, options: OneCycleOptions = {}): Schedule {
  requireOptions('oneCycle', options, ['rise', 'from', 'to']);
  const { rise = 0.3, from = peak / 25 } = options;
  const { to = from / 1e4 } = options;
  requireNumber('oneCycle', { steps }, { from: 1 });
  requireNumber('oneCycle', { rise }, { from: 0, to: 1 });
  const [top, end] = [rise * steps - 1, steps - 1];
  return named({ schedule: 'oneCycle', peak, steps, rise, from, to }, (at) => {
    if (at < top) return annealed(from, peak, at / top);
    return at >= end ? to : annealed(peak, to, (at - Math.max(0, top)) / (end - Math.max(0, top)));
  });
}

/** From one number to another along half a cosine; `part` goes from 0 to 1. */
function annealed(from: number, to: number, part: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
}

function named(settings: ScheduleSettings, schedule: Schedule): Schedule {
  for (const [name, value] of Object.entries(settings)) {
    if (name !== 'schedule' && typeof value !== 'object' && !Number.isFinite(value)) {
      throw new ArgumentError(
        `${settings.schedule}: ${name} must be a number, got ${shown(value)}.`,
      );
    }
  }
  settingsOf.set(schedule, settings);
  return schedule;
}
