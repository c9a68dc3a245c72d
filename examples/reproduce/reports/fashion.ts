import { report } from '../../../src/node.ts';
import { curve } from '../../experiment/pictures.ts';
import { type TrialSettings, titleOf, trial } from '../../experiment/settings.ts';
import type { TrialResult } from '../../experiment/trial.ts';
import type { Entry, Report, Theirs } from '../report.ts';

function entry(
  given: Pick<TrialSettings, 'model'> & Partial<TrialSettings>,
  theirs: Theirs,
): Entry {
  return { settings: trial({ data: 'fashion-mnist', validationSplit: 0.1, ...given }), theirs };
}

export const fashion: Report = {
  name: 'fashion',
  title: 'Fashion-MNIST: four networks, three activations, three optimizers',
  about:
    'Trained on nine tenths of the training images, validated on the last tenth. The authors give ' +
    'a validation accuracy of 91.4 % and a ROC AUC of 0.9923 for the convolutional network; our ' +
    'accuracy is that of the test images, the one of validation has a column of its own. The ' +
    'residual and the inception network are ours, of the published kind and size.',
  entries: [
    entry({ model: 'fashion/cnn' }, { accuracy: 0.914, auc: 0.9923, note: 'validation' }),
    entry({ model: 'fashion/dense' }, {}),
    entry({ model: 'fashion/resnet' }, {}),
    entry({ model: 'fashion/inception' }, {}),
    entry({ model: 'fashion/cnn', activation: 'sigmoid' }, {}),
    entry({ model: 'fashion/cnn', activation: 'tanh' }, {}),
    entry({ model: 'fashion/cnn', optimizer: 'rmsprop' }, {}),
    entry({ model: 'fashion/cnn', optimizer: 'sgd', lr: 0.01 }, {}),
  ],
  columns: [
    'optimizer',
    'activation',
    'precision',
    'recall',
    'f1',
    'auc',
    'trainLoss',
    'trainAccuracy',
    'valLoss',
    'valAccuracy',
  ],
  pictures: (results) => ({
    'validation accuracy': report.curves(
      'Accuracy',
      'accuracy (%)',
      results.map((own) => ({ ...curve(own.history, 'accuracy', 100), name: shortTitle(own) })),
    ),
    'f1 by class': report.f1Bars(
      {
        names: results[0]?.metrics.classNames ?? [],
        scores: results.slice(0, 4).map((own) => ({
          name: own.settings.model,
          values: own.metrics.perClass.map(({ f1 }) => f1),
        })),
      },
      'F1 by class',
    ),
  }),
};

function shortTitle({ settings }: TrialResult): string {
  return titleOf(settings).split(', ').slice(0, -3).join(', ');
}
