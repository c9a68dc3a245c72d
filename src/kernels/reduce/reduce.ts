import type { DeviceLimits } from '../../device/device.ts';
import { type DType, dtypes } from '../dtype.ts';
import { readsOf } from '../element-access.ts';
import { type Epilogue, ended, NO_EPILOGUE } from '../epilogue.ts';
import {
  type Binding,
  ceilDivide,
  input,
  type Launch,
  type LaunchContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { picked, sizesOf } from '../pick.ts';
import { program } from '../program.ts';
import endedPlain from '../wgsl/functions/ended-plain.wgsl';
import columnTree from '../wgsl/reduce/column-tree.wgsl';
import columns from '../wgsl/reduce/columns.wgsl';
import alone from '../wgsl/reduce/functions/alone.wgsl';
import combine from '../wgsl/reduce/functions/combine.wgsl';
import marked from '../wgsl/reduce/functions/marked.wgsl';
import tree from '../wgsl/reduce/functions/tree.wgsl';
import rows from '../wgsl/reduce/rows.wgsl';
import { chooseGpuPasses, gpuPasses, TREE } from './gpu-passes.ts';
import type { AxisView, ReducePass } from './pass.ts';

/** The order is the numbering of the constant OP in the kernels. */
const reductions = ['sum', 'max', 'min', 'prod'] as const;
export type Reduction = (typeof reductions)[number];

export type ReduceAttributes = AxisView & { readonly reduce: Reduction };

interface ReduceContext extends LaunchContext {
  readonly attributes: ReduceAttributes;
}

/** Longer chains of f32 additions into one number lose too many digits. */
const LONGEST_SPAN = 8192;

/** Reduces one axis: [outer, size, inner] → [outer, inner]. */
export function reduce(context: ReduceContext, passes?: readonly ReducePass[]): Launches {
  const { attributes, inputs, limits, epilogue } = context;
  const { dtype } = inputs[0] as Operand;
  const chosen = passes ?? (limits.cpu ? chooseReduce(attributes, limits) : pickPasses(context));
  return reduceView(attributes, dtype, chosen, input(0), 0, epilogue);
}

/** Whether kernels read f16 along that axis: rows by fours, and columns where they come by fours. */
export function readsHalves({ inner }: AxisView): boolean {
  return inner === 1 || inner % 4 === 0;
}

function pickPasses(context: ReduceContext): readonly ReducePass[] {
  const { attributes, limits } = context;
  const { reduce, outer, size, inner } = attributes;
  const problem = `${reduce} ${sizesOf([outer, size, inner])}`;
  return picked(context, problem, gpuPasses(attributes, limits.lanes));
}

/** The dispatches that reduce what `from` holds, with `firstTemporary` free for partial results. */
export function reduceView(
  attributes: ReduceAttributes,
  dtype: DType,
  passes: readonly ReducePass[],
  from: Binding,
  firstTemporary = 0,
  epilogue = NO_EPILOGUE,
): { launches: Launch[]; temporaries: number[] } {
  const launches: Launch[] = [];
  const temporaries: number[] = [];
  let { size } = attributes;
  let source = from;
  const scalar = dtype === 'f16' ? 'f32' : dtypes[dtype].stored;
  passes.forEach((pass, i) => {
    const chunks = Math.max(1, ceilDivide(size, pass.span));
    const last = i === passes.length - 1;
    const target = last ? OUTPUT : temporary(firstTemporary + i);
    if (!last) temporaries.push(wholeBlocks(attributes.outer * chunks * attributes.inner));
    const stored: DType = i === 0 ? dtype : scalar;
    const ending = last ? epilogue : NO_EPILOGUE;
    const work = { ...attributes, size, chunks, scalar, stored, epilogue: ending };
    launches.push(launchPass(work, pass, { values: source, result: target }));
    size = chunks;
    source = target;
  });
  return { launches, temporaries };
}

/** The passes that reduce a view; all but the last leave partial results of several chunks. */
export function chooseReduce(view: AxisView, limits: DeviceLimits): readonly ReducePass[] {
  return limits.cpu ? chooseCpuPasses(view, limits) : chooseGpuPasses(view, limits.lanes);
}

function chooseCpuPasses(view: AxisView, limits: DeviceLimits): ReducePass[] {
  const { outer, size, inner } = view;
  const pass: ReducePass =
    inner === 1
      ? { kind: 'rows', lanes: 1, span: spanOf(size, 64 / outer, 1024) }
      : chooseCpuColumns(view, limits);
  const chunks = ceilDivide(size, pass.span);
  return chunks > 1 ? [pass, ...chooseCpuPasses({ ...view, size: chunks }, limits)] : [pass];
}

function chooseCpuColumns({ outer, size, inner }: AxisView, limits: DeviceLimits): ReducePass {
  const width = inner % 4 !== 0 ? 1 : inner % 16 === 0 && !limits.slowLoads ? 16 : 4;
  // More than a processor has threads for: what a short walk has fetched stays in the cache for the
  // neighbouring columns, even where rows lie a power of two apart and share its sets.
  const span = spanOf(size, (4096 * width) / (outer * inner), 256);
  return { kind: 'columns', width, span };
}

/** Splits `size` into about `chunks` spans, whole vec4s, none of them shorter than `least`. */
export function spanOf(size: number, chunks: number, least: number): number {
  const span = Math.max(least, ceilDivide(size, Math.max(1, chunks)));
  return Math.max(4, ceilDivide(Math.min(span, size, LONGEST_SPAN), 4) * 4);
}

interface PassWork extends Readonly<AxisView> {
  readonly reduce: Reduction;
  readonly chunks: number;
  readonly scalar: Scalar;
  /** How what is reduced is stored. */
  readonly stored: DType;
  readonly epilogue: Epilogue;
}

function launchPass(
  { reduce: reduction, outer, size, inner, chunks, scalar, stored, epilogue }: PassWork,
  pass: ReducePass,
  bindings: { readonly values: Binding; readonly result: Binding },
): Launch {
  const OP = reductions.indexOf(reduction);
  const MARK = Number(scalar === 'f32' && (reduction === 'max' || reduction === 'min'));
  const identity = identityOf(reduction, scalar);
  const reads = readsOf('values', 1, stored);
  const ends = (width: 1 | 4) => (scalar === 'f32' ? ended(width) : endedAs(scalar, width));
  const end = scalar === 'f32' ? { epilogue } : {};
  if (pass.kind === 'rows') {
    const { lanes: LANES, span } = pass;
    const WORKGROUP = LANES === 1 ? 64 : 256;
    const ALIGNED = Number(size % 4 === 0 && span % 4 === 0);
    const outputs = outer * chunks;
    const among = LANES === 1 ? alone : tree;
    const functions = [elements(scalar, 4), ...reads, ends(1), marked, combine, among];
    const constants = { OP, MARK, LANES, WORKGROUP, ALIGNED };
    return launch({
      program: program(`${reduction}_rows`, rows, constants, functions),
      bindings,
      params: { outputs, chunks, size, span, identity },
      workgroups: ceilDivide(outputs * LANES, WORKGROUP),
      ...end,
    });
  }
  const { width, span } = pass;
  const lanes = width === 1 ? 1 : 4;
  const functions = [elements(scalar, lanes), ...reads, ends(lanes), marked, combine];
  if (pass.kind === 'column-tree') {
    const { columns: COLUMNS } = pass;
    const tiles = ceilDivide(inner / width, COLUMNS);
    const groups = outer * chunks * tiles;
    const constants = { OP, MARK, WORKGROUP: TREE, COLUMNS };
    return launch({
      program: program(`${reduction}_column_tree`, columnTree, constants, functions),
      bindings,
      params: { groups, tiles, chunks, size, span, inner: inner / width, identity },
      workgroups: groups,
      ...end,
    });
  }
  const WORKGROUP = 64;
  const outputs = (outer * chunks * inner) / width;
  const constants = { OP, MARK, WORKGROUP, VECTORS: ceilDivide(width, 4) };
  return launch({
    program: program(`${reduction}_columns`, columns, constants, functions),
    bindings,
    params: { outputs, chunks, size, span, inner: inner / width, identity },
    workgroups: ceilDivide(outputs, WORKGROUP),
    ...end,
  });
}

export type Scalar = 'f32' | 'i32' | 'u32';

/** What one invocation takes at a time, as WGSL aliases: one or four scalars. */
export function elements(scalar: Scalar, width: number): string {
  const vector = (of: string) => (width === 4 ? `vec4<${of}>` : of);
  return [
    `alias scalar = ${scalar};`,
    `alias elements = ${vector(scalar)};`,
    `alias words = ${vector('u32')};`,
    '',
  ].join('\n');
}

/** What stores whole numbers: nothing is folded behind them. */
function endedAs(scalar: Scalar, width: 1 | 4): string {
  return `alias results = ${width === 4 ? `vec4<${scalar}>` : scalar};\n${endedPlain}`;
}

/** The bytes of so many f32, i32 or u32 in whole vec4s. */
export function wholeBlocks(scalars: number): number {
  return Math.max(16, ceilDivide(scalars, 4) * 16);
}

/** The bits of what changes nothing: -∞ and ∞ have no literals in WGSL. */
function identityOf(reduction: Reduction, scalar: Scalar): number {
  switch (reduction) {
    case 'sum':
      return 0;
    case 'prod':
      return scalar === 'f32' ? 0x3f800000 : 1;
    case 'max':
      return { f32: 0xff800000, i32: 0x80000000, u32: 0 }[scalar];
    case 'min':
      return { f32: 0x7f800000, i32: 0x7fffffff, u32: 0xffffffff }[scalar];
  }
}
