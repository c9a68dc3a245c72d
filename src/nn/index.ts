// What models are made of: layers as in Keras, put together by functions.

import './misuse.ts';

// The weights of one model for another.
export { type CopyWeightsOptions, copyWeights } from './copy-weights.ts';
// Models of several inputs and outputs: layers applied to symbolic values.
export { model } from './functional-model.ts';
// First values of weights, and what their size adds to the loss.
export type { Initializer } from './initializers/index.ts';
/** How the first values of a weight are drawn. */
export * as initializers from './initializers/index.ts';
export type { InitializerOption } from './initializers/named.ts';
// Layers and models of one's own, and what is inside a model.
export { type AnyLayer, Layer, type Mode } from './layer.ts';
// Activations as layers; other layers take them by name.
export {
  activation,
  celu,
  elu,
  type GeluOptions,
  gelu,
  leakyRelu,
  logSigmoid,
  relu,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
  thresholdedRelu,
} from './layers/activations/layers.ts';
export type { Activation } from './layers/activations/named.ts';
export { type PreluOptions, prelu } from './layers/activations/prelu.ts';
// Sequences: attention and what tells places apart.
export {
  type MultiHeadAttention,
  type MultiHeadAttentionOptions,
  multiHeadAttention,
} from './layers/attention/multi-head-attention.ts';
export {
  type PositionalEmbeddingOptions,
  positionalEmbedding,
  sinusoidalPositions,
} from './layers/attention/positions.ts';
export {
  type TransformerBlockOptions,
  transformerBlock,
} from './layers/attention/transformer-block.ts';
export { residual, sequential } from './layers/combinators.ts';
export { type Conv1dOptions, conv1d } from './layers/convolution/conv1d.ts';
export {
  type Conv1dTransposeOptions,
  conv1dTranspose,
} from './layers/convolution/conv1d-transpose.ts';
export { type Conv2dOptions, conv2d } from './layers/convolution/conv2d.ts';
export {
  type Conv2dTransposeOptions,
  conv2dTranspose,
} from './layers/convolution/conv2d-transpose.ts';
export { type Conv3dOptions, conv3d } from './layers/convolution/conv3d.ts';
export {
  type Conv3dTransposeOptions,
  conv3dTranspose,
} from './layers/convolution/conv3d-transpose.ts';
export {
  type DepthwiseConv1dOptions,
  type DepthwiseConv2dOptions,
  depthwiseConv1d,
  depthwiseConv2d,
} from './layers/convolution/depthwise.ts';
export { separableConv1d, separableConv2d } from './layers/convolution/separable.ts';
export { type DenseOptions, dense } from './layers/dense.ts';
export { type EmbeddingOptions, embedding } from './layers/embedding.ts';
// Functions as layers.
export { identity, lambda } from './layers/function-layer.ts';
// What makes one value of several, and one layer of several layers on one input.
export {
  add,
  average,
  concat,
  type DotOptions,
  dot,
  maximum,
  minimum,
  multiply,
  subtract,
} from './layers/merging.ts';
// Layers that normalise: over the batch, over each example, over groups of channels.
export { type BatchNormOptions, batchNorm } from './layers/normalization/batch-norm.ts';
export { groupNorm, layerNorm, type NormOptions } from './layers/normalization/example-norm.ts';
export {
  type AdaptOptions,
  type InputBatches,
  type Normalization,
  type NormalizationOptions,
  normalization,
} from './layers/normalization/normalization.ts';
export { rescaling } from './layers/normalization/rescaling.ts';
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from './layers/pooling/adaptive.ts';
export {
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
} from './layers/pooling/global.ts';
export { avgPool1d, maxPool1d } from './layers/pooling/pool1d.ts';
export { avgPool2d, maxPool2d } from './layers/pooling/pool2d.ts';
export { avgPool3d, maxPool3d } from './layers/pooling/pool3d.ts';
// Sequences read step by step, over the steps that are there, and layers applied to each step.
export {
  type Bidirectional,
  type BidirectionalOptions,
  bidirectional,
} from './layers/recurrent/bidirectional.ts';
export {
  type GRUCellOptions,
  gruCell,
  type LSTMCellOptions,
  lstmCell,
  type RecurrentCell,
} from './layers/recurrent/cells.ts';
export {
  type GRUOptions,
  gru,
  type LSTMOptions,
  lstm,
  type SimpleRNNOptions,
  simpleRNN,
} from './layers/recurrent/layers.ts';
export { masked, stepMask } from './layers/recurrent/masked.ts';
export type {
  Recurrent,
  RecurrentOptions,
  RecurrentRun,
  RunOptions,
} from './layers/recurrent/recurrent.ts';
export { dropout } from './layers/regularization/dropout.ts';
export { gaussianDropout, gaussianNoise } from './layers/regularization/noise.ts';
export {
  spatialDropout1d,
  spatialDropout2d,
  spatialDropout3d,
} from './layers/regularization/spatial-dropout.ts';
export { permute, repeatVector, reshape } from './layers/reshaping/arrange.ts';
export { cropping1d, cropping2d, cropping3d } from './layers/reshaping/cropping.ts';
export { flatten } from './layers/reshaping/flatten.ts';
export {
  type Upsampling2dOptions,
  upsampling1d,
  upsampling2d,
  upsampling3d,
} from './layers/reshaping/upsampling.ts';
export { zeroPadding1d, zeroPadding2d, zeroPadding3d } from './layers/reshaping/zero-padding.ts';
export { timeDistributed } from './layers/time-distributed.ts';
export type { Precision } from './precision.ts';
export { l1, l1l2, l2, type Regularizer } from './regularizers.ts';
export { summary } from './summary.ts';
export {
  type ApplyOptions,
  type InputOptions,
  input,
  type Symbolic,
  type Symbolics,
} from './symbolic.ts';
export { type LayerVisitor, traceLayers } from './trace.ts';
export { namedVariables, variables } from './variables.ts';
