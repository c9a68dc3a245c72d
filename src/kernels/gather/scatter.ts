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
  product,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import type { AxisView } from '../reduce/pass.ts';
import { chooseSort, sortInto } from '../sorting/sort.ts';
import each from '../wgsl/each.wgsl';
import addSource from '../wgsl/gather/scatter-add.wgsl';
import startsSource from '../wgsl/gather/scatter-starts.wgsl';

const WORKGROUP = 64;

export interface ScatterContext extends LaunchContext {
  readonly attributes: AxisView;
}

/** Indices i32 [n] and updates f32, i32 or u32 [outer, n, inner] → [outer, size, inner], in a fixed order. */
export function scatterAdd(
  { attributes: { outer, size, inner }, inputs, limits }: ScatterContext,
  width: 1 | 4 = inner % 4 === 0 ? 4 : 1,
): Launches {
  const [indices, updates] = inputs as readonly [Operand, Operand];
  const given = product(indices.shape);
  const row = { outer: 1, size: given, inner: 1, kept: given, descending: false };
  const work = { ...row, dtype: indices.dtype, from: input(0) };
  const { launches, temporaries = [], keys } = sortInto(undefined, work, chooseSort(limits));
  const starts = temporaries.length;
  const find = launch({
    program: program('scatter_starts', each, { WORKGROUP }, [startsSource]),
    bindings: { keys: temporary(keys), starts: temporary(starts) },
    params: { count: size + 1, given },
    workgroups: ceilDivide(size + 1, WORKGROUP),
  });
  const count = (outer * size * inner) / width;
  const add = launch({
    program: program('scatter_add', each, { WORKGROUP }, [
      elements(dtypes[updates.dtype].stored, width),
      addSource,
    ]),
    bindings: {
      starts: temporary(starts),
      order: temporary(keys + 1),
      updates: input(1),
      result: OUTPUT,
    },
    params: { count, size, given, inner: inner / width },
    workgroups: ceilDivide(count, WORKGROUP),
  });
  return {
    launches: [...launches, find, add],
    temporaries: [...temporaries, wholeBlocks(size + 1)],
  };
}
