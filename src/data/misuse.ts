import { refuseNames } from '../arguments.ts';
import { BatchedDataset } from './pipeline/batched.ts';
import { Dataset } from './pipeline/dataset.ts';

const loop = 'for await (const batch of dataset.batch(size).epoch(0))';

refuseNames(Dataset.prototype, 'A data set', {
  0: 'dataset.get(Int32Array.of(0))',
  length: 'dataset.count',
  size: 'dataset.count',
  repeat: "fit's epochs, or dataset.batch(size).epoch(n) for each n",
  forEach: loop,
  forEachAsync: loop,
  toArray: `dataset.take(n).get(…), or ${loop}`,
  [Symbol.iterator]: loop,
  [Symbol.asyncIterator]: loop,
});

const epoch = 'for await (const batch of batches.epoch(0))';

refuseNames(BatchedDataset.prototype, 'A data set in batches', {
  batch: 'dataset.batch(size) once',
  shuffle: 'dataset.shuffle().batch(size)',
  map: 'dataset.map(change).batch(size)',
  forEach: epoch,
  [Symbol.iterator]: epoch,
  [Symbol.asyncIterator]: epoch,
});
