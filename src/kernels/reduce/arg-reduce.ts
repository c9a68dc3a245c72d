import type { DeviceLimits } from '../../device/device.ts';
import { dtypes } from '../dtype.ts';
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
import { program } from '../program.ts';
import each from '../wgsl/each.wgsl';
import source from '../wgsl/reduce/arg-reduce.wgsl';
import mergeSource from '../wgsl/reduce/arg-reduce-merge.wgsl';
import better from '../wgsl/reduce/functions/arg-reduce-better.wgsl';
import type { AxisView } from './pass.ts';
import { elements, wholeBlocks } from './reduce.ts';

const WORKGROUP = 64;

export type ArgReduceAttributes = AxisView & { readonly reduce: 'argMax' | 'argMin' };

export interface ArgReduceContext extends LaunchContext {
  readonly attributes: ArgReduceAttributes;
}

/** [outer, size, inner] → i32 [outer, inner]: where the axis has its extreme, the first of equals. */
export function argReduce(context: ArgReduceContext, forced?: number): Launches {
  const { attributes, inputs, limits } = context;
  const { reduce, outer, size, inner } = attributes;
  const chunks = forced ?? chooseArgChunks(attributes, limits);
  const scalar = dtypes[(inputs[0] as Operand).dtype].stored;
  const constants = {
    WORKGROUP,
    MIN: Number(reduce === 'argMin'),
    FLOAT: Number(scalar === 'f32'),
  };
  const functions = [elements(scalar, 1), better];
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

/** How many invocations share an axis: one where there are enough outputs for the whole device. */
export function chooseArgChunks({ outer, size, inner }: AxisView, limits: DeviceLimits): number {
  const wanted = (limits.cpu ? 256 : 8192) / (outer * inner);
  const least = limits.cpu ? 1024 : 32;
  const chunks = Math.min(wanted, size / least, Math.sqrt(size));
  return chunks < 2 ? 1 : Math.floor(chunks);
}
