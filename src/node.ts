// What needs Node and, some of it, packages of its own: the second entry, `wgrad/node`.
// The first, `wgrad`, runs in browsers too and needs no other package.

import './methods.ts';

export { type CsvOptions, csv } from './data/files/csv.ts';
export { type ImageFolderOptions, imageFolder } from './data/files/image-folder.ts';
export type { LabelledDataset } from './data/files/labelled-dataset.ts';
/** Models in Keras' files. */
export * as keras from './interchange/keras/index.ts';
/** Models in ONNX files, out and in. */
export * as onnx from './interchange/onnx/index.ts';
/** Layers models in TensorFlow.js' files. */
export * as tfjs from './interchange/tfjs/index.ts';
export {
  type EventImage,
  type Events,
  type EventsOptions,
  openEvents,
} from './io/tensorboard/index.ts';
/** Folders of runs, pictures, and pages about them. */
export * as report from './report/index.ts';
export { progressBar } from './train/callbacks/progress-bar.ts';
export { type TensorBoardOptions, tensorBoard } from './train/callbacks/tensorboard.ts';
