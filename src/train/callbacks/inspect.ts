import { requireOptions, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { type AnyTensor, realize } from '../../tensor/tensor.ts';
import { isCount, isListOf, isNumber, isObject, isRecordOf } from '../state-checks.ts';
import type { StepGradients, Training } from '../training.ts';
import type { Callback } from './callback.ts';
import { requireState } from './callback-state.ts';

/** How often values fell between neighbouring edges, after one epoch. */
export interface RecordedHistogram {
  readonly epoch: number;
  /** Rising, one more than there are counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** What an inspection has seen so far, epoch by epoch. */
export interface Inspection {
  /** Of the watched weights, by their names. */
  readonly weights: Record<string, RecordedHistogram[]>;
  /** The L2 norm of the loss's gradient by each weight, a mean over some steps of the epoch. */
  readonly gradientNorms: { readonly epoch: number; readonly norms: Record<string, number> }[];
}

export interface InspectOptions {
  /** The names of the weights to keep histograms of. Default: all that optimizers change. */
  readonly weights?: readonly string[];
  /** Steps of each epoch, evenly spread, whose gradients are looked at. Default 10; 0: none. */
  readonly gradientSteps?: number;
  /** Of each histogram. Default 40. */
  readonly bins?: number;
}

/** What is recorded, and the sums of the norms looked at in the epoch at hand. */
interface InspectState {
  readonly recorded: Inspection;
  readonly sums: Record<string, number>;
  readonly looked: number;
}

/**
 * Watches weights and gradients over the epochs; `recorded` has what it has seen.
 *
 * @throws ArgumentError where `gradientSteps` or `bins` is no such number; training throws it where
 *   the model has no weight of a name in `weights`.
 */
export function inspect(
  options: InspectOptions = {},
): Callback<InspectState> & { readonly recorded: Inspection } {
  requireOptions('inspect', options, ['weights', 'gradientSteps', 'bins']);
  const { gradientSteps = 10, bins = 40 } = options;
  requireWhole('inspect', { gradientSteps }, { from: 0 });
  requireWhole('inspect', { bins }, { from: 1 });
  const recorded: Inspection = { weights: {}, gradientNorms: [] };
  let sums: Record<string, number> = {};
  let looked = 0;
  const look = async (gradients: StepGradients) => {
    const norms = [...gradients].map(
      ([name, gradient]) => [name, gradient.square().sum().sqrt()] as const,
    );
    await realize(...norms.map(([, norm]) => norm));
    await Promise.all(
      norms.map(async ([name, norm]) => {
        const value = await norm.item();
        sums[name] = (sums[name] ?? 0) + value;
      }),
    );
    looked++;
  };
  return {
    name: 'inspect',
    recorded,
    wantsGradients: ({ step, stepsPerEpoch }) => isChosen(step, stepsPerEpoch, gradientSteps),
    async onStepEnd({ step, stepsPerEpoch }, gradients) {
      // Not those that another callback alone has asked for.
      if (gradients && isChosen(step - 1, stepsPerEpoch, gradientSteps)) await look(gradients);
    },
    async onEpochEnd(training, { epoch }) {
      if (looked > 0) {
        const norms = Object.entries(sums).map(([name, sum]) => [name, sum / looked]);
        recorded.gradientNorms.push({ epoch, norms: Object.fromEntries(norms) });
      }
      sums = {};
      looked = 0;
      for (const [name, value] of watched(training, options.weights)) {
        recorded.weights[name] ??= [];
        recorded.weights[name].push({ epoch, ...histogram(await value.data(), bins) });
      }
    },
    state: () => ({ values: { recorded, sums, looked } }),
    restore({ values }) {
      if (!values) return;
      requireState(isInspectState(values));
      Object.assign(recorded.weights, values.recorded.weights);
      recorded.gradientNorms.push(...values.recorded.gradientNorms);
      sums = values.sums;
      looked = values.looked;
    },
  };
}

function isInspectState({ recorded, sums, looked }: InspectState): boolean {
  return (
    isObject(recorded) &&
    isRecordOf(recorded.weights, (list): list is RecordedHistogram[] =>
      isListOf(list, isRecordedHistogram),
    ) &&
    isListOf(recorded.gradientNorms, isRecordedNorms) &&
    isRecordOf(sums, isNumber) &&
    isCount(looked)
  );
}

function isRecordedHistogram(value: unknown): value is RecordedHistogram {
  if (!isObject(value)) return false;
  const { epoch, edges, counts } = value;
  return isCount(epoch) && isListOf(edges, isNumber) && isListOf(counts, isCount);
}

function isRecordedNorms(value: unknown): value is Inspection['gradientNorms'][number] {
  return isObject(value) && isCount(value.epoch) && isRecordOf(value.norms, isNumber);
}

/** Whether a step is one of `wanted` that are spread evenly over an epoch. */
function isChosen(step: number, steps: number, wanted: number): boolean {
  const before = Math.floor((step * wanted) / steps);
  return Math.floor(((step + 1) * wanted) / steps) > before;
}

function watched(
  { model }: Training,
  names: readonly string[] | undefined,
): (readonly [string, AnyTensor])[] {
  const all = model.namedVariables();
  const chosen = names ?? [...all].filter(([, { trainable }]) => trainable).map(([name]) => name);
  return chosen.map((name) => {
    const variable = all.get(name);
    if (variable) return [name, variable.value] as const;
    throw new ArgumentError(
      `inspect: the model has no weight '${name}'. It has ${[...all.keys()].join(', ')}.`,
    );
  });
}

/** Counts of finite values in equal bins from the smallest to the largest. */
export function histogram(
  values: ArrayLike<number>,
  bins: number,
): { readonly edges: number[]; readonly counts: number[] } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { edges: [0, 1], counts: [0] };
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    counts[bin] = (counts[bin] as number) + 1;
  }
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  return { edges, counts };
}
