import * as report from '../../../src/report/index.ts';

export const FASHION = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

const range = (length: number) => Array.from({ length }, (_, at) => at);
const epochs = range(20).map((at) => at + 1);

/** One picture of each kind and of each awkward case, from numbers that never change. */
export async function everyPicture(): Promise<Record<string, report.Picture>> {
  const image = await report.pngDataUrl({
    pixels: Uint8Array.from(range(27), (at) => (at * 37) % 256),
    height: 3,
    width: 3,
    channels: 3,
  });
  const layers = range(12).map((at) => `layers.${at}.weight`);
  return {
    curves: report.curves('Loss', 'loss (nats)', [
      {
        name: 'dnn',
        epochs,
        train: epochs.map((at) => 1 / at),
        validation: epochs.map((at) => 2 / at),
      },
      { name: 'diverged & <b>', epochs, train: epochs.map((at) => (at < 6 ? at : Number.NaN)) },
      ...range(8).map((at) => ({
        name: `run ${'x'.repeat(at * 9)}`,
        epochs: [1, 2],
        train: [at, 1],
      })),
    ]),
    'one epoch': report.curves('Loss', 'loss (nats)', [
      { name: '', epochs: [1], train: [0.3], validation: [0.2] },
    ]),
    'nothing finite': report.curves('Loss', 'loss (nats)', [
      { name: '', epochs: [1, 2], train: [Number.NaN, Number.POSITIVE_INFINITY] },
    ]),
    'no run': report.curves('Loss', 'loss (nats)', []),
    sweep: report.learningRateSweep([
      { name: 'dnn', rates: [1e-5, 1e-3, 1e-1], accuracies: [0.6, 0.975, null] },
    ]),
    'one rate': report.learningRateSweep([{ name: 'dnn', rates: [1e-3], accuracies: [0.9] }]),
    confusion: report.confusionMatrix(
      range(10).map((row) =>
        range(10).map((column) => (row === 3 ? 0 : row === column ? 900 : column)),
      ),
      FASHION,
      { show: 'shares' },
    ),
    'many classes': report.confusionMatrix(
      range(41).map((row) => range(41).map((column) => (row === column ? 9 : 0))),
      range(41).map((at) => `class ${at}`),
    ),
    roc: report.roc([
      ...FASHION.map((name, at) => ({
        name,
        fpr: range(51).map((step) => step / 50),
        tpr: range(51).map((step) => (step / 50) ** (0.1 * at)),
        auc: 1 / (0.1 * at + 1),
      })),
      { name: 'absent', fpr: [], tpr: [], auc: null },
    ]),
    f1: report.f1Bars({
      names: FASHION,
      scores: ['precision', 'recall', 'F1'].map((name) => ({
        name,
        values: FASHION.map((_, at) => (at === 3 ? null : at / 9)),
      })),
    }),
    samples: report.sampleGrid(
      FASHION.map((predicted) => ({ image, label: 'Ankle boot', predicted, probability: 0.5 })),
    ),
    'no sample': report.sampleGrid([]),
    ranks: report.rankShares(
      range(4).map((rank) => ({
        rank,
        host: `node${rank}`,
        examples: 1000,
        computing: 90 - rank,
        waiting: 20 * rank,
        reducing: 3,
      })),
    ),
    'idle rank': report.rankShares([
      { rank: 0, host: 'a', examples: 0, computing: 0, waiting: 0, reducing: 0 },
    ]),
    histograms: report.histograms(
      'Weights',
      'weight',
      epochs.map((epoch) => ({ epoch, edges: [-epoch, 0, 0, epoch], counts: [2, 1, 3] })),
    ),
    'no histogram': report.histograms('Weights', 'weight', []),
    gradients: report.gradientNorms(
      ['with shortcut', 'without'].map((name, run) => ({
        name,
        layers,
        epochs,
        norms: epochs.map((epoch) =>
          layers.map((_, at) => (at === 4 ? 0 : 0.1 ** (run * at) / epoch)),
        ),
      })),
    ),
    'one gradient': report.gradientNorms([
      { name: 'dnn', layers: ['a'], epochs: [1], norms: [[0.1]] },
    ]),
    'no gradient': report.gradientNorms([
      { name: 'dnn', layers: ['a'], epochs: [1], norms: [[Number.NaN]] },
    ]),
    filters: report.filters({ shape: [3, 3, 3, 20], values: range(540).map(Math.sin) }),
    'filters of zeros': report.filters({ shape: [5, 5, 1, 2], values: new Float32Array(50) }),
    'filters not finite': report.filters({ shape: [1, 1, 1, 2], values: [Number.NaN, 1] }),
  };
}
