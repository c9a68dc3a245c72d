import { full } from '../../../../tensor/ops/creation.ts';
import { takeAlongAxis } from '../../../../tensor/ops/indexing/along-axis.ts';
import { logSoftmax } from '../../../../tensor/ops/softmax.ts';
import { where } from '../../../../tensor/ops/where.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from './call.ts';

/** −log p of each label [N, …] among classes [N, C, …], by its class' weight; ignored labels count nothing. */
function negativeLogLikelihood(call: OperatorCall, logarithms: AnyTensor): AnyTensor {
  const labels = call.input(1).cast('i32');
  const ignored = call.int('ignore_index');
  const isCounted = ignored === undefined ? undefined : labels.notEqual(ignored);
  const classes = isCounted ? where(isCounted, labels, 0) : labels;
  const picked = takeAlongAxis(logarithms, classes.unsqueeze(1), 1).squeeze([1]).neg();
  const weights = call.inputs[2]?.gather(classes) ?? full(labels.shape, 1);
  const counted = isCounted ? where(isCounted, weights, 0) : weights;
  const losses = picked.mul(counted);
  const reduction = call.text('reduction', 'mean');
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? losses.sum() : losses.sum().div(counted.sum());
}

/** Losses of labels among classes, which are on axis 1. */
export const lossOperators: Readonly<Record<string, Operator>> = {
  NegativeLogLikelihoodLoss: (call) => negativeLogLikelihood(call, call.x),
  SoftmaxCrossEntropyLoss: (call) => {
    const logarithms = logSoftmax(call.x, 1);
    return [negativeLogLikelihood(call, logarithms), logarithms];
  },
};
