import type { DeviceLimits } from '../../device/device.ts';
import { wholeBlocks } from '../elements.ts';
import {
  alongside,
  type Binding,
  ceilDivide,
  input,
  type Launch,
  type LaunchContext,
  type Launches,
  type Operand,
  OUTPUT,
  temporary,
} from '../launch.ts';
import gradientSums from '../wgsl/batch-norm/columns/gradient-sums.wgsl';
import inputGradient from '../wgsl/batch-norm/columns/input-gradient.wgsl';
import columnMoments from '../wgsl/batch-norm/columns/moments.wgsl';
import normalize from '../wgsl/batch-norm/columns/normalize.wgsl';
import gradientOperands from '../wgsl/batch-norm/functions/gradient-operands.wgsl';
import mergedMoments from '../wgsl/batch-norm/functions/merged-moments.wgsl';
import mergedSums from '../wgsl/batch-norm/functions/merged-sums.wgsl';
import moments from '../wgsl/batch-norm/functions/moments.wgsl';
import sums from '../wgsl/batch-norm/functions/sums.wgsl';
import wholeInputGradient from '../wgsl/batch-norm/whole-columns/input-gradient.wgsl';
import mergeMoments from '../wgsl/batch-norm/whole-columns/merge-moments.wgsl';
import mergeSums from '../wgsl/batch-norm/whole-columns/merge-sums.wgsl';
import wholeNormalize from '../wgsl/batch-norm/whole-columns/normalize.wgsl';
import {
  type ColumnsView,
  chooseMapSpan,
  chooseSumSpan,
  columnsOf,
  type ElementDTypes,
  overColumns,
  togetherOf,
} from './columns.ts';
import { chooseMergers, chooseOwnership, mayOwn, overWholeColumns } from './whole-columns.ts';

// Mean and variance of each channel are two results, and so are the sums Σg and Σg·x̂ of a gradient.
// The kernel of the second computes the first alongside; where workgroups can own whole columns, that
// of the normalised tensor, or of its gradient, computes both.

/** Whether a kernel may own whole columns of such a tensor, and so compute what is summed up of them. */
export function mayOwnColumnsOf(x: Pick<Operand, 'shape'>, limits: DeviceLimits): boolean {
  return mayOwn(columnsOf([x]), limits);
}

/** Where the two go. */
type Pair = readonly [Binding, Binding];

/** One that nobody asks for. */
const UNUSED = temporary(0);
/** What chunks of rows leave behind. */
const PARTS: Pair = [temporary(1), temporary(2)];

/** x [..., C] → [C], the mean of each channel. */
export function batchNormMean(context: LaunchContext, span?: number): Launches {
  return bothMoments(context, [OUTPUT, UNUSED], span);
}

/** x [..., C] → [C], the biased variance of each channel; alongside, the mean. */
export function batchNormVariance(context: LaunchContext, span?: number): Launches {
  return bothMoments(context, [asked(context, 0), OUTPUT], span);
}

function bothMoments(
  { inputs, limits }: LaunchContext,
  results: Pair,
  span = chooseSumSpan(columnsOf(inputs), limits),
): Launches {
  const view = columnsOf(inputs);
  const { rows } = view;
  const mergers = chooseMergers(view, ceilDivide(rows, span), limits);
  const ofChunks = ([mean, variance]: Pair) =>
    overColumns(view, span, {
      name: 'batch_norm_moments',
      sources: [moments, columnMoments],
      together: togetherOf(view, limits),
      dtypes: dtypesOf(inputs),
      bindings: { values: input(0), mean, variance },
    });
  const merging = ([partMeans, partVariances]: Pair, [mean, variance]: Pair) =>
    overWholeColumns(
      view,
      mergers,
      { rows, span },
      {
        name: 'batch_norm_merge_moments',
        sources: [mergedMoments, mergeMoments],
        dtypes: dtypesOf(inputs),
        bindings: { values: input(0), partMeans, partVariances, mean, variance },
      },
    );
  return inChunks(view, span, results, ofChunks, merging);
}

/** x [..., C], mean [C], variance [C], gamma [C], beta [C] and scalar epsilon → [..., C]. */
export function batchNormNormalize(
  { inputs, limits, epilogue }: LaunchContext,
  span = chooseMapSpan(columnsOf(inputs), limits),
): Launches {
  const view = columnsOf(inputs);
  const pass = overColumns(view, span, {
    name: 'batch_norm_normalize',
    sources: [normalize],
    dtypes: dtypesOf(inputs),
    bindings: {
      values: input(0),
      mean: input(1),
      variance: input(2),
      gamma: input(3),
      beta: input(4),
      result: OUTPUT,
    },
    scalars: ['epsilon'],
    epilogue,
  });
  return { launches: [pass], storesHalves: view.width === 4 };
}

/** The same where mean and variance are those of x; alongside, these. */
export function batchNormTraining(
  context: LaunchContext,
  ownership = chooseOwnership(columnsOf(context.inputs), context.limits),
): Launches {
  if (!context.alongside?.includes(true)) return batchNormNormalize(context);
  const view = columnsOf(context.inputs);
  const { rows, channels } = view;
  const pass = overWholeColumns(
    view,
    ownership,
    { rows },
    {
      name: 'batch_norm',
      sources: [moments, mergedMoments, wholeNormalize],
      dtypes: dtypesOf(context.inputs),
      bindings: {
        values: input(0),
        gamma: input(3),
        beta: input(4),
        mean: asked(context, 0),
        variance: asked(context, 1),
        result: OUTPUT,
      },
      scalars: ['epsilon'],
      epilogue: context.epilogue,
    },
  );
  const storesHalves = view.width === 4;
  return { launches: [pass], temporaries: [wholeBlocks(channels)], storesHalves };
}

/** x [..., C], g [..., C], mean [C], variance [C] and scalar epsilon → [C], Σg. */
export function batchNormShiftGradient(context: LaunchContext, span?: number): Launches {
  return bothSums(context, [OUTPUT, UNUSED], span);
}

/** x [..., C], g [..., C], mean [C], variance [C] and scalar epsilon → [C], Σg·x̂; alongside, Σg. */
export function batchNormScaleGradient(context: LaunchContext, span?: number): Launches {
  return bothSums(context, [asked(context, 0), OUTPUT], span);
}

function bothSums(
  { inputs, limits }: LaunchContext,
  results: Pair,
  span = chooseSumSpan(columnsOf(inputs), limits),
): Launches {
  const view = columnsOf(inputs);
  const chunks = ceilDivide(view.rows, span);
  const ofChunks = ([shiftGradient, scaleGradient]: Pair) =>
    overColumns(view, span, {
      name: 'batch_norm_gradient_sums',
      sources: [gradientOperands, gradientSums],
      together: togetherOf(view, limits),
      dtypes: dtypesOf(inputs),
      bindings: {
        values: input(0),
        grads: input(1),
        mean: input(2),
        variance: input(3),
        shiftGradient,
        scaleGradient,
      },
      scalars: ['epsilon'],
    });
  const merging = ([values, products]: Pair, [shiftGradient, scaleGradient]: Pair) =>
    overWholeColumns(
      view,
      chooseMergers(view, chunks, limits),
      { chunks },
      {
        name: 'batch_norm_merge_sums',
        sources: [mergedSums, mergeSums],
        bindings: { values, products, shiftGradient, scaleGradient },
      },
    );
  return inChunks(view, span, results, ofChunks, merging);
}

/**
 * x [..., C], g [..., C], mean [C], variance [C], gamma [C], Σg [C], Σg·x̂ [C] and scalar epsilon →
 * [..., C], the gradient by x where mean and variance are those of x; alongside, Σg and Σg·x̂.
 */
export function batchNormInputGradient(
  context: LaunchContext,
  span = chooseMapSpan(columnsOf(context.inputs), context.limits),
  ownership = chooseOwnership(columnsOf(context.inputs), context.limits),
): Launches {
  const view = columnsOf(context.inputs);
  const { rows, channels } = view;
  const isWhole = context.alongside?.includes(true) ?? false;
  const work = {
    bindings: {
      values: input(0),
      grads: input(1),
      mean: input(2),
      variance: input(3),
      gamma: input(4),
      shiftGradient: isWhole ? asked(context, 0) : input(5),
      scaleGradient: isWhole ? asked(context, 1) : input(6),
      result: OUTPUT,
    },
    scalars: ['epsilon'],
    dtypes: dtypesOf(context.inputs),
    epilogue: context.epilogue,
  };
  const pass = isWhole
    ? overWholeColumns(
        view,
        ownership,
        { rows },
        {
          name: 'batch_norm_gradient',
          sources: [sums, mergedSums, wholeInputGradient],
          ...work,
        },
      )
    : overColumns(view, span, {
        name: 'batch_norm_input_gradient',
        sources: [gradientOperands, inputGradient],
        ...work,
      });
  const temporaries = isWhole ? [wholeBlocks(channels)] : [];
  return { launches: [pass], temporaries, storesHalves: view.width === 4 };
}

/** How x is stored and, where there is one, g. */
function dtypesOf([x, g]: readonly Operand[]): ElementDTypes {
  return { values: x?.dtype, grads: g?.dtype };
}

/** The memory of what another node asks for, or scratch. */
function asked(context: LaunchContext, number: number): Binding {
  return context.alongside?.[number] ? alongside(number) : UNUSED;
}

/** Two numbers of each column, by one pass over its rows, and where those are several chunks by another. */
function inChunks(
  { rows, channels }: ColumnsView,
  span: number,
  results: Pair,
  ofChunks: (to: Pair) => Launch,
  merging: (from: Pair, to: Pair) => Launch,
): Launches {
  const chunks = ceilDivide(rows, span);
  const temporaries = [channels, chunks * channels, chunks * channels].map(wholeBlocks);
  const passes = [ofChunks(PARTS), merging(PARTS, results)];
  return { launches: chunks > 1 ? passes : [ofChunks(results)], temporaries };
}
