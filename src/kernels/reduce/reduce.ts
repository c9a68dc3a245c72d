import type { DeviceLimits } from '../../device/device.ts';
import { dtypes } from '../dtype.ts';
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
import { program } from '../program.ts';
import endedPlain from '../wgsl/functions/ended-plain.wgsl';
import columnTree from '../wgsl/reduce/column-tree.wgsl';
import columns from '../wgsl/reduce/columns.wgsl';
import alone from '../wgsl/reduce/functions/alone.wgsl';
import combine from '../wgsl/reduce/functions/combine.wgsl';
import marked from '../wgsl/reduce/functions/marked.wgsl';
import tree from '../wgsl/reduce/functions/tree.wgsl';
import rows from '../wgsl/reduce/rows.wgsl';

/** The order is the numbering of the constant OP in the kernels. */
const reductions = ['sum', 'max', 'min', 'prod'] as const;
export type Reduction = (typeof reductions)[number];

/** A tensor seen as [outer, size, inner], of which the middle axis is reduced. */
export type AxisView = {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
};

export type ReduceAttributes = AxisView & { readonly reduce: Reduction };

interface ReduceContext extends LaunchContext {
  readonly attributes: ReduceAttributes;
}

/** One dispatch of a reduction: who owns how much of the axis. */
export type ReducePass =
  /** `lanes` invocations own `span` elements of a contiguous row. */
  | { readonly kind: 'rows'; readonly lanes: number; readonly span: number }
  /** One invocation owns `span` elements of `width` neighbouring columns. */
  | { readonly kind: 'columns'; readonly width: 1 | 4 | 16; readonly span: number }
  /** A workgroup owns `span` elements of `columns` times `width` neighbouring columns. */
  | {
      readonly kind: 'column-tree';
      readonly width: 1 | 4;
      /** A power of two up to 16. */
      readonly columns: number;
      readonly span: number;
    };

/** Longer chains of f32 additions into one number lose too many digits. */
const LONGEST_SPAN = 8192;

/** Reduces one axis: [outer, size, inner] → [outer, inner]. */
export function reduce(context: ReduceContext, passes?: readonly ReducePass[]): Launches {
  const { attributes, inputs, limits, epilogue } = context;
  const scalar = dtypes[(inputs[0] as Operand).dtype].stored;
  const chosen = passes ?? chooseReduce(attributes, limits);
  return reduceView(attributes, scalar, chosen, input(0), 0, epilogue);
}

/** The dispatches that reduce what `from` holds, with `firstTemporary` free for partial results. */
export function reduceView(
  attributes: ReduceAttributes,
  scalar: Scalar,
  passes: readonly ReducePass[],
  from: Binding,
  firstTemporary = 0,
  epilogue = NO_EPILOGUE,
): { launches: Launch[]; temporaries: number[] } {
  const launches: Launch[] = [];
  const temporaries: number[] = [];
  let { size } = attributes;
  let source = from;
  passes.forEach((pass, i) => {
    const chunks = Math.max(1, ceilDivide(size, pass.span));
    const last = i === passes.length - 1;
    const target = last ? OUTPUT : temporary(firstTemporary + i);
    if (!last) temporaries.push(wholeBlocks(attributes.outer * chunks * attributes.inner));
    const work = { ...attributes, size, chunks, scalar, epilogue: last ? epilogue : NO_EPILOGUE };
    launches.push(launchPass(work, pass, { values: source, result: target }));
    size = chunks;
    source = target;
  });
  return { launches, temporaries };
}

/** The passes that reduce a view; all but the last leave partial results of several chunks. */
export function chooseReduce(view: AxisView, limits: DeviceLimits): ReducePass[] {
  const pass = view.inner === 1 ? chooseRows(view, limits) : chooseColumns(view, limits);
  const chunks = ceilDivide(view.size, pass.span);
  return chunks > 1 ? [pass, ...chooseReduce({ ...view, size: chunks }, limits)] : [pass];
}

function chooseRows({ outer, size }: AxisView, limits: DeviceLimits): ReducePass {
  if (limits.cpu) return { kind: 'rows', lanes: 1, span: spanOf(size, 64 / outer, 1024) };
  // Four vec4s a lane, where there are rows enough for all lanes.
  const lanes = size <= 32 ? 1 : size <= 512 ? 16 : size <= 1024 && outer >= 256 ? 64 : 256;
  return { kind: 'rows', lanes, span: spanOf(size, 1024 / outer, 4096) };
}

function chooseColumns(view: AxisView, limits: DeviceLimits): ReducePass {
  if (!limits.cpu) return chooseColumnTree(view);
  const { outer, size, inner } = view;
  const width = inner % 4 !== 0 ? 1 : inner % 16 === 0 && !limits.slowLoads ? 16 : 4;
  // More than a processor has threads for: what a short walk has fetched stays in the cache for the
  // neighbouring columns, even where rows lie a power of two apart and share its sets.
  const span = spanOf(size, (4096 * width) / (outer * inner), 256);
  return { kind: 'columns', width, span };
}

/** Invocations of a workgroup that reduces columns. */
const TREE = 256;
/** A column that one invocation walks down alone is no longer. */
const ALONE = 16;
/** Steps of an invocation: where one pass would take more, so many workgroups share it out first. */
const STEPS = 32;
const ENOUGH_WORKGROUPS = 512;

function chooseColumnTree({ outer, size, inner }: AxisView): ReducePass {
  const width = inner % 4 === 0 ? 4 : 1;
  const across = inner / width;
  if (size <= ALONE) return { kind: 'columns', width, span: spanOf(size, 1, ALONE) };
  const columns = Math.min(16, 2 ** Math.ceil(Math.log2(across)));
  const rows = TREE / columns;
  if (size <= rows * STEPS) return { kind: 'column-tree', width, columns, span: size };
  const chunks = Math.max(1, ENOUGH_WORKGROUPS / (outer * ceilDivide(across, columns)));
  const span = Math.max(rows * 8, Math.min(ceilDivide(size, chunks), rows * LONGEST_SPAN));
  return { kind: 'column-tree', width, columns, span };
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
  readonly epilogue: Epilogue;
}

function launchPass(
  { reduce: reduction, outer, size, inner, chunks, scalar, epilogue }: PassWork,
  pass: ReducePass,
  bindings: { readonly values: Binding; readonly result: Binding },
): Launch {
  const OP = reductions.indexOf(reduction);
  const MARK = Number(scalar === 'f32' && (reduction === 'max' || reduction === 'min'));
  const identity = identityOf(reduction, scalar);
  const ends = (width: 1 | 4) => (scalar === 'f32' ? ended(width) : endedAs(scalar, width));
  const end = scalar === 'f32' ? { epilogue } : {};
  if (pass.kind === 'rows') {
    const { lanes: LANES, span } = pass;
    const WORKGROUP = LANES === 1 ? 64 : 256;
    const ALIGNED = Number(size % 4 === 0 && span % 4 === 0);
    const outputs = outer * chunks;
    const functions = [elements(scalar, 4), ends(1), marked, combine, LANES === 1 ? alone : tree];
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
  const functions = [elements(scalar, lanes), ends(lanes), marked, combine];
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
