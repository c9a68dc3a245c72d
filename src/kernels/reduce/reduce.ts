import type { DeviceLimits } from '../../device/device.ts';
import { type DType, dtypes } from '../dtype.ts';
import { readsOf } from '../element-access.ts';
import { elements, type Scalar, wholeBlocks } from '../elements.ts';
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
import { guessOf, picked, sizesOf, type Ways } from '../pick.ts';
import { program } from '../program.ts';
import endedPlain from '../wgsl/functions/ended-plain.wgsl';
import columnTree from '../wgsl/reduce/column-tree.wgsl';
import columns from '../wgsl/reduce/columns.wgsl';
import alone from '../wgsl/reduce/functions/alone.wgsl';
import combine from '../wgsl/reduce/functions/combine.wgsl';
import marked from '../wgsl/reduce/functions/marked.wgsl';
import tree from '../wgsl/reduce/functions/tree.wgsl';
import rows from '../wgsl/reduce/rows.wgsl';
import { gpuPasses, TREE } from './gpu-passes.ts';
import { type AxisView, nameOf, type ReducePass, spanOf } from './pass.ts';
import { identityOf, type Reduction, reductions } from './reductions.ts';

export type ReduceAttributes = AxisView & { readonly reduce: Reduction };

interface ReduceContext extends LaunchContext {
  readonly attributes: ReduceAttributes;
}

/** Reduces one axis: [outer, size, inner] → [outer, inner]. */
export function reduce(context: ReduceContext, passes?: readonly ReducePass[]): Launches {
  const { attributes, inputs, epilogue } = context;
  const { dtype } = inputs[0] as Operand;
  return reduceView(attributes, dtype, passes ?? pickPasses(context), input(0), 0, epilogue);
}

function pickPasses(context: ReduceContext): readonly ReducePass[] {
  const { attributes, limits } = context;
  const { reduce, outer, size, inner } = attributes;
  const problem = `${reduce} ${sizesOf([outer, size, inner])}`;
  return picked(context, problem, passesFor(attributes, limits));
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
  return guessOf(passesFor(view, limits));
}

function passesFor(view: AxisView, limits: DeviceLimits): Ways<readonly ReducePass[]> {
  return limits.cpu ? cpuPasses(view, limits) : gpuPasses(view, limits.lanes);
}

function chooseCpuPasses(view: AxisView, limits: DeviceLimits): ReducePass[] {
  const { outer, size, inner } = view;
  const pass: ReducePass =
    inner === 1
      ? { kind: 'rows', lanes: 1, span: spanOf(size, 64 / outer, 1024) }
      : chooseCpuColumns(view, limits);
  return followed(pass, view, limits);
}

/** A pass, and those that bring together what it leaves. */
function followed(pass: ReducePass, view: AxisView, limits: DeviceLimits): ReducePass[] {
  const chunks = ceilDivide(view.size, pass.span);
  return chunks > 1 ? [pass, ...chooseCpuPasses({ ...view, size: chunks }, limits)] : [pass];
}

/** What is chosen on a CPU, and the same with more or fewer parts of the axis, by name. */
function cpuPasses(view: AxisView, limits: DeviceLimits): Ways<readonly ReducePass[]> {
  const [first] = chooseCpuPasses(view, limits) as [ReducePass];
  const ways = [1, 2, 0.5, 4, 0.25].map((factor) => {
    const span = spanOf(view.size, view.size / (factor * first.span), 4);
    return followed(factor === 1 ? first : { ...first, span }, view, limits);
  });
  return new Map(ways.map((passes) => [nameOf(passes), passes]));
}

/** What a core's own cache has room for. */
const CACHED_ELEMENTS = 2 ** 18;
/** What is walked through at once where it has not: columns beside each other come before its pages are far. */
const NEAR_ELEMENTS = 2 ** 12;

function chooseCpuColumns({ outer, size, inner }: AxisView, limits: DeviceLimits): ReducePass {
  const width = inner % 4 !== 0 ? 1 : inner % 16 === 0 && !limits.slowLoads ? 16 : 4;
  const isFar = size * inner > CACHED_ELEMENTS && !limits.slowLoads;
  // More than a processor has threads for.
  const span = isFar
    ? spanOf(size, (size * inner) / NEAR_ELEMENTS, 16)
    : spanOf(size, (4096 * width) / (outer * inner), 512);
  return { kind: 'columns', width, span };
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

/** What stores whole numbers: nothing is folded behind them. */
function endedAs(scalar: Scalar, width: 1 | 4): string {
  return `alias results = ${width === 4 ? `vec4<${scalar}>` : scalar};\n${endedPlain}`;
}
