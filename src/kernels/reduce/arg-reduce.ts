import { dtypes } from '../dtype.ts';
import { elements, wholeBlocks } from '../elements.ts';
import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { picked, sizesOf, type Ways } from '../pick.ts';
import { program } from '../program.ts';
import each from '../wgsl/each.wgsl';
import source from '../wgsl/reduce/arg-reduce.wgsl';
import mergeSource from '../wgsl/reduce/arg-reduce-merge.wgsl';
import treeSource from '../wgsl/reduce/arg-reduce-tree.wgsl';
import better from '../wgsl/reduce/functions/arg-reduce-better.wgsl';
import allCandidates from '../wgsl/reduce/functions/candidates-all.wgsl';
import listedCandidates from '../wgsl/reduce/functions/candidates-listed.wgsl';
import { isTree, narrowPasses, TREE } from './gpu-passes.ts';
import type { AxisView, TreePass } from './pass.ts';

const WORKGROUP = 64;

export type ArgReduceAttributes = AxisView & { readonly reduce: 'argMax' | 'argMin' };

export interface ArgReduceContext extends LaunchContext {
  readonly attributes: ArgReduceAttributes;
}

/** [outer, size, inner] → i32 [outer, inner]: where the axis has its extreme, the first of equals. */
export function argReduce(context: ArgReduceContext): Launches {
  const { attributes, limits } = context;
  const { reduce, outer, size, inner } = attributes;
  const problem = `${reduce} ${sizesOf([outer, size, inner])}`;
  if (limits.cpu)
    return argReduceInChunks(context, picked(context, problem, chunkNumbers(attributes)));
  const passes = picked(context, problem, narrowPasses(attributes, limits.lanes)).filter(isTree);
  return passes.length > 0 ? argReduceByTrees(context, passes) : argReduceInChunks(context, 1);
}

function comparison({ attributes: { reduce }, inputs }: ArgReduceContext) {
  const scalar = dtypes[(inputs[0] as Operand).dtype].stored;
  return {
    functions: [elements(scalar, 1), better],
    constants: { MIN: Number(reduce === 'argMin'), FLOAT: Number(scalar === 'f32') },
  };
}

/** By whole workgroups, in one pass or two. */
export function argReduceByTrees(context: ArgReduceContext, passes: readonly TreePass[]): Launches {
  const { outer, size: axis, inner } = context.attributes;
  const { functions, constants } = comparison(context);
  const temporaries: number[] = [];
  let size = axis;
  const launches = passes.map(({ columns: COLUMNS, span }, i) => {
    const chunks = ceilDivide(size, span);
    const tiles = ceilDivide(inner, COLUMNS);
    const groups = outer * chunks * tiles;
    const isLast = i === passes.length - 1;
    if (!isLast) temporaries.push(wholeBlocks(outer * chunks * inner));
    const candidates = i === 0 ? allCandidates : listedCandidates;
    const own = { ...constants, WORKGROUP: TREE, COLUMNS };
    const pass = launch({
      program: program('arg_reduce_tree', treeSource, own, [...functions, candidates]),
      bindings: {
        values: input(0),
        result: isLast ? OUTPUT : temporary(i),
        ...(i > 0 && { places: temporary(i - 1) }),
      },
      params: { chunks, tiles, groups, inner, axis, size, span },
      workgroups: groups,
    });
    size = chunks;
    return pass;
  });
  return { launches, temporaries };
}

/** One invocation for each of so many chunks of the axis of each output. */
export function argReduceInChunks(context: ArgReduceContext, chunks: number): Launches {
  const { outer, size, inner } = context.attributes;
  const { functions, constants: compared } = comparison(context);
  const constants = { WORKGROUP, ...compared };
  const parts = outer * chunks * inner;
  const search = launch({
    program: program('arg_reduce', each, constants, [...functions, source]),
    bindings: { values: input(0), result: chunks === 1 ? OUTPUT : temporary(0) },
    params: { count: parts, chunks, size, inner },
    workgroups: ceilDivide(parts, WORKGROUP),
  });
  if (chunks === 1) return { launches: [search] };
  const count = outer * inner;
  const merge = launch({
    program: program('arg_reduce_merge', each, constants, [...functions, mergeSource]),
    bindings: { values: input(0), places: temporary(0), result: OUTPUT },
    params: { count, chunks, size, inner },
    workgroups: ceilDivide(count, WORKGROUP),
  });
  return { launches: [search, merge], temporaries: [wholeBlocks(parts)] };
}

/** How many invocations share an axis on a CPU: one where there are enough outputs for all threads. */
export function chooseArgChunks({ outer, size, inner }: AxisView): number {
  const chunks = Math.min(256 / (outer * inner), size / 1024, Math.sqrt(size));
  return chunks < 2 ? 1 : Math.floor(chunks);
}

/** What is chosen on a CPU, and more or fewer chunks, by name. */
function chunkNumbers(view: AxisView): Ways<number> {
  const chosen = chooseArgChunks(view);
  const others = [1, 2 * chosen, Math.floor(chosen / 2)];
  const possible = [chosen, ...others].filter((chunks) => chunks >= 1 && chunks <= view.size);
  return new Map(possible.map((chunks) => [`in ${chunks}`, chunks]));
}
