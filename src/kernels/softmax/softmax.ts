import type { DeviceLimits } from '../../device/device.ts';
import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  type Operand,
  OUTPUT,
  product,
  program,
} from '../launch.ts';
import { elements } from '../reduce/reduce.ts';
import across1 from '../wgsl/softmax/functions/across-1.wgsl';
import across4 from '../wgsl/softmax/functions/across-4.wgsl';
import powerBuiltin from '../wgsl/softmax/functions/power-builtin.wgsl';
import powerPolynomial from '../wgsl/softmax/functions/power-polynomial.wgsl';
import rowsAlone from '../wgsl/softmax/functions/rows-alone.wgsl';
import rowsTree from '../wgsl/softmax/functions/rows-tree.wgsl';
import source from '../wgsl/softmax/rows/softmax.wgsl';

export interface SoftmaxContext extends LaunchContext {
  readonly attributes: { readonly log: boolean };
}

/** Softmax, or its logarithm, along the last axis. */
export function softmax(context: SoftmaxContext, variant?: RowVariant): Launches {
  const { attributes, inputs, limits } = context;
  const { shape } = inputs[0] as Operand;
  const size = shape[shape.length - 1] ?? 1;
  const rows = product(shape) / size;
  const chosen = variant ?? chooseRowVariant(size, limits);
  const { constants, functions, workgroups } = overRows(rows, chosen);
  const LOG = Number(attributes.log);
  const launch = {
    program: program(LOG ? 'log_softmax' : 'softmax', source, { ...constants, LOG }, functions),
    bindings: [input(0), OUTPUT],
    params: [rows, size / chosen.width],
    workgroups,
  };
  return { launches: [launch] };
}

/** How a kernel walks contiguous rows: `lanes` invocations a row, each `width` elements at a time. */
export interface RowVariant {
  readonly width: 1 | 4;
  /** A power of two up to 256. */
  readonly lanes: number;
  /** Where powers of e come from. */
  readonly power: 'builtin' | 'polynomial';
}

export function chooseRowVariant(size: number, limits: DeviceLimits): RowVariant {
  const width = size % 4 === 0 ? 4 : 1;
  const steps = size / width;
  const lanes = limits.cpu || steps <= 8 ? 1 : steps <= 128 ? 16 : 256;
  return { width, lanes, power: limits.cpu ? 'polynomial' : 'builtin' };
}

/** The constants, linked functions and number of workgroups of a kernel over rows. */
export function overRows(rows: number, { width, lanes, power }: RowVariant) {
  const WORKGROUP = lanes === 1 ? 64 : 256;
  return {
    constants: { LANES: lanes, WORKGROUP },
    functions: [
      elements('f32', width),
      width === 4 ? across4 : across1,
      lanes === 1 ? rowsAlone : rowsTree,
      power === 'builtin' ? powerBuiltin : powerPolynomial,
    ],
    workgroups: ceilDivide(rows * lanes, WORKGROUP),
  };
}
