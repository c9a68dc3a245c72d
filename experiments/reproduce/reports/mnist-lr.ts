import { f1Picture, sweepPicture } from '../../trial/comparison-pictures.ts';
import type { Report } from '../report.ts';
import { sweep } from './learning-rates.ts';

export const mnistLr: Report = {
  name: 'mnist-lr',
  title: 'MNIST by learning rate',
  about:
    'A dense network, a convolutional and a bottleneck residual one, each with four learning ' +
    'rates. Only the best accuracies are published, 0.965, 0.991 and 0.992 (macro F1 likewise), ' +
    'without their rates; they stand beside 0.001. Widths, epochs and batch size are not: here ' +
    'they are 128 and 64 units, 32, 64 and 64 filters (as in `examples/mnist`), two residual ' +
    'stages, 10 epochs and 32 images.',
  entries: [
    ...sweep('mnist-lr/dnn').map(best(0.001, 0.965)),
    ...sweep('mnist/convnet').map(best(0.001, 0.991)),
    ...sweep('mnist-lr/resnet').map(best(0.001, 0.992)),
  ],
  columns: ['f1'],
  pictures: (results, outcomes) => ({
    'learning rates': sweepPicture(outcomes),
    ...f1Picture(results, outcomes),
  }),
};

/** Their best figure, at the rate where a row of ours is compared with it. */
function best(lr: number, accuracy: number) {
  return (entry: Report['entries'][number]) =>
    entry.settings.lr === lr ? { ...entry, theirs: { accuracy, f1: accuracy } } : entry;
}
