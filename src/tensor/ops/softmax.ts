import { DTypeError, ShapeError } from '../../errors.ts';
import {
  softmaxCrossEntropy as launchCrossEntropy,
  softmaxCrossEntropyGradient as launchCrossEntropyGradient,
} from '../../kernels/cross-entropy.ts';
import { softmax as launchSoftmax } from '../../kernels/softmax.ts';
import type { Op } from '../op.ts';
import { normalizeAxis } from '../shape.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { zeros } from './creation.ts';
import { oneHot } from './gather.ts';
import { logSumExp, mean, reduceBy } from './reductions.ts';
import { requireDType } from './unary.ts';
import { reshape, transpose, unsqueeze } from './views.ts';

const softmaxOp: Op = {
  name: 'softmax',
  lowering: { kind: 'kernel', launch: launchSoftmax },
  vjp: (g, { output: y, attributes: { log } }) => {
    const sum = (x: AnyTensor) => reduceBy('sum', x, -1, true);
    return [log ? g.sub(y.exp().mul(sum(g))) : y.mul(g.sub(sum(g.mul(y))))];
  },
  decompose: ({ inputs: [x], attributes: { log } }) => {
    const logits = x as AnyTensor;
    const logs = logits.sub(logSumExp(logits, -1, true));
    return log ? logs : logs.exp();
  },
};

const crossEntropyOp: Op = {
  name: 'softmaxCrossEntropy',
  lowering: { kind: 'kernel', launch: launchCrossEntropy },
  vjp: (g, { inputs }) => {
    const [logits, labels] = inputs as [AnyTensor, AnyTensor];
    return [apply(crossEntropyGradientOp, [logits, labels, g], logits), undefined];
  },
  decompose: ({ inputs }) => {
    const [logits, labels] = inputs as [AnyTensor, AnyTensor];
    const hit = oneHot(labels, logits.shape[1] as number);
    return logSumExp(logits, -1).sub(reduceBy('sum', logits.mul(hit), -1));
  },
};

const crossEntropyGradientOp: Op = {
  name: 'softmaxCrossEntropyGradient',
  lowering: { kind: 'kernel', launch: launchCrossEntropyGradient },
  decompose: ({ inputs }) => {
    const [logits, labels, g] = inputs as [AnyTensor, AnyTensor, AnyTensor];
    const hit = oneHot(labels, logits.shape[1] as number);
    const probabilities = softmaxOp.decompose?.({
      inputs: [logits],
      attributes: { log: false },
      scalars: [],
    });
    return (probabilities as AnyTensor).sub(hit).mul(unsqueeze(g, -1));
  },
};

function along(x: AnyTensor, axis: number, log: boolean): AnyTensor {
  const name = log ? 'logSoftmax' : 'softmax';
  requireDType(name, x, ['f32']);
  const at = normalizeAxis(name, axis, x.rank);
  if (x.size === 0) return zeros(x.shape);
  if (at === x.rank - 1) return apply(softmaxOp, [x], x, { log });
  const order = x.shape.map((_, i) => (i === at ? x.rank - 1 : i === x.rank - 1 ? at : i));
  return transpose(apply(softmaxOp, [transpose(x, order)], transpose(x, order), { log }), order);
}

/** eˣ / Σ eˣ along an axis (the last, if none is given), without overflow. */
export function softmax(x: AnyTensor, axis = -1): Tensor {
  return along(x, axis, false) as Tensor;
}

/** log(softmax(x)) along an axis, without overflow or cancellation. */
export function logSoftmax(x: AnyTensor, axis = -1): Tensor {
  return along(x, axis, true) as Tensor;
}

export interface CrossEntropyOptions {
  /** 'mean' over all examples (the default), their 'sum', or 'none': one loss for each. */
  readonly reduction?: 'mean' | 'sum' | 'none';
}

/**
 * Cross-entropy between softmax(logits) and class numbers: logits [..., C] f32, labels [...] i32,
 * u32 or u8. Labels known on the host are checked; others outside 0…C−1 give NaN.
 * @throws ShapeError, DTypeError
 */
export function crossEntropy(
  logits: AnyTensor,
  labels: AnyTensor,
  { reduction = 'mean' }: CrossEntropyOptions = {},
): Tensor {
  requireDType('crossEntropy', logits, ['f32']);
  const classes = logits.shape[logits.rank - 1] ?? 0;
  const examples = logits.shape.slice(0, -1);
  if (logits.rank === 0 || labels.shape.join() !== examples.join()) {
    throw new ShapeError(
      `crossEntropy: logits [${logits.shape}] need one label for each row, shape [${examples}], got [${labels.shape}].`,
    );
  }
  if (labels.dtype === 'f32' || labels.dtype === 'bool') {
    throw new DTypeError(
      `crossEntropy: labels are class numbers (i32, u32 or u8), got ${labels.dtype}. Use cast('i32').`,
    );
  }
  const { leaf } = labels.node;
  const wrong =
    leaf?.kind === 'host' ? leaf.data.find((label) => label < 0 || label >= classes) : undefined;
  if (wrong !== undefined) {
    throw new ShapeError(
      `crossEntropy: label ${wrong} is no class; the logits [${logits.shape}] have ${classes} classes, from 0.`,
    );
  }
  const count = labels.size;
  if (logits.size === 0) return reduction === 'none' ? zeros(examples) : zeros([]);
  const rows = reshape(logits, [count, classes]);
  const losses = apply(crossEntropyOp, [rows, reshape(cast(labels, 'i32'), [count])], {
    shape: [count],
    dtype: 'f32',
  });
  if (reduction === 'none') return reshape(losses, examples) as Tensor;
  return (reduction === 'sum' ? reduceBy('sum', losses, undefined) : mean(losses)) as Tensor;
}
