import { ceilDivide } from '../launch.ts';
import { shortlist, type Ways } from '../pick.ts';
import { walkCost } from '../walk-cost.ts';
import { type AxisView, nameOf, type ReducePass, type TreePass } from './pass.ts';

/** Invocations of a workgroup that brings partial results together. */
export const TREE = 256;
/** A row or column that one invocation walks alone is no longer. */
const ALONE = 32;
/** The same of rows as columns of one element: whole workgroups are too many for those. */
const ALONE_IN_A_ROW = 256;
/** One accumulator takes no more: f32 sums lose digits. */
const LONGEST_CHAIN = 2048;
/** Memory comes in pieces of so many bytes, wanted or not. */
const SECTOR_BYTES = 32;

/** The cheapest passes that reduce an axis on a GPU with so many lanes, one or two, by name. */
export function gpuPasses(view: AxisView, lanes: number): Ways<readonly ReducePass[]> {
  const widest = view.inner % 4 === 0 ? 4 : 1;
  const all = candidates(view, (span) =>
    view.inner === 1 ? rowPasses(span) : columnPasses(view.inner, span, widest),
  );
  return shortlist(all, (passes) => reduceCost(view, passes, lanes), nameOf);
}

/**
 * The cheapest passes that take one column at a time, rows as columns of one element, by name: one pass,
 * or two by whole workgroups.
 */
export function narrowPasses(view: AxisView, lanes: number): Ways<readonly ReducePass[]> {
  const narrow = candidates(view, (span) => columnPasses(view.inner, span, 1));
  const possible = narrow.filter((passes) => passes.length === 1 || passes.every(isTree));
  return shortlist(possible, (passes) => reduceCost(view, passes, lanes), nameOf);
}

export function isTree(pass: ReducePass): pass is TreePass {
  return pass.kind === 'column-tree';
}

/** Microseconds that they should take. */
export function reduceCost(view: AxisView, passes: readonly ReducePass[], lanes: number): number {
  let { size } = view;
  let total = 0;
  for (const pass of passes) {
    total += passCost({ ...view, size }, pass, lanes);
    size = ceilDivide(size, pass.span);
  }
  return total;
}

function passCost({ outer, size, inner }: AxisView, pass: ReducePass, lanes: number): number {
  const chunks = ceilDivide(size, pass.span);
  const bytes = 4 * outer * inner * (size + chunks);
  if (pass.kind === 'rows') {
    const invocations = outer * chunks * pass.lanes;
    const steps = ceilDivide(pass.span, 4 * pass.lanes);
    return walkCost({ invocations, steps, bytes, barriers: Math.log2(pass.lanes) }, lanes);
  }
  const across = inner / pass.width;
  if (pass.kind === 'columns') {
    const waste = Math.max(1, SECTOR_BYTES / (4 * inner));
    const walk = { invocations: outer * chunks * across, steps: pass.span, bytes: bytes * waste };
    return walkCost({ ...walk, barriers: 0 }, lanes);
  }
  const { columns, width } = pass;
  const together = 4 * width * Math.min(columns, across);
  // Of rows that are taken whole, the next one goes on where this one ends.
  const waste = columns >= across ? 1 : Math.max(1, SECTOR_BYTES / together);
  const invocations = outer * chunks * ceilDivide(across, columns) * TREE;
  const steps = ceilDivide(pass.span * columns, TREE);
  const barriers = Math.log2(TREE / columns);
  return walkCost({ invocations, steps, bytes: bytes * waste, barriers }, lanes);
}

/** All ways to reduce an axis in one pass or two, given those that reduce a span. */
function candidates(
  { size }: AxisView,
  over: (span: number) => readonly ReducePass[],
): (readonly ReducePass[])[] {
  const short = (length: number) => {
    const span = ceilDivide(length, 4) * 4;
    return over(span).filter((pass) => span / accumulators(pass) <= LONGEST_CHAIN);
  };
  const apart = spansOf(size).flatMap((span) =>
    short(span).flatMap((first) =>
      short(ceilDivide(size, span)).map((second) => [first, second] as const),
    ),
  );
  return [...short(size).map((pass) => [pass]), ...apart];
}

/** Halves, quarters, … of an axis, in whole vec4s. */
function spansOf(size: number): number[] {
  const spans: number[] = [];
  for (let span = size / 2; span >= ALONE; span /= 2) spans.push(ceilDivide(span, 4) * 4);
  return spans;
}

function accumulators(pass: ReducePass): number {
  if (pass.kind === 'rows') return 4 * pass.lanes;
  return pass.kind === 'columns' ? 1 : TREE / pass.columns;
}

function rowPasses(span: number): ReducePass[] {
  const lanes = span <= ALONE ? [1, 16] : [16, 64, TREE];
  return lanes.map((lanes) => ({ kind: 'rows', lanes, span }));
}

function columnPasses(inner: number, span: number, width: 1 | 4): ReducePass[] {
  const most = Math.min(16, 2 ** Math.ceil(Math.log2(inner / width)));
  const trees = [16, 8, 4, 2, 1]
    .filter((columns) => columns <= most)
    .map((columns) => ({ kind: 'column-tree', width, columns, span }) as const);
  const alone = inner === 1 ? ALONE_IN_A_ROW : ALONE;
  return span <= alone ? [{ kind: 'columns', width, span }, ...trees] : trees;
}
