export {
  type Activation,
  activation,
  elu,
  type GeluOptions,
  gelu,
  leakyRelu,
  relu,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
} from './activations.ts';
export { type BatchNormOptions, batchNorm } from './batch-norm.ts';
export { concat, residual, sequential } from './combinators.ts';
export { type Conv2dOptions, conv2d } from './convolution.ts';
export { type DenseOptions, dense } from './dense.ts';
export {
  type DepthwiseConv2dOptions,
  depthwiseConv2d,
  separableConv2d,
} from './depthwise-convolution.ts';
export { dropout } from './dropout.ts';
export { type EmbeddingOptions, embedding } from './embedding.ts';
export { flatten } from './flatten.ts';
export type { Initializer } from './initializers.ts';
export * as initializers from './initializers.ts';
export { Layer, type Mode } from './layer.ts';
export type { InitializerOption } from './named-initializers.ts';
export { groupNorm, layerNorm, type NormOptions } from './normalization.ts';
export { avgPool2d, globalAveragePool2d, globalMaxPool2d, maxPool2d } from './pooling.ts';
export { l1, l1l2, l2, type Regularizer } from './regularizers.ts';
export { summary } from './summary.ts';
export { type LayerVisitor, traceLayers } from './trace.ts';
export { type Conv2dTransposeOptions, conv2dTranspose } from './transposed-convolution.ts';
export { type Upsampling2dOptions, upsampling2d } from './upsampling.ts';
export { namedVariables, variables } from './variables.ts';
export { zeroPadding2d } from './zero-padding.ts';
