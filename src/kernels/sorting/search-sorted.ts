import { elements } from '../elements.ts';
import {
  ceilDivide,
  input,
  type KernelContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  product,
} from '../launch.ts';
import { program } from '../program.ts';
import each from '../wgsl/each.wgsl';
import keyOf from '../wgsl/sorting/functions/key.wgsl';
import source from '../wgsl/sorting/search-sorted.wgsl';
import { keyConstants } from './key.ts';

const WORKGROUP = 64;

export type SearchAttributes = {
  /** Of each sorted row, and how many values are looked up in it. */
  readonly size: number;
  readonly wanted: number;
  /** Whether elements equal to a value go before it. */
  readonly right: boolean;
};

/** Sorted rows [rows, size] and values [rows, wanted] → i32 [rows, wanted]: how many elements go before each. */
export function searchSorted(context: KernelContext<SearchAttributes>): Launches {
  const { attributes, inputs, output } = context;
  const { size, wanted, right } = attributes;
  const { dtype } = inputs[0] as Operand;
  const count = product(output.shape);
  const constants = { WORKGROUP, RIGHT: Number(right), ...keyConstants(dtype, false) };
  const search = launch({
    program: program('search_sorted', each, constants, [elements('u32', 1), keyOf, source]),
    bindings: { sorted: input(0), values: input(1), result: OUTPUT },
    params: { count, size, wanted },
    workgroups: ceilDivide(count, WORKGROUP),
  });
  return { launches: [search] };
}
