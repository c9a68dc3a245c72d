import {
  input,
  type LaunchContext,
  type Launches,
  type Operand,
  OUTPUT,
  product,
} from '../launch.ts';
import logarithm from '../wgsl/elementwise/functions/logarithm.wgsl';
import source from '../wgsl/softmax/rows/softmax.wgsl';
import { pickRowVariant, type RowVariant } from './row-variant.ts';
import { overRows } from './rows.ts';

interface SoftmaxContext extends LaunchContext {
  readonly attributes: { readonly log: boolean };
}

/** Softmax, or its logarithm, along the last axis. */
export function softmax(context: SoftmaxContext, variant?: RowVariant): Launches {
  const { attributes, inputs } = context;
  const { log } = attributes;
  const { shape } = inputs[0] as Operand;
  const size = shape[shape.length - 1] ?? 1;
  const rows = product(shape) / size;
  const name = log ? 'log_softmax' : 'softmax';
  const LOG = Number(log);
  return overRows(name, variant ?? pickRowVariant(context, name, rows, size), {
    rows,
    size,
    constants: { LOG, REST: LOG },
    functions: [logarithm, source],
    bindings: { logits: input(0), result: OUTPUT },
    stores: log ? 'logits' : 'shares',
  });
}
