// What needs Node and, some of it, packages of its own: the second entry, `wgrad/node`.
// The first, `wgrad`, runs in browsers too and needs no other package.

import './tensor/methods.ts';
import './tensor/misuse.ts';
import './autograd/backward.ts';

export { type CsvOptions, csv } from './data/files/csv.ts';
export { type ImageFolderOptions, imageFolder } from './data/files/image-folder.ts';
export type { LabelledDataset } from './data/files/labelled-dataset.ts';
export {
  type EventImage,
  type Events,
  type EventsOptions,
  openEvents,
} from './io/tensorboard/index.ts';
export * as report from './report/index.ts';
export { progressBar } from './train/callbacks/progress-bar.ts';
export { type TensorBoardOptions, tensorBoard } from './train/callbacks/tensorboard.ts';
