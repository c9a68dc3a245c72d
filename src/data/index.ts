import './misuse.ts';

export { type Augmentation, augment, type Draws } from './augmentation/augment.ts';
export {
  cutout,
  randomCrop,
  randomFlip,
  randomRotation,
  randomShift,
} from './augmentation/augmentations.ts';
export { type IdxArray, readIdx, readIdxFile } from './files/idx.ts';
export { type IdxImagesOptions, readIdxImages } from './files/idx-images.ts';
export { syntheticDigits } from './generated/synthetic-digits.ts';
export type { ImageDataset, LabelledImages } from './labelled-images.ts';
export type { Batch, BatchContext, Source } from './pipeline/batch.ts';
export type { BatchedDataset, BatchingOptions, EpochOptions } from './pipeline/batched.ts';
export { type AnyDataset, Dataset, type Fold } from './pipeline/dataset.ts';
export {
  type ArrayOptions,
  fromArrays,
  fromImages,
  fromTensors,
  type ImageOptions,
  type TensorOptions,
} from './pipeline/sources.ts';
export {
  type Scaling,
  type Standardization,
  type StandardizeOptions,
  standardize,
} from './pipeline/standardize.ts';
export type { WindowOptions } from './pipeline/windows.ts';
export { type ZipOptions, zip } from './pipeline/zipped.ts';
export { CIFAR10_CLASSES } from './published/cifar-records.ts';
export { loadCifar10, readCifar10 } from './published/cifar10.ts';
export { FASHION_MNIST_CLASSES, loadFashionMnist } from './published/fashion-mnist.ts';
export { loadMnist } from './published/mnist.ts';
export { DownloadError } from './published/partial-file.ts';
export type { LoadOptions } from './published/published-files.ts';
export { type CharacterTokenizer, characterTokenizer } from './text/character-tokenizer.ts';
