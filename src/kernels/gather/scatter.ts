import {
  ceilDivide,
  input,
  type Launch,
  type LaunchContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  product,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import type { AxisView } from '../reduce/pass.ts';
import { elements, wholeBlocks } from '../reduce/reduce.ts';
import each from '../wgsl/each.wgsl';
import addSource from '../wgsl/gather/scatter-add.wgsl';
import mergeSource from '../wgsl/gather/scatter-merge.wgsl';
import sortSource from '../wgsl/gather/scatter-sort.wgsl';
import startsSource from '../wgsl/gather/scatter-starts.wgsl';

const WORKGROUP = 64;
/** Indices that a workgroup sorts. */
const BLOCK = 256;
/** Sorted runs that one pass merges. */
const WAYS = 16;

export interface ScatterContext extends LaunchContext {
  readonly attributes: AxisView;
}

/** Indices i32 [n] and updates f32 [outer, n, inner] → [outer, size, inner], in a fixed order. */
export function scatterAdd(
  { attributes: { outer, size, inner }, inputs }: ScatterContext,
  width: 1 | 4 = inner % 4 === 0 ? 4 : 1,
): Launches {
  const given = product((inputs[0] as Operand).shape);
  const { launches, keys, order } = sorted(given);
  const starts = 4;
  const find = launch({
    program: program('scatter_starts', each, { WORKGROUP }, [startsSource]),
    bindings: { keys: temporary(keys), starts: temporary(starts) },
    params: { count: size + 1, given },
    workgroups: ceilDivide(size + 1, WORKGROUP),
  });
  const count = (outer * size * inner) / width;
  const add = launch({
    program: program('scatter_add', each, { WORKGROUP }, [elements('f32', width), addSource]),
    bindings: {
      starts: temporary(starts),
      order: temporary(order),
      updates: input(1),
      result: OUTPUT,
    },
    params: { count, size, given, inner: inner / width },
    workgroups: ceilDivide(count, WORKGROUP),
  });
  const list = wholeBlocks(given);
  return {
    launches: [...launches, find, add],
    temporaries: [list, list, list, list, wholeBlocks(size + 1)],
  };
}

/** Sorts input 0, equal indices in the order in which they are; keys and places end in two temporaries. */
function sorted(given: number): { launches: Launch[]; keys: number; order: number } {
  const launches = [
    launch({
      program: program('scatter_sort', sortSource, { BLOCK }),
      bindings: { indices: input(0), keys: temporary(0), order: temporary(1) },
      params: { given },
      workgroups: ceilDivide(given, BLOCK),
    }),
  ];
  // Passes read one pair of temporaries and write the other.
  let [keys, order] = [0, 1];
  for (let run = BLOCK; run < given; run *= WAYS) {
    const [mergedKeys, mergedOrder] = [2 - keys, 4 - order];
    launches.push(
      launch({
        program: program('scatter_merge', each, { WORKGROUP, WAYS }, [mergeSource]),
        bindings: {
          keys: temporary(keys),
          order: temporary(order),
          mergedKeys: temporary(mergedKeys),
          mergedOrder: temporary(mergedOrder),
        },
        params: { count: given, run },
        workgroups: ceilDivide(given, WORKGROUP),
      }),
    );
    [keys, order] = [mergedKeys, mergedOrder];
  }
  return { launches, keys, order };
}
