export { type Augmentation, augment, type Draws } from './augment.ts';
export { cutout, randomCrop, randomFlip, randomRotation, randomShift } from './augmentations.ts';
export { type Batches, batches } from './batches.ts';
export { CIFAR10_CLASSES } from './cifar-records.ts';
export { loadCifar10 } from './cifar10.ts';
export type { ImageDataset, LabelledImages } from './dataset.ts';
export { FASHION_MNIST_CLASSES, loadFashionMnist } from './fashion-mnist.ts';
export { type IdxArray, readIdx, readIdxFile } from './idx.ts';
export { loadMnist } from './mnist.ts';
export { DownloadError } from './partial-file.ts';
export type { Batch, BatchContext, Source } from './pipeline/batch.ts';
export type { BatchedDataset, BatchingOptions, EpochOptions } from './pipeline/batched.ts';
export { Dataset } from './pipeline/dataset.ts';
export {
  type ArrayOptions,
  fromArrays,
  fromImages,
  fromTensors,
  type ImageOptions,
} from './pipeline/sources.ts';
export type { LoadOptions } from './published.ts';
export { syntheticDigits } from './synthetic-digits.ts';
