import {
  requireChoice,
  requireFunction,
  requireList,
  requireNumber,
  requireOptions,
  requireWhole,
  shown,
} from '../arguments.ts';
import { ArgumentError } from '../errors.ts';

/**
 * The learning rate as a pure function of the number of steps taken before: 0 at the first step.
 * Any function will do; those made here can also be described (see `Optimizer.settings`).
 */
export type Schedule = (step: number) => number;

/** A schedule in plain JSON: its name and arguments. */
export type ScheduleSettings = { readonly schedule: string } & {
  readonly [argument: string]:
    | number
    | string
    | ScheduleSettings
    | readonly (number | ScheduleSettings)[];
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

/** `lr`, multiplied by `factor` from each of the `milestones` on, steps that rise (PyTorch's MultiStepLR). */
export function multiStep(lr: number, milestones: readonly number[], factor = 0.1): Schedule {
  requireRising('multiStep', milestones);
  const steps = [...milestones];
  return named(
    { schedule: 'multiStep', lr, milestones: steps, factor },
    (at) => lr * factor ** steps.filter((milestone) => milestone <= at).length,
  );
}

/** lr · factor^step. */
export function exponential(lr: number, factor: number): Schedule {
  return named({ schedule: 'exponential', lr, factor }, (at) => lr * factor ** at);
}

/** From `from` straight to `to`, which it reaches at step `steps` and keeps. */
export function linear(from: number, to: number, steps: number): Schedule {
  requireNumber('linear', { steps }, { from: 1 });
  return named({ schedule: 'linear', from, to, steps }, (at) =>
    straight(from, to, Math.min(1, at / steps)),
  );
}

/** From `from` to `to`, reached at step `steps` and kept: to + (from − to) · (1 − step / steps)^power. */
export function polynomial(from: number, to: number, steps: number, power = 1): Schedule {
  requireNumber('polynomial', { steps }, { from: 1 });
  requireNumber('polynomial', { power }, { above: 0 });
  return named(
    { schedule: 'polynomial', from, to, steps, power },
    (at) => to + (from - to) * (1 - Math.min(1, at / steps)) ** power,
  );
}

/**
 * From `from` to `to` along half a cosine in `steps` steps, and from the start again, each time in
 * `factor` times as many (Loshchilov & Hutter, "SGDR", ICLR 2017; PyTorch's CosineAnnealingWarmRestarts).
 */
export function cosineRestarts(from: number, to: number, steps: number, factor = 1): Schedule {
  requireWhole('cosineRestarts', { steps, factor }, { from: 1 });
  return named({ schedule: 'cosineRestarts', from, to, steps, factor }, (at) => {
    let [since, length] = [at, steps];
    if (factor === 1) since %= steps;
    for (; since >= length; length *= factor) since -= length;
    return annealed(from, to, since / length);
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

export interface WarmUpOptions {
  /** The part of the rate it begins with, such as 0. Default 1 / (steps + 1). */
  readonly from?: number;
}

/**
 * Rises evenly from a part of what `then` begins with to that, in `steps` steps, and goes on with
 * `then`, for which step `steps` is step 0 (Goyal et al., "Accurate, large minibatch SGD", 2017,
 * section 2.2; PyTorch's LinearLR, whose start_factor is `from`).
 */
export function warmUp(
  steps: number,
  then: number | Schedule,
  options: WarmUpOptions = {},
): Schedule {
  requireOptions('warmUp', options, ['from']);
  requireNumber('warmUp', { steps }, { from: 1 });
  const { from } = options;
  if (from !== undefined) requireNumber('warmUp', { from }, { from: 0, to: 1 });
  if (typeof then !== 'number') requireFunction('warmUp', 'what comes then', then);
  const after = typeof then === 'number' ? constant(then) : then;
  const settings = { schedule: 'warmUp', steps, then: describeRate(then) };
  if (from === undefined) {
    return named(settings, (at) =>
      at < steps ? (after(0) * (at + 1)) / (steps + 1) : after(at - steps),
    );
  }
  return named({ ...settings, from }, (at) =>
    at < steps ? after(0) * (from + ((1 - from) * at) / steps) : after(at - steps),
  );
}

/**
 * Schedules one after the other: each goes on at its milestone, which is step 0 for it (PyTorch's
 * SequentialLR). There is one milestone less than there are schedules.
 */
export function sequential(
  schedules: readonly Schedule[],
  milestones: readonly number[],
): Schedule {
  requireList('sequential', schedules, 'schedules, such as [constant(0.1), cosine(0.1, 0, 90)]');
  for (const one of schedules) requireFunction('sequential', 'each schedule', one);
  requireRising('sequential', milestones);
  if (schedules.length !== milestones.length + 1) {
    throw new ArgumentError(
      `sequential: ${schedules.length} schedules need ${schedules.length - 1} milestones, got ${milestones.length}.`,
    );
  }
  const described = schedules.map((one) => describeRate(one));
  const settings = { schedule: 'sequential', schedules: described, milestones: [...milestones] };
  return named(settings, (at) => {
    const passed = milestones.filter((milestone) => milestone <= at).length;
    return (schedules[passed] as Schedule)(at - (milestones[passed - 1] ?? 0));
  });
}

/** @throws ArgumentError unless they are whole numbers above 0, each greater than the one before. */
function requireRising(schedule: string, milestones: readonly number[]): void {
  requireList(schedule, milestones, 'steps, such as [30, 60]');
  milestones.forEach((milestone, i) => {
    requireWhole(schedule, { milestone }, { from: (milestones[i - 1] ?? 0) + 1 });
  });
}

export interface OneCycleOptions {
  /** The part of the steps in which the rate rises. Default 0.3. */
  readonly rise?: number;
  /** The rate at the first step. Default peak / 25. */
  readonly from?: number;
  /** The rate at the last step. Default from / 10000. */
  readonly to?: number;
  /** Along half a cosine each way (default), or straight. */
  readonly anneal?: 'cosine' | 'linear';
}

/**
 * Rises to `peak` and falls again within `steps` steps (Smith & Topin,
 * "Super-convergence", 2018); where it turns, and the defaults, are those of PyTorch's OneCycleLR:
 * the peak is at step rise · steps − 1, the end at step steps − 1.
 */
export function oneCycle(peak: number, steps: number, options: OneCycleOptions = {}): Schedule {
  requireOptions('oneCycle', options, ['rise', 'from', 'to', 'anneal']);
  const { rise = 0.3, from = peak / 25, anneal = 'cosine' } = options;
  requireChoice('oneCycle', { anneal }, ['cosine', 'linear']);
  const { to = from / 1e4 } = options;
  requireNumber('oneCycle', { steps }, { from: 1 });
  requireNumber('oneCycle', { rise }, { from: 0, to: 1 });
  const [top, end] = [rise * steps - 1, steps - 1];
  const between = anneal === 'cosine' ? annealed : straight;
  const settings = { schedule: 'oneCycle', peak, steps, rise, from, to };
  return named(anneal === 'cosine' ? settings : { ...settings, anneal }, (at) => {
    if (at < top) return between(from, peak, at / top);
    return at >= end ? to : between(peak, to, (at - Math.max(0, top)) / (end - Math.max(0, top)));
  });
}

/** From one number straight to another; `part` goes from 0 to 1. */
function straight(from: number, to: number, part: number): number {
  return from * (1 - part) + to * part;
}

/** From one number to another along half a cosine; `part` goes from 0 to 1. */
function annealed(from: number, to: number, part: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
}

function named(settings: ScheduleSettings, schedule: Schedule): Schedule {
  for (const [name, value] of Object.entries(settings)) {
    const isWord = name === 'schedule' || name === 'anneal';
    if (!isWord && typeof value !== 'object' && !Number.isFinite(value)) {
      throw new ArgumentError(
        `${settings.schedule}: ${name} must be a number, got ${shown(value)}.`,
      );
    }
  }
  settingsOf.set(schedule, settings);
  return schedule;
}
