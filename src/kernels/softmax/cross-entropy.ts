import type { Epilogue } from '../epilogue.ts';
import {
  alongside,
  type Binding,
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
import { chooseRowVariant, overRows, type RowVariant } from './softmax.ts';

/** The bits of a quiet NaN, which WGSL has no literal for. */
const NAN = 0x7fc00000;

/** Logits [R, C] and labels i32 [R] → losses [R]; labels that are no class give NaN. */
export function softmaxCrossEntropy(context: LaunchContext, variant?: RowVariant): Launches {
  const bindings = { logits: input(0), labels: input(1), loss: OUTPUT };
  const sources = [logarithm, lossFunction, lossSource];
  return overLogits('cross_entropy', sources, bindings, context, variant);
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
  return overLogits('cross_entropy_gradient', sources, bindings, context, variant, epilogue);
}

function overLogits(
  name: string,
  sources: readonly string[],
  bindings: Readonly<Record<string, Binding>>,
  { inputs, limits }: LaunchContext,
  variant?: RowVariant,
  epilogue?: Epilogue,
): Launches {
  const [rows, size] = (inputs[0] as Operand).shape as [number, number];
  const chosen = variant ?? chooseRowVariant(size, limits);
  const { width } = chosen;
  const pass = overRows(name, chosen, {
    rows,
    constants: { REST: 1 },
    functions: [...sources, width === 4 ? label4 : label1],
    bindings,
    params: { rows, size: size / width, width, nan: NAN },
    ...(epilogue && { epilogue }),
  });
  return { launches: [pass] };
}
