import type { DeviceLimits } from '../../device/device.ts';
import { type Epilogue, ended } from '../epilogue.ts';
import {
  ceilDivide,
  input,
  type Launch,
  type LaunchContext,
  type Launches,
  launch,
  type NamedLaunch,
  type Operand,
  OUTPUT,
  product,
} from '../launch.ts';
import { program } from '../program.ts';
import { elements } from '../reduce/reduce.ts';
import logarithm from '../wgsl/elementwise/functions/logarithm.wgsl';
import across1 from '../wgsl/softmax/functions/across-1.wgsl';
import across4 from '../wgsl/softmax/functions/across-4.wgsl';
import powerBuiltin from '../wgsl/softmax/functions/power-builtin.wgsl';
import powerPolynomial from '../wgsl/softmax/functions/power-polynomial.wgsl';
import rowsAlone from '../wgsl/softmax/functions/rows-alone.wgsl';
import rowsTree from '../wgsl/softmax/functions/rows-tree.wgsl';
import source from '../wgsl/softmax/rows/softmax.wgsl';
import rowsSource from '../wgsl/softmax/rows.wgsl';

interface SoftmaxContext extends LaunchContext {
  readonly attributes: { readonly log: boolean };
}

/** Softmax, or its logarithm, along the last axis. */
export function softmax(context: SoftmaxContext, variant?: RowVariant): Launches {
  const { attributes, inputs, limits } = context;
  const { shape } = inputs[0] as Operand;
  const size = shape[shape.length - 1] ?? 1;
  const rows = product(shape) / size;
  const chosen = variant ?? chooseRowVariant(size, limits);
  const LOG = Number(attributes.log);
  const pass = overRows(LOG ? 'log_softmax' : 'softmax', chosen, {
    rows,
    constants: { LOG, REST: LOG },
    functions: [logarithm, source],
    bindings: { logits: input(0), result: OUTPUT },
    params: { rows, size: size / chosen.width },
  });
  return { launches: [pass] };
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

interface RowWork {
  readonly rows: number;
  readonly constants?: Readonly<Record<string, number>>;
  /** The file that completes rows.wgsl, and what that needs. */
  readonly functions: readonly string[];
  readonly bindings: NamedLaunch['bindings'];
  readonly params: NamedLaunch['params'];
  readonly epilogue?: Epilogue;
}

/** The launch of a kernel over rows of logits. */
export function overRows(
  name: string,
  { width, lanes, power }: RowVariant,
  { rows, constants = {}, functions, bindings, params, epilogue }: RowWork,
): Launch {
  const WORKGROUP = lanes === 1 ? 64 : 256;
  const linked = [
    elements('f32', width),
    width === 4 ? across4 : across1,
    lanes === 1 ? rowsAlone : rowsTree,
    power === 'builtin' ? powerBuiltin : powerPolynomial,
    ...(epilogue ? [ended(width)] : []),
    ...functions,
  ];
  return launch({
    program: program(name, rowsSource, { LANES: lanes, WORKGROUP, ...constants }, linked),
    bindings,
    params,
    workgroups: ceilDivide(rows * lanes, WORKGROUP),
    ...(epilogue && { epilogue }),
  });
}
