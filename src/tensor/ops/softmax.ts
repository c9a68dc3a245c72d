import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import type { HostArray } from '../../kernels/dtype.ts';
import { OnDemand } from '../../kernels/on-demand.ts';
import { keepCauses, suspect } from '../nan-causes.ts';
import { apply, type Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { normalizeAxis, sizeOf } from '../shape.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { zeros } from './creation.ts';
import { oneHot } from './indexing/one-hot.ts';
import { logSumExp, reduceBy } from './reductions.ts';
import { reshape, transpose, unsqueeze } from './views.ts';

const shares = new OnDemand(() => import('../../kernels/softmax/softmax.ts'));
const losses = new OnDemand(() => import('../../kernels/softmax/cross-entropy.ts'));

const softmaxOp: Op<[x: Tensor], { readonly log: boolean }> = {
  name: 'softmax',
  lowering: {
    kind: 'kernel',
    needs: () => shares,
    launch: (context) => shares.get().softmax(context),
  },
  vjp: (g, { output: y, attributes: { log } }) => {
    const sum = (x: Tensor) => reduceBy('sum', x, -1, true);
    return [log ? g.sub(y.exp().mul(sum(g))) : y.mul(g.sub(sum(g.mul(y))))];
  },
  decompose: ({ inputs: [logits], attributes: { log } }) => {
    const logs = logSoftmaxInPlainOps(logits);
    return log ? logs : logs.exp();
  },
};

/** Whether a node is a softmax, not the logarithm of one. */
export function isSoftmax({ op, attributes }: Node): boolean {
  return op === softmaxOp && attributes.log === false;
}

type Labels = Tensor<Shape, 'i32'>;

const crossEntropyOp: Op<[logits: Tensor, labels: Labels]> = {
  name: 'softmaxCrossEntropy',
  lowering: {
    kind: 'kernel',
    needs: () => losses,
    launch: (context) => losses.get().softmaxCrossEntropy(context),
  },
  vjp: (g, { inputs: [logits, labels], output }) => {
    const gradient = apply(crossEntropyGradientOp, [logits, labels], logits);
    keepCauses(gradient.node, [output.node]);
    return [gradient.mul(unsqueeze(g, -1)), undefined];
  },
  decompose: ({ inputs: [logits, labels] }) => {
    const hit = oneHot(labels, sizeOf(logits.shape, 1));
    return logSumExp(logits, -1).sub(reduceBy('sum', logits.mul(hit), -1));
  },
};

/** The gradient of each loss by its row of logits. */
const crossEntropyGradientOp: Op<[logits: Tensor, labels: Labels]> = {
  name: 'softmaxCrossEntropyGradient',
  lowering: {
    kind: 'kernel',
    needs: () => losses,
    launch: (context) => losses.get().softmaxCrossEntropyGradient(context),
    takesEpilogue: true,
    alongside: (own, other) =>
      other.op === crossEntropyOp && own.inputs.every((input, i) => input === other.inputs[i])
        ? 0
        : undefined,
  },
  decompose: ({ inputs: [logits, labels] }) => {
    const hit = oneHot(labels, sizeOf(logits.shape, 1));
    return logSoftmaxInPlainOps(logits).exp().sub(hit);
  },
};

function logSoftmaxInPlainOps(logits: Tensor): Tensor {
  return logits.sub(logSumExp(logits, -1, true));
}

function along(x: AnyTensor, axis: number, log: boolean): Tensor {
  const name = log ? 'logSoftmax' : 'softmax';
  requireDType(name, x, ['f32']);
  const at = normalizeAxis(name, axis, x.rank);
  if (x.size === 0) return zeros(x.shape);
  if (at === x.rank - 1) return apply(softmaxOp, [x], x, { log });
  const order = x.shape.map((_, i) => (i === at ? x.rank - 1 : i === x.rank - 1 ? at : i));
  return transpose(apply(softmaxOp, [transpose(x, order)], transpose(x, order), { log }), order);
}

/**
 * eˣ / Σ eˣ along an axis (the last, if none is given), without overflow.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where x is not f32.
 */
export function softmax(x: AnyTensor, axis = -1): Tensor {
  return along(x, axis, false);
}

/**
 * log(softmax(x)) along an axis, without overflow or cancellation.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where x is not f32.
 */
export function logSoftmax(x: AnyTensor, axis = -1): Tensor {
  return along(x, axis, true);
}

/**
 * −log softmax(logits) at each row's label, in one kernel: logits [..., C] f32, labels [...] i32, u32
 * or u8 → losses [...]. Labels known on the host are checked; others outside 0…C−1 give NaN.
 * Shapes have been checked by the caller.
 * @throws ShapeError where a label known on the host is no class.
 */
export function softmaxCrossEntropy(logits: AnyTensor, labels: AnyTensor): Tensor {
  requireDType('crossEntropy', logits, ['f32']);
  const classes = sizeOf(logits.shape, -1);
  const { leaf } = labels.node;
  if (leaf?.kind === 'host') requireClasses(leaf.data, labels.shape, classes);
  const count = labels.size;
  if (logits.size === 0) return zeros(labels.shape);
  const rows = reshape(logits, [count, classes]);
  const losses = apply(crossEntropyOp, [rows, reshape(cast(labels, 'i32'), [count])], {
    shape: [count],
    dtype: 'f32',
  });
  if (leaf?.kind !== 'host') {
    suspect(losses.node, async () => requireClasses(await labels.data(), labels.shape, classes));
  }
  return reshape(losses, labels.shape);
}

/** @throws ShapeError where a label is no class, naming it and its place. */
function requireClasses(labels: HostArray, shape: Shape, classes: number): void {
  const at = labels.findIndex((label) => label < 0 || label >= classes);
  if (at < 0) return;
  throw new ShapeError(
    `crossEntropy: label ${labels[at]} at position ${at} of labels [${shape}] is no class; the outputs ` +
      `have ${classes}, from 0 to ${classes - 1}. If labels start at 1, subtract 1; none is passed over.`,
  );
}
