import { report } from 'wgrad/node';
import { gradientNormsOf } from '../../runs/pictures.ts';
import { bestOfEach, f1Picture, sweepPicture } from '../../trial/comparison-pictures.ts';
import type { TrialResult } from '../../trial/run-store.ts';
import { trial } from '../../trial/settings.ts';
import type { Report } from '../report.ts';
import { sweep } from './learning-rates.ts';

/** Trainings whose weights and gradients are watched, with and without the shortcut. */
const watched = (['mnist/resnet', 'mnist/plain'] as const).map((model) => ({
  settings: trial({ model, data: 'mnist', epochs: 20, inspect: true }),
  theirs: {},
}));

export const mnistResidual: Report = {
  name: 'mnist-residual',
  title: 'MNIST and what a shortcut is good for',
  about:
    'The three networks of `npm run mnist` with four learning rates; the residual one once more ' +
    'with and without its shortcut for 20 epochs, weights and gradients watched (also as ' +
    'TensorBoard events in the runs). At 0.001 the authors have 0.959, 0.987 and 0.991 in another ' +
    'table after the same 10 epochs.',
  entries: [
    ...sweep('mnist/dnn', [0.114, 0.932, 0.962, 0.935]),
    ...sweep('mnist/convnet', [0.114, 0.978, 0.991, 0.988]),
    ...sweep('mnist/resnet', [0.098, 0.958, 0.99, 0.99]),
    ...watched,
  ],
  columns: ['f1', 'auc'],
  pictures(results, outcomes) {
    const rates = outcomes.filter(({ settings }) => !settings.inspect);
    // One that diverged in its first epoch has seen nothing.
    const inspected = results.filter(({ inspection }) => inspection?.gradientNorms.length);
    return {
      ...(rates.length > 0
        ? { 'learning rates': sweepPicture(rates), ...f1Picture(results, rates) }
        : {}),
      ...Object.fromEntries(
        bestOfEach(results, rates).map((own) => [
          `roc ${nameOf(own)}`,
          report.roc(own.metrics.roc, `ROC of ${own.settings.model}, each digit against the rest`),
        ]),
      ),
      ...Object.fromEntries(inspected.flatMap(histogramsOf)),
      ...(inspected.length > 0 ? { 'gradient norms': norms(inspected) } : {}),
    };
  },
};

function histogramsOf(result: TrialResult): [string, report.Picture][] {
  const title = `First convolution of ${result.settings.model}`;
  return Object.values(result.inspection?.weights ?? {}).map((epochs) => [
    `first kernel ${nameOf(result)}`,
    report.histograms(title, 'weight', epochs),
  ]);
}

function norms(results: readonly TrialResult[]): report.Picture {
  const names = { 'mnist/resnet': 'with the shortcut', 'mnist/plain': 'without' };
  return report.gradientNorms(
    results.flatMap(({ settings, inspection }) => {
      const name = names[settings.model as keyof typeof names];
      return (inspection && gradientNormsOf(name, inspection)) || [];
    }),
  );
}

function nameOf({ settings }: TrialResult): string {
  return settings.model.replace('/', ' ');
}
