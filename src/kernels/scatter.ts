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

/** How many elements an invocation owns, and whether a workgroup keeps to one slice. */
export interface ScatterVariant {
  readonly width: 1 | 4;
  readonly wide: boolean;
}

/** Indices i32 [n] and updates f32 [outer, n, inner] → [outer, size, inner], in a fixed order. */
export function scatterAdd(
  { attributes: { outer, size, inner }, inputs }: ScatterContext,
  { width, wide }: ScatterVariant = chooseScatter(inner),
): Launches {
  const given = product((inputs[0] as Operand).shape);
  const slices = outer * size;
  const columns = inner / width;
  const groups = ceilDivide(columns, WORKGROUP);
  const constants = { WORKGROUP, WIDE: Number(wide) };
  const launch = {
    program: program('scatter_add', source, constants, [elements('f32', width)]),
    bindings: [input(0), input(1), OUTPUT],
    params: [slices, size, given, columns, groups],
    workgroups: wide ? slices * groups : ceilDivide(slices * columns, WORKGROUP),
  };
  return { launches: [launch] };
}

export function chooseScatter(inner: number): ScatterVariant {
  const width = inner % 4 === 0 ? 4 : 1;
  return { width, wide: inner / width >= WORKGROUP / 2 };
}
