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
import { elements, wholeBlocks } from '../reduce/reduce.ts';
import each from '../wgsl/each.wgsl';
import addSource from '../wgsl/gather/scatter-add.wgsl';
import chainSource from '../wgsl/gather/scatter-chain.wgsl';

const WORKGROUP = 64;

export interface ScatterContext extends LaunchContext {
  readonly attributes: AxisView;
}

/** Indices i32 [n] and updates f32 [outer, n, inner] → [outer, size, inner], in a fixed order. */
export function scatterAdd(
  { attributes: { outer, size, inner }, inputs }: ScatterContext,
  width: 1 | 4 = inner % 4 === 0 ? 4 : 1,
): Launches {
  const given = product((inputs[0] as Operand).shape);
  const links = size + given;
  const count = (outer * size * inner) / width;
  const chain = launch({
    program: program('scatter_chain', chainSource, { WORKGROUP }),
    bindings: { indices: input(0), chain: temporary(0) },
    params: { size, given },
    workgroups: ceilDivide(links, WORKGROUP),
  });
  const add = launch({
    program: program('scatter_add', each, { WORKGROUP }, [elements('f32', width), addSource]),
    bindings: { chain: temporary(0), updates: input(1), result: OUTPUT },
    params: { count, size, given, inner: inner / width },
    workgroups: ceilDivide(count, WORKGROUP),
  });
  return { launches: [chain, add], temporaries: [wholeBlocks(links)] };
}
