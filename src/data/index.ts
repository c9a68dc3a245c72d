export { type Batches, batches } from './batches.ts';
export type { ImageDataset, LabelledImages } from './dataset.ts';
export { DownloadError } from './download.ts';
export { type IdxArray, readIdx, readIdxFile } from './idx.ts';
export { loadMnist } from './mnist.ts';
export { syntheticDigits } from './synthetic-digits.ts';
