import { accuracyCurves, f1ByClass } from '../../trial/comparison-pictures.ts';
import type { TrialResult } from '../../trial/run-store.ts';
import { type TrialSettings, trial } from '../../trial/settings.ts';
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
  pictures(results, outcomes) {
    // Curves are of whole runs: pictures of all of them are better than one of those at hand.
    if (results.length < outcomes.length) return {};
    const networks = results.filter(isOfNetworks);
    return {
      'validation accuracy': accuracyCurves(results),
      ...(networks.length > 0 ? { 'f1 by class': f1ByClass('F1 by class', networks) } : {}),
    };
  },
};

/** The trainings that differ in the network alone. */
function isOfNetworks({ settings: { activation, optimizer } }: TrialResult): boolean {
  return activation === 'relu' && optimizer === 'adam';
}
