// Every layer goes out as ONNX: ONNX Runtime and the model that is read back compute the same, for any batch.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as nn from '../../../src/nn/index.ts';
import '../../../src/methods.ts';
import { cast } from '../../../src/tensor/ops/cast.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { sameElsewhere } from './same-elsewhere.ts';

const test = suite('ONNX export of every layer');

const [sequence, image, volume] = [
  [7, 4],
  [6, 6, 4],
  [4, 4, 6, 2],
] as const;
const ofVector = (layer: nn.Layer) => [layer, [6]] as const;
const ofSequence = (layer: nn.Layer) => [layer, sequence] as const;
const ofImage = (layer: nn.Layer) => [layer, image] as const;
const ofVolume = (layer: nn.Layer) => [layer, volume] as const;

/** A recurrent layer over the steps that have a positive feature. */
function maskedModel() {
  const steps = nn.input(sequence);
  const mask = nn.stepMask().apply(nn.relu().apply(steps));
  return nn.model(steps, nn.masked(nn.lstm(3)).apply([steps, mask]));
}

const examples: Readonly<Record<string, readonly [nn.Layer, readonly number[]]>> = {
  activation: ofVector(nn.activation('softplus')),
  adaptiveAvgPool1d: ofSequence(nn.adaptiveAvgPool1d(3)),
  adaptiveAvgPool2d: ofImage(nn.adaptiveAvgPool2d(4)),
  adaptiveAvgPool3d: ofVolume(nn.adaptiveAvgPool3d(3)),
  adaptiveMaxPool1d: ofSequence(nn.adaptiveMaxPool1d(3)),
  adaptiveMaxPool2d: ofImage(nn.adaptiveMaxPool2d(4)),
  adaptiveMaxPool3d: ofVolume(nn.adaptiveMaxPool3d(3)),
  add: ofVector(nn.add([nn.dense(3), nn.dense(3)])),
  average: ofVector(nn.average([nn.dense(3), nn.dense(3)])),
  avgPool1d: ofSequence(nn.avgPool1d(2)),
  avgPool2d: ofImage(nn.avgPool2d(2)),
  avgPool3d: ofVolume(nn.avgPool3d(2)),
  batchNorm: ofImage(nn.batchNorm()),
  bidirectional: ofSequence(nn.bidirectional(nn.gru(3, { returnSequences: true }))),
  celu: ofVector(nn.celu()),
  concat: ofVector(nn.concat([nn.dense(3), nn.dense(2)])),
  conv1d: ofSequence(nn.conv1d(3, 3)),
  conv1dTranspose: ofSequence(nn.conv1dTranspose(3, 3, { strides: 2 })),
  conv2d: ofImage(nn.conv2d(3, 3, { padding: 'same' })),
  conv2dTranspose: ofImage(nn.conv2dTranspose(3, 3, { strides: 2 })),
  conv3d: ofVolume(nn.conv3d(3, 2)),
  conv3dTranspose: ofVolume(nn.conv3dTranspose(3, 2)),
  cropping1d: ofSequence(nn.cropping1d(1)),
  cropping2d: ofImage(nn.cropping2d(1)),
  cropping3d: ofVolume(nn.cropping3d(1)),
  dense: ofVector(nn.dense(3)),
  depthwiseConv1d: ofSequence(nn.depthwiseConv1d(3)),
  depthwiseConv2d: ofImage(nn.depthwiseConv2d(3)),
  dropout: ofVector(nn.dropout(0.5)),
  elu: ofVector(nn.elu()),
  embedding: [
    nn.sequential([nn.lambda((x: AnyTensor) => cast(x.abs().mul(2), 'i32')), nn.embedding(9, 4)]),
    [6],
  ],
  flatten: ofImage(nn.flatten()),
  gaussianDropout: ofVector(nn.gaussianDropout(0.5)),
  gaussianNoise: ofVector(nn.gaussianNoise(1)),
  gelu: ofVector(nn.gelu()),
  globalAveragePool1d: ofSequence(nn.globalAveragePool1d()),
  globalAveragePool2d: ofImage(nn.globalAveragePool2d()),
  globalAveragePool3d: ofVolume(nn.globalAveragePool3d()),
  globalMaxPool1d: ofSequence(nn.globalMaxPool1d()),
  globalMaxPool2d: ofImage(nn.globalMaxPool2d()),
  globalMaxPool3d: ofVolume(nn.globalMaxPool3d()),
  groupNorm: ofImage(nn.groupNorm(2)),
  gru: ofSequence(nn.gru(3)),
  gruCell: ofVector(nn.gruCell(3)),
  identity: ofVector(nn.identity()),
  lambda: ofVector(nn.lambda((x: AnyTensor) => x.mul(2))),
  layerNorm: ofSequence(nn.layerNorm()),
  leakyRelu: ofVector(nn.leakyRelu()),
  logSigmoid: ofVector(nn.logSigmoid()),
  lstm: ofSequence(nn.lstm(3)),
  lstmCell: ofVector(nn.lstmCell(3)),
  masked: ofSequence(maskedModel()),
  maxPool1d: ofSequence(nn.maxPool1d(2)),
  maxPool2d: ofImage(nn.maxPool2d(2)),
  maxPool3d: ofVolume(nn.maxPool3d(2)),
  maximum: ofVector(nn.maximum([nn.dense(3), nn.dense(3)])),
  minimum: ofVector(nn.minimum([nn.dense(3), nn.dense(3)])),
  multiHeadAttention: ofSequence(nn.multiHeadAttention(2)),
  multiply: ofVector(nn.multiply([nn.dense(3), nn.dense(3)])),
  normalization: ofVector(nn.normalization({ mean: 0.5, variance: 2 })),
  permute: ofSequence(nn.permute([2, 1])),
  positionalEmbedding: ofSequence(nn.positionalEmbedding(7)),
  prelu: ofVector(nn.prelu({ initializer: 'uniform' })),
  relu: ofVector(nn.relu()),
  repeatVector: ofVector(nn.repeatVector(3)),
  rescaling: ofVector(nn.rescaling(2, 1)),
  reshape: ofVector(nn.reshape([2, 3])),
  residual: ofVector(nn.residual(nn.dense(6))),
  separableConv1d: ofSequence(nn.separableConv1d(3, 3)),
  separableConv2d: ofImage(nn.separableConv2d(3, 3)),
  sequential: ofVector(nn.sequential([nn.dense(3)])),
  sigmoid: ofVector(nn.sigmoid()),
  silu: ofVector(nn.silu()),
  simpleRNN: ofSequence(nn.simpleRNN(3)),
  sinusoidalPositions: ofSequence(nn.sinusoidalPositions()),
  softmax: ofVector(nn.softmax()),
  softplus: ofVector(nn.softplus()),
  spatialDropout1d: ofSequence(nn.spatialDropout1d(0.5)),
  spatialDropout2d: ofImage(nn.spatialDropout2d(0.5)),
  spatialDropout3d: ofVolume(nn.spatialDropout3d(0.5)),
  stepMask: ofSequence(nn.sequential([nn.relu(), nn.stepMask()])),
  subtract: ofVector(nn.subtract([nn.dense(3), nn.dense(3)])),
  tanh: ofVector(nn.tanh()),
  thresholdedRelu: ofVector(nn.thresholdedRelu()),
  timeDistributed: ofSequence(nn.timeDistributed(nn.dense(3))),
  transformerBlock: ofSequence(nn.transformerBlock({ heads: 2 })),
  upsampling1d: ofSequence(nn.upsampling1d(2)),
  upsampling2d: ofImage(nn.upsampling2d(2)),
  upsampling3d: ofVolume(nn.upsampling3d(2)),
  zeroPadding1d: ofSequence(nn.zeroPadding1d(1)),
  zeroPadding2d: ofImage(nn.zeroPadding2d(1)),
  zeroPadding3d: ofVolume(nn.zeroPadding3d(1)),
};

/** Functions that make no layer of their own, and `dot`, which takes two inputs. */
const others = [
  ...['copyWeights', 'dot', 'input', 'l1', 'l1l2', 'l2', 'model', 'namedVariables', 'summary'],
  ...['traceLayers', 'variables'],
];

test('each layer has an example', () => {
  const isClass = (value: unknown) => String(value).startsWith('class');
  const functions = Object.entries(nn).flatMap(([name, value]) =>
    typeof value === 'function' && !isClass(value) ? [name] : [],
  );
  assert.equal(
    functions.filter((name) => !(name in examples) && !others.includes(name)),
    [],
  );
});

for (const [name, [layer, shape]] of Object.entries(examples)) {
  test(`${name} computes the same elsewhere`, () => {
    layer.build(shape);
    return sameElsewhere((x) => layer.forward(x as never) as AnyTensor, [3, ...shape]);
  });
}

test.run();
