import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  type Operand,
  OUTPUT,
  product,
  program,
} from './launch.ts';
import { type AxisView, elements } from './reduce.ts';
import source from './wgsl/scatter-add.wgsl';

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
  const count = (outer * size * inner) / width;
  const launch = {
    program: program('scatter_add', source, { WORKGROUP }, [elements('f32', width)]),
    bindings: [input(0), input(1), OUTPUT],
    params: [count, size, given, inner / width],
    workgroups: ceilDivide(count, WORKGROUP),
  };
  return { launches: [launch] };
}
