// `wgrad`: runs in browsers too and needs no other package. What needs Node's files or packages of
// its own is in `wgrad/node`. Ops are named as in TensorFlow.js, layers and `fit` as in Keras,
// optimizers and weights as in PyTorch.

import './tensor/methods.ts';
import './tensor/misuse.ts';
import './autograd/backward.ts';

// Tensors, the variables that hold them between steps, and what shapes and dtypes are to the types.

export type { DType } from './kernels/dtype.ts';
export { Variable } from './tensor/misuse.ts';
export { arange, full, linspace, ones, tensor, zeros } from './tensor/ops/creation.ts';
export type { Shape } from './tensor/shape-types.ts';
export { type AnyTensor, realize, Tensor } from './tensor/tensor.ts';
export type { AnyVariable, VariableOptions } from './tensor/variable.ts';

// Functions whose graph is built once.

export { compile } from './tensor/compile.ts';

// Ops that are no methods, or that take several tensors; the others are methods of a tensor.

export { type Conv2dOptions, conv2d } from './tensor/ops/convolution.ts';
export { dropout } from './tensor/ops/dropout.ts';
export { eye, gather, oneHot, scatterAdd } from './tensor/ops/gather.ts';
export { concat, split, stack } from './tensor/ops/joining.ts';
export { matMul } from './tensor/ops/linear.ts';
export { type BatchNormResult, batchNorm, batchNormInference } from './tensor/ops/normalization.ts';
export { avgPool2d, maxPool2d, type Pool2dOptions } from './tensor/ops/pooling.ts';
export { logSoftmax, softmax } from './tensor/ops/softmax.ts';
export { stopGradient } from './tensor/ops/stop-gradient.ts';
export {
  type Conv2dTransposeOptions,
  conv2dTranspose,
} from './tensor/ops/transposed-convolution.ts';
export { where } from './tensor/ops/where.ts';
export type { Padding } from './tensor/ops/window.ts';
export type { RandomOptions } from './tensor/random/generator.ts';
export * as random from './tensor/random/index.ts';

// Gradients, and whether they are right.

export { type Differentiable, type Gradients, grad } from './autograd/grad.ts';
export { GradcheckError, type GradcheckOptions, gradcheck } from './autograd/gradcheck.ts';

// What models are made of, what they are trained against and by, on which data.

export * as data from './data/index.ts';
export * as io from './io/index.ts';
export * as nn from './nn/index.ts';
export type * from './nn/losses/index.ts';
export * as losses from './nn/losses/index.ts';
export * as optim from './optim/index.ts';

// Training in one call, and what watches and scores it.

export * as batchMetrics from './train/batch-metrics.ts';
export type { Loss, LossName, OptimizerName } from './train/by-name.ts';
export * as callbacks from './train/callbacks/index.ts';
export { type EvaluateOptions, evaluate, type PredictOptions, predict } from './train/evaluate.ts';
export { fit } from './train/fit.ts';
export type { FitOptions } from './train/fit-options.ts';
export { type Ending, type EpochLogs, History } from './train/history.ts';
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
export { type DeviceChoice, type OpenedDevice, openDevice, openWasm } from './device/open.ts';
export type { WasmOptions } from './device/wasm/options.ts';
export { openWebGpu, type WebGpuOptions } from './device/webgpu/webgpu-device.ts';
export { closeDevice, device, setDevice } from './graph/execution/runtime.ts';

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
