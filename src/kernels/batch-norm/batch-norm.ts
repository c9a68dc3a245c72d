import type { DeviceLimits } from '../../device/device.ts';
import { type Epilogue, ended } from '../epilogue.ts';
import {
  ceilDivide,
  input,
  type Launch,
  type LaunchContext,
  type Launches,
  launch,
  type NamedLaunch,
  type Operand,
  OUTPUT,
  product,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import { chooseReduce, elements, reduceView, spanOf, wholeBlocks } from '../reduce/reduce.ts';
import gradientSumsSource from '../wgsl/batch-norm/columns/gradient-sums.wgsl';
import inputGradientSource from '../wgsl/batch-norm/columns/input-gradient.wgsl';
import normalizeSource from '../wgsl/batch-norm/columns/normalize.wgsl';
import statisticsSource from '../wgsl/batch-norm/columns/statistics.wgsl';
import columnsSource from '../wgsl/batch-norm/columns.wgsl';
import mergeSource from '../wgsl/batch-norm/merge.wgsl';
import mergeTree from '../wgsl/batch-norm/merge-tree.wgsl';

const WORKGROUP = 64;

/** x [..., C] → [2, C]: mean and biased variance of each channel. */
export function batchNormStatistics(
  { inputs, limits }: LaunchContext,
  span = chooseSumSpan(rowsOf(inputs), limits),
): Launches {
  const view = rowsOf(inputs);
  const tiles = tilesOf(view, span);
  const whole = tiles.chunks === 1;
  const statistics = overColumns('batch_norm_statistics', statisticsSource, tiles, {
    values: input(0),
    statistics: whole ? OUTPUT : temporary(0),
  });
  if (whole) return { launches: [statistics] };
  const { columns } = tiles;
  // On GPUs a column's chunks are shared by a workgroup, or those of up to 16 columns.
  const together = limits.cpu ? WORKGROUP : Math.min(16, 2 ** Math.ceil(Math.log2(columns)));
  const merging = [elements('f32', tiles.width)];
  const merge = launch({
    program: limits.cpu
      ? program('batch_norm_merge', mergeSource, { WORKGROUP }, merging)
      : program('batch_norm_merge', mergeTree, { WORKGROUP: 256, COLUMNS: together }, merging),
    bindings: { parts: temporary(0), values: input(0), statistics: OUTPUT },
    params: { columns, rows: view.rows, span },
    workgroups: ceilDivide(columns, together),
  });
  return { launches: [statistics, merge], temporaries: [partsOf(view, tiles)] };
}

/** x [..., C], statistics [2, C], gamma [C], beta [C] and scalar epsilon → [..., C]. */
export function batchNormNormalize(
  { inputs, limits, epilogue }: LaunchContext,
  span = chooseMapSpan(rowsOf(inputs), limits),
): Launches {
  const tiles = tilesOf(rowsOf(inputs), span);
  const bindings = {
    values: input(0),
    statistics: input(1),
    gamma: input(2),
    beta: input(3),
    result: OUTPUT,
  };
  return {
    launches: [
      overColumns('batch_norm_normalize', normalizeSource, tiles, bindings, ['epsilon'], epilogue),
    ],
  };
}

/** x [..., C], g [..., C], statistics [2, C] and scalar epsilon → [2, C]: Σg and Σg·x̂. */
export function batchNormGradientSums(
  { inputs, limits }: LaunchContext,
  span = chooseSumSpan(rowsOf(inputs), limits),
): Launches {
  const view = rowsOf(inputs);
  const tiles = tilesOf(view, span);
  const whole = tiles.chunks === 1;
  const bindings = {
    values: input(0),
    grads: input(1),
    statistics: input(2),
    sums: whole ? OUTPUT : temporary(0),
  };
  const sums = overColumns('batch_norm_gradient_sums', gradientSumsSource, tiles, bindings, [
    'epsilon',
  ]);
  if (whole) return { launches: [sums] };
  const parts = { outer: 1, size: tiles.chunks, inner: 2 * view.channels };
  const passes = chooseReduce(parts, limits);
  const rest = reduceView({ reduce: 'sum', ...parts }, 'f32', passes, temporary(0), 1);
  return {
    launches: [sums, ...rest.launches],
    temporaries: [partsOf(view, tiles), ...rest.temporaries],
  };
}

/**
 * x [..., C], g [..., C], statistics [2, C], gamma [C], sums [2, C] and scalar epsilon → [..., C],
 * the gradient by x where the statistics are those of x.
 */
export function batchNormInputGradient(
  { inputs, limits, epilogue }: LaunchContext,
  span = chooseMapSpan(rowsOf(inputs), limits),
): Launches {
  const tiles = tilesOf(rowsOf(inputs), span);
  const bindings = {
    values: input(0),
    grads: input(1),
    statistics: input(2),
    gamma: input(3),
    sums: input(4),
    result: OUTPUT,
  };
  const [name, scalars] = ['batch_norm_input_gradient', ['epsilon']] as const;
  const gradient = overColumns(name, inputGradientSource, tiles, bindings, scalars, epilogue);
  return { launches: [gradient] };
}

/** A tensor seen as rows of channels. */
interface RowsView {
  readonly rows: number;
  readonly channels: number;
}

function rowsOf(inputs: readonly Operand[]): RowsView {
  const { shape } = inputs[0] as Operand;
  const channels = shape[shape.length - 1] ?? 1;
  return { rows: product(shape) / channels, channels };
}

/** Rows an invocation sums up: few enough that all of the device has work. */
export function chooseSumSpan({ rows, channels }: RowsView, limits: DeviceLimits): number {
  const columns = channels / widthOf(channels);
  const wanted = limits.cpu ? 256 : 16384;
  return spanOf(rows, wanted / columns, limits.cpu ? 64 : 16);
}

/** Rows an invocation maps: enough that what it loads for its column counts little. */
export function chooseMapSpan({ rows }: RowsView, limits: DeviceLimits): number {
  return Math.min(rows, limits.cpu ? 16 : 4);
}

function widthOf(channels: number): 1 | 4 {
  return channels % 4 === 0 ? 4 : 1;
}

interface Tiles {
  readonly width: 1 | 4;
  readonly columns: number;
  readonly chunks: number;
  readonly params: { count: number; columns: number; rows: number; span: number };
}

/** One invocation for each chunk of `span` rows of each one or four channels. */
function tilesOf({ rows, channels }: RowsView, span: number): Tiles {
  const width = widthOf(channels);
  const columns = channels / width;
  const chunks = ceilDivide(rows, span);
  const count = chunks * columns;
  return { width, columns, chunks, params: { count, columns, rows, span } };
}

function overColumns(
  name: string,
  walk: string,
  { width, params }: Tiles,
  bindings: NamedLaunch['bindings'],
  scalars: readonly string[] = [],
  epilogue?: Epilogue,
): Launch {
  const ends = epilogue ? [ended(width)] : [];
  return launch({
    program: program(name, columnsSource, { WORKGROUP }, [elements('f32', width), ...ends, walk]),
    bindings,
    params,
    scalars,
    workgroups: ceilDivide(params.count, WORKGROUP),
    ...(epilogue && { epilogue }),
  });
}

/** The bytes of two numbers a chunk and channel. */
function partsOf({ channels }: RowsView, { chunks }: Tiles): number {
  return wholeBlocks(chunks * 2 * channels);
}
