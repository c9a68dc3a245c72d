// `wgrad`: runs in browsers too and needs no other package. What needs Node's files or packages of
// its own is in `wgrad/node`. Ops are named as in TensorFlow.js, layers and `fit` as in Keras,
// optimizers and weights as in PyTorch.

import './methods.ts';

// Tensors, the variables that hold them between steps, and what shapes and dtypes are to the types.

export type { DType } from './kernels/dtype.ts';
export { Variable } from './tensor/misuse.ts';
export type { Pixels } from './tensor/nested-values.ts';
export {
  arange,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  tensor,
  zeros,
  zerosLike,
} from './tensor/ops/creation.ts';
export type { Shape } from './tensor/shape-types.ts';
export { type AnyTensor, realize, Tensor } from './tensor/tensor.ts';
export type { AnyVariable, VariableOptions } from './tensor/variable.ts';

// Functions whose graph is built once.

export { compile } from './tensor/compile.ts';

// Ops that are no methods, or that take several tensors; the others are methods of a tensor.

export {
  type AttentionOptions,
  scaledDotProductAttention,
} from './tensor/ops/attention/attention.ts';
export { type Conv1dOptions, conv1d } from './tensor/ops/convolution/conv1d.ts';
export {
  type Conv1dTransposeOptions,
  conv1dTranspose,
} from './tensor/ops/convolution/conv1d-transpose.ts';
export { type Conv2dOptions, conv2d } from './tensor/ops/convolution/conv2d.ts';
export {
  type Conv2dTransposeOptions,
  conv2dTranspose,
} from './tensor/ops/convolution/conv2d-transpose.ts';
export { type Conv3dOptions, conv3d } from './tensor/ops/convolution/conv3d.ts';
export {
  type Conv3dTransposeOptions,
  conv3dTranspose,
} from './tensor/ops/convolution/conv3d-transpose.ts';
export {
  type DepthwiseOptions,
  depthwiseConv2d,
  separableConv2d,
} from './tensor/ops/convolution/separable.ts';
export { dropout } from './tensor/ops/dropout.ts';
export { divNoNan } from './tensor/ops/elementwise/div-no-nan.ts';
export { digamma, lgamma, polygamma } from './tensor/ops/elementwise/gamma-functions.ts';
export { erfinv } from './tensor/ops/elementwise/inverse-error-function.ts';
export { lerp } from './tensor/ops/elementwise/lerp.ts';
export { type FourierOptions, fft, ifft, irfft, rfft } from './tensor/ops/fourier/fft.ts';
export type { Complex } from './tensor/ops/fourier/transform.ts';
export { type CropAndResizeOptions, cropAndResize } from './tensor/ops/images/crop-and-resize.ts';
export { rgbToGrayscale } from './tensor/ops/images/grayscale.ts';
export { type GridSampleOptions, gridSample } from './tensor/ops/images/grid-sample.ts';
export {
  type ResizeOptions,
  resizeBilinear,
  resizeNearestNeighbor,
} from './tensor/ops/images/resize.ts';
export { scatterAlongAxis, takeAlongAxis } from './tensor/ops/indexing/along-axis.ts';
export {
  type BincountOptions,
  bincount,
  confusionMatrix,
  type DenseBincountOptions,
  denseBincount,
  inTopK,
  unsortedSegmentSum,
} from './tensor/ops/indexing/counting.ts';
export { gather, scatterAdd } from './tensor/ops/indexing/gather.ts';
export { gatherND, scatterND, tensorScatterUpdate } from './tensor/ops/indexing/nd.ts';
export { booleanMask, nonZero, type Unique, unique } from './tensor/ops/indexing/on-host.ts';
export { type OneHotOptions, oneHot } from './tensor/ops/indexing/one-hot.ts';
export { concat, split, stack } from './tensor/ops/joining.ts';
export { matMul } from './tensor/ops/linear.ts';
export { cholesky } from './tensor/ops/linear-algebra/cholesky.ts';
export {
  determinant,
  type LogDeterminant,
  logDeterminant,
} from './tensor/ops/linear-algebra/determinant.ts';
export { eye } from './tensor/ops/linear-algebra/eye.ts';
export { inverse, solve } from './tensor/ops/linear-algebra/solve.ts';
export {
  type TriangularSolveOptions,
  triangularSolve,
} from './tensor/ops/linear-algebra/triangular-solve.ts';
export { nanMean, nanSum } from './tensor/ops/nan-reductions.ts';
export { type BatchNormResult, batchNorm, batchNormInference } from './tensor/ops/normalization.ts';
export {
  cosineSimilarity,
  countNonZero,
  moments,
  type NormOrder,
  norm,
  std,
  type VarianceOptions,
} from './tensor/ops/norms.ts';
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from './tensor/ops/pooling/adaptive.ts';
export { dilation2d } from './tensor/ops/pooling/dilation.ts';
export { fold } from './tensor/ops/pooling/fold.ts';
export {
  type LocalResponseOptions,
  localResponseNormalization,
} from './tensor/ops/pooling/local-response.ts';
export {
  type MaxPoolWithArgmax,
  type MaxPoolWithArgmaxOptions,
  maxPoolWithArgmax,
} from './tensor/ops/pooling/max-pool-with-argmax.ts';
export { extractPatches, type PatchOptions } from './tensor/ops/pooling/patches.ts';
export {
  type AvgPool1dOptions,
  avgPool1d,
  maxPool1d,
  type Pool1dOptions,
} from './tensor/ops/pooling/pool1d.ts';
export {
  type AvgPool2dOptions,
  avgPool2d,
  maxPool2d,
  type Pool2dOptions,
} from './tensor/ops/pooling/pool2d.ts';
export {
  type AvgPool3dOptions,
  avgPool3d,
  maxPool3d,
  type Pool3dOptions,
} from './tensor/ops/pooling/pool3d.ts';
export { cdist } from './tensor/ops/products/distances.ts';
export { einsum } from './tensor/ops/products/einsum.ts';
export { dot, kron, outer, tensordot } from './tensor/ops/products/products.ts';
export {
  batchToSpaceND,
  depthToSpace,
  spaceToBatchND,
  spaceToDepth,
} from './tensor/ops/rearranging/blocks.ts';
export { diag, diagonal, trace, tril, triu } from './tensor/ops/rearranging/diagonals.ts';
export type { PadMode } from './tensor/ops/rearranging/padding.ts';
export {
  type MeshgridOptions,
  meshgrid,
  repeat,
  roll,
  tile,
  unstack,
} from './tensor/ops/rearranging/repeating.ts';
export { rot90 } from './tensor/ops/rearranging/rot90.ts';
export { logSoftmax, softmax } from './tensor/ops/softmax.ts';
export {
  type CumulativeOptions,
  cumMax,
  cumMin,
  cumProd,
  cumSum,
  logCumSumExp,
} from './tensor/ops/sorting/cumulative.ts';
export { diff } from './tensor/ops/sorting/differences.ts';
export { median, quantile } from './tensor/ops/sorting/quantile.ts';
export {
  lowerBound,
  type SearchSortedOptions,
  searchSorted,
  upperBound,
} from './tensor/ops/sorting/search-sorted.ts';
export {
  argSort,
  type KthValueOptions,
  kthValue,
  type SortOptions,
  sort,
  type TopK,
  type TopKOptions,
  topK,
} from './tensor/ops/sorting/sort.ts';
export { stopGradient } from './tensor/ops/stop-gradient.ts';
export { where } from './tensor/ops/where.ts';
export type { Padding, Padding1d, Padding3d, Rounding } from './tensor/ops/window.ts';
export type { RandomOptions } from './tensor/random/generator.ts';
/** Tensors of random numbers, and the seed that they come from. */
export * as random from './tensor/random/index.ts';

// Gradients, and whether they are right.

export { type CustomGradient, customGradient, type Save } from './autograd/custom-gradient.ts';
export { type Differentiable, type Gradients, grad } from './autograd/grad.ts';
export { GradcheckError, type GradcheckOptions, gradcheck } from './autograd/gradcheck.ts';

// What models are made of, what they are trained against and by, on which data.

/** Data sets: published ones, one's own, and what happens to their examples before they are trained on. */
export * as data from './data/index.ts';
/** Weights in files of safetensors, those of PyTorch among them. */
export * as io from './io/index.ts';
/** Layers, models that are made of them, and initializers. */
export * as nn from './nn/index.ts';
export type * from './nn/losses/index.ts';
/** What a model is trained against: means over a batch, as tensors. */
export * as losses from './nn/losses/index.ts';
/** Optimizers, and schedules for their rates. */
export * as optim from './optim/index.ts';

// Training in one call, and what watches and scores it.

/** Scores of every example of a batch, for `metrics` of `fit` and `evaluate`. */
export * as batchMetrics from './train/batch-metrics.ts';
export type { Loss, LossName, OptimizerName } from './train/by-name.ts';
/** What `fit` calls on the way: early stopping, checkpoints, progress and others. */
export * as callbacks from './train/callbacks/index.ts';
export { type EvaluateOptions, evaluate, type PredictOptions, predict } from './train/evaluate.ts';
export { fit } from './train/fit.ts';
export type { FitOptions } from './train/fit-options.ts';
export { type Ending, type EpochLogs, History } from './train/history.ts';
/** Scores of all outputs at once, after training: confusion matrix, F1, ROC and others. */
export * as metrics from './train/metrics/index.ts';
export type { Metrics, ScoringOptions } from './train/scoring.ts';
export type { StepGradients, Training } from './train/training.ts';

// Where time goes, and what would be run.

export type { KernelRow, KernelTable } from './graph/profile/kernel-table.ts';
export { type Profile, type ProfileOptions, profile } from './graph/profile/profile.ts';
export type { Span } from './graph/profile/span-recorder.ts';
export type { DispatchFacts } from './kernels/dispatch-facts.ts';
export { explain } from './tensor/explain.ts';

// Devices: one is opened where it is first needed, unless a program chooses.

export type { Device, DeviceCounters, DeviceLimits, SubmissionTimes } from './device/device.ts';
export {
  type DeviceChoice,
  type OpenedDevice,
  openDevice,
  openWasm,
  openWebGpu,
} from './device/open.ts';
export type { WasmOptions } from './device/wasm/options.ts';
export type { WebGpuOptions } from './device/webgpu/webgpu-device.ts';
export { closeDevice, device, setDevice } from './graph/execution/current-runtime.ts';

// What stops a training or a download.

export type { Signal } from './signal.ts';

// What can go wrong.

export * from './errors.ts';

// Names of earlier versions, for one release.

export {
  binaryCrossEntropy,
  crossEntropy,
  hinge,
  huber,
  klDivergence,
  meanAbsoluteError,
  meanSquaredError,
} from './nn/losses/deprecated.ts';
export {
  randomBernoulli,
  randomNormal,
  randomPermutation,
  randomState,
  randomTruncatedNormal,
  randomUniform,
  setRandomState,
  setSeed,
} from './tensor/random/deprecated.ts';
