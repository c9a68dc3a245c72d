import { report } from 'wgrad/node';
import { curve } from '../../runs/pictures.ts';
import { trial } from '../../trial/settings.ts';
import type { Report } from '../report.ts';

export const tiny: Report = {
  name: 'tiny',
  title: 'MNIST with at most 7,000 parameters',
  about:
    '6,722 parameters, Adam, a validation split of 0.2, early stopping with a patience of 5 (here ' +
    'after at most 50 epochs, the weights of the best one kept).',
  entries: [
    {
      settings: trial({
        model: 'tiny/tiny',
        data: 'mnist',
        batchSize: 128,
        epochs: 50,
        validationSplit: 0.2,
        patience: 5,
      }),
      theirs: { accuracy: 0.991 },
    },
  ],
  columns: ['f1', 'trainLoss', 'trainAccuracy', 'valLoss', 'valAccuracy'],
  pictures: ([own]) =>
    own
      ? {
          loss: report.curves('Loss', 'loss (nats)', [curve(own.history, 'loss', 1)]),
          accuracy: report.curves('Accuracy', 'accuracy (%)', [
            curve(own.history, 'accuracy', 100),
          ]),
          confusion: report.confusionMatrix(own.metrics.confusion, own.metrics.classNames),
        }
      : {},
  texts: ([own]): Record<string, string> =>
    own
      ? {
          'On the training images': own.metrics.trainReport,
          'On the test images': own.metrics.report,
        }
      : {},
};
