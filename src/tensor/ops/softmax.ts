import { ShapeError } from '../../errors.ts';
import {
  softmaxCrossEntropy as launchCrossEntropy,
  softmaxCrossEntropyGradient as launchCrossEntropyGradient,
} from '../../kernels/softmax/cross-entropy.ts';
import { softmax as launchSoftmax } from '../../kernels/softmax/softmax.ts';
import type { Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { normalizeAxis } from '../shape.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { zeros } from './creation.ts';
import { oneHot } from './gather.ts';
import { logSumExp, reduceBy } from './reductions.ts';
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

/**
 * −log softmax(logits) at each row's label, in one kernel: logits [..., C] f32, labels [...] i32, u32
 * or u8 → losses [...]. Labels known on the host are checked; others outside 0…C−1 give NaN.
 * Shapes and dtypes have been checked by the caller.
 * @throws ShapeError for a label that is no class.
 */
export function softmaxCrossEntropy(logits: AnyTensor, labels: AnyTensor): AnyTensor {
  const classes = logits.shape[logits.rank - 1] as number;
  const { leaf } = labels.node;
  const wrong =
    leaf?.kind === 'host' ? leaf.data.find((label) => label < 0 || label >= classes) : undefined;
  if (wrong !== undefined) {
    throw new ShapeError(
      `crossEntropy: label ${wrong} is no class; the outputs [${logits.shape}] have ${classes} classes, from 0.`,
    );
  }
  const count = labels.size;
  if (logits.size === 0) return zeros(labels.shape);
  const rows = reshape(logits, [count, classes]);
  const losses = apply(crossEntropyOp, [rows, reshape(cast(labels, 'i32'), [count])], {
    shape: [count],
    dtype: 'f32',
  });
  return reshape(losses, labels.shape);
}
