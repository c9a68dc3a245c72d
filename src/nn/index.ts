// What models are made of: layers as in Keras, put together by functions.

import './misuse.ts';

// First values of weights, and what their size adds to the loss.
export type { Initializer } from './initializers/index.ts';
export * as initializers from './initializers/index.ts';
export type { InitializerOption } from './initializers/named.ts';
// Layers and models of one's own, and what is inside a model.
export { Layer, type Mode } from './layer.ts';
// Activations as layers; other layers take them by name.
export {
  type Activation,
  activation,
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
} from './layers/activations.ts';
// Layers that normalise: over the batch, over each example, over groups of channels.
export { type BatchNormOptions, batchNorm } from './layers/batch-norm.ts';
export { concat, residual, sequential } from './layers/combinators.ts';
export { type Conv2dOptions, conv2d } from './layers/convolution.ts';
export { type DenseOptions, dense } from './layers/dense.ts';
export {
  type DepthwiseConv2dOptions,
  depthwiseConv2d,
  separableConv2d,
} from './layers/depthwise-convolution.ts';
export { dropout } from './layers/dropout.ts';
export { type EmbeddingOptions, embedding } from './layers/embedding.ts';
export { flatten } from './layers/flatten.ts';
export { groupNorm, layerNorm, type NormOptions } from './layers/normalization.ts';
export { avgPool2d, globalAveragePool2d, globalMaxPool2d, maxPool2d } from './layers/pooling.ts';
export { type Conv2dTransposeOptions, conv2dTranspose } from './layers/transposed-convolution.ts';
export { type Upsampling2dOptions, upsampling2d } from './layers/upsampling.ts';
export { zeroPadding2d } from './layers/zero-padding.ts';
export type { Precision } from './precision.ts';
export { l1, l1l2, l2, type Regularizer } from './regularizers.ts';
export { summary } from './summary.ts';
export { type LayerVisitor, traceLayers } from './trace.ts';
export { namedVariables, variables } from './variables.ts';
