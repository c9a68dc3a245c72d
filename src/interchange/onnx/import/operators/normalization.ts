import { tensor } from '../../../../tensor/ops/creation.ts';
import { batchNormInference } from '../../../../tensor/ops/normalization.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall, Outputs } from './call.ts';
import { channelsFirst, channelsLast } from './layout.ts';

function batchNormalization(call: OperatorCall): Outputs {
  if (call.flag('training_mode')) throw call.unsupported('the training mode');
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => call.input(i).cast('f32'));
  const normal = (x: AnyTensor) =>
    batchNormInference(
      x,
      { mean: mean!, variance: variance! },
      gamma!,
      beta!,
      call.float('epsilon', 1e-5),
    );
  return call.x.rank === 2 ? normal(call.x) : channelsFirst(normal(channelsLast(call.x)));
}

/** Mean 0 and variance 1 over axes; with them what was taken off and multiplied by. */
function standardized(x: AnyTensor, axes: readonly number[], epsilon: number) {
  const mean = x.mean(axes, true);
  const centred = x.sub(mean);
  const scale = centred.square().mean(axes, true).add(epsilon).rsqrt();
  return { normal: centred.mul(scale), mean, scale };
}

function from(start: number, rank: number): number[] {
  return Array.from({ length: rank - start }, (_, i) => start + i);
}

/** [C] as [C, 1, …], so that it goes along axis 1. */
function alongChannels(vector: AnyTensor, rank: number): AnyTensor {
  return vector.reshape([vector.size, ...from(2, rank).map(() => 1)]);
}

function layerNormalization(call: OperatorCall): Outputs {
  const axis = call.int('axis', -1);
  const { rank } = call.x;
  const axes = from(axis < 0 ? axis + rank : axis, rank);
  const { normal, mean, scale } = standardized(call.x, axes, call.float('epsilon', 1e-5));
  const scaled = normal.mul(call.input(1));
  const bias = call.inputs[2];
  return [bias ? scaled.add(bias) : scaled, mean, scale];
}

function instanceNormalization(call: OperatorCall): AnyTensor {
  const { x } = call;
  const { normal } = standardized(x, from(2, x.rank), call.float('epsilon', 1e-5));
  return normal.mul(alongChannels(call.input(1), x.rank)).add(alongChannels(call.input(2), x.rank));
}

function groupNormalization(call: OperatorCall): AnyTensor {
  const { x } = call;
  const groups = call.int('num_groups', 1);
  const [batch, channels] = [sizeOf(x.shape, 0), sizeOf(x.shape, 1)];
  const split = x.reshape([batch, groups, channels / groups, ...x.shape.slice(2)]);
  const { normal } = standardized(split, from(2, split.rank), call.float('epsilon', 1e-5));
  // Up to version 20 there is a scale a group, from 21 on one a channel.
  const each = (vector: AnyTensor) =>
    vector.size === groups && groups !== channels
      ? vector
          .unsqueeze(1)
          .expand([groups, channels / groups])
          .reshape([channels])
      : vector;
  return normal
    .reshape(x.shape)
    .mul(alongChannels(each(call.input(1)), x.rank))
    .add(alongChannels(each(call.input(2)), x.rank));
}

function localResponse(call: OperatorCall): AnyTensor {
  const { x } = call;
  const size = call.int('size', 1);
  const before = Math.floor((size - 1) / 2);
  const channels = sizeOf(x.shape, 1);
  const around = [before, size - 1 - before] as const;
  const widths = x.shape.map((_, axis) => (axis === 1 ? around : ([0, 0] as const)));
  const squares = x.square().pad(widths);
  const shifted = Array.from({ length: size }, (_, i) =>
    squares.slice([0, i], [undefined, i + channels]),
  );
  const sum = shifted.reduce((a, b) => a.add(b));
  const scaled = sum.mul(call.float('alpha', 1e-4) / size).add(call.float('bias', 1));
  return x.div(scaled.pow(tensor(call.float('beta', 0.75))));
}

/** Normalisations. */
export const normalizationOperators: Readonly<Record<string, Operator>> = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LRN: localResponse,
  MeanVarianceNormalization: (call) =>
    standardized(call.x, call.ints('axes') ?? [0, 2, 3], 1e-9).normal,
};
