import {
  alongside,
  input,
  type LaunchContext,
  type Launches,
  type Operand,
  OUTPUT,
} from '../launch.ts';
import logarithm from '../wgsl/elementwise/functions/logarithm.wgsl';
import label1 from '../wgsl/softmax/functions/label-1.wgsl';
import label4 from '../wgsl/softmax/functions/label-4.wgsl';
import lossFunction from '../wgsl/softmax/functions/loss.wgsl';
import lossAlongside from '../wgsl/softmax/functions/loss-alongside.wgsl';
import lossApart from '../wgsl/softmax/functions/loss-apart.wgsl';
import lossSource from '../wgsl/softmax/rows/cross-entropy.wgsl';
import gradientSource from '../wgsl/softmax/rows/cross-entropy-gradient.wgsl';
import { pickRowVariant, type RowVariant } from './row-variant.ts';
import { overRows, type RowWork } from './rows.ts';

/** Logits [R, C] and labels i32 [R] → losses [R]; labels that are no class give NaN. */
export function softmaxCrossEntropy(context: LaunchContext, variant?: RowVariant): Launches {
  const bindings = { logits: input(0), labels: input(1), loss: OUTPUT };
  const sources = [logarithm, lossFunction, lossSource];
  return overLogits(
    'cross_entropy',
    { functions: sources, bindings, stores: 'rows' },
    context,
    variant,
  );
}

/** Logits [R, C] and labels i32 [R] → softmax - onehot, [R, C]; alongside, the losses [R]. */
export function softmaxCrossEntropyGradient(
  context: LaunchContext,
  variant?: RowVariant,
): Launches {
  const { epilogue } = context;
  const withLosses = context.alongside?.[0] ?? false;
  const bindings = {
    logits: input(0),
    labels: input(1),
    result: OUTPUT,
    ...(withLosses && { loss: alongside(0) }),
  };
  const losses = withLosses ? [logarithm, lossFunction, lossAlongside] : [lossApart];
  const sources = [...losses, gradientSource];
  const work = { functions: sources, bindings, stores: 'shares', epilogue } as const;
  return overLogits('cross_entropy_gradient', work, context, variant);
}

function overLogits(
  name: string,
  work: Pick<RowWork, 'functions' | 'bindings' | 'stores' | 'epilogue'>,
  context: LaunchContext,
  variant?: RowVariant,
): Launches {
  const [rows, size] = (context.inputs[0] as Operand).shape as [number, number];
  const chosen = variant ?? pickRowVariant(context, name, rows, size);
  const functions = [...work.functions, chosen.width === 4 ? label4 : label1];
  return overRows(name, chosen, { ...work, rows, size, constants: { REST: 1 }, functions });
}
