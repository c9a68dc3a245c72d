import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  type Operand,
  OUTPUT,
  product,
  program,
  temporary,
} from '../launch.ts';
import { type AxisView, elements, wholeBlocks } from '../reduce/reduce.ts';
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
  const chain = {
    program: program('scatter_chain', chainSource, { WORKGROUP }),
    bindings: [input(0), temporary(0)],
    params: [size, given],
    workgroups: ceilDivide(links, WORKGROUP),
  };
  const add = {
    program: program('scatter_add', addSource, { WORKGROUP }, [elements('f32', width)]),
    bindings: [temporary(0), input(1), OUTPUT],
    params: [count, size, given, inner / width],
    workgroups: ceilDivide(count, WORKGROUP),
  };
  return { launches: [chain, add], temporaries: [wholeBlocks(links)] };
}
