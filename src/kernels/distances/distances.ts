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
import source from '../wgsl/distances/distances.wgsl';
import each from '../wgsl/each.wgsl';

const WORKGROUP = 64;

/** 1 for sums of distances along each axis, 2 for the root of their squares' sum. */
export type DistanceAttributes = { readonly power: 1 | 2 };

/** x [..., rows, size] and y [..., size, columns] → distances [..., rows, columns]. */
export function distances(context: KernelContext<DistanceAttributes>): Launches {
  const { attributes, inputs, output } = context;
  const size = (inputs[0] as Operand).shape.at(-1) as number;
  const [rows, width] = [output.shape.at(-2) as number, output.shape.at(-1) as number];
  const together = width % 4 === 0 ? 4 : 1;
  const count = product(output.shape) / together;
  const constants = { WORKGROUP, POWER: attributes.power };
  const all = launch({
    program: program('distances', each, constants, [elements('f32', together), source]),
    bindings: { x: input(0), y: input(1), result: OUTPUT },
    params: { count, size, rows, columns: width / together },
    workgroups: ceilDivide(count, WORKGROUP),
  });
  return { launches: [all] };
}
