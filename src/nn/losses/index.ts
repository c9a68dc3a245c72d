export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  hinge,
} from './binary-cross-entropy.ts';
export { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts';
export { type KlDivergenceOptions, klDivergence } from './kl-divergence.ts';
export type { OutputScale } from './probabilities.ts';
export type { LossOptions, Reduction } from './reduction.ts';
export { type HuberOptions, huber, meanAbsoluteError, meanSquaredError } from './regression.ts';
