import { join } from 'node:path';
import type { callbacks, data, EpochLogs, History, nn } from '../../src/index.ts';
import { report } from '../../src/node.ts';
import type { NamedData } from './data.ts';
import type { Judged } from './judge.ts';

/** What a trial leaves to be drawn. */
export interface Drawn {
  readonly model: nn.Layer;
  readonly images: NamedData;
  readonly judged: Judged;
  readonly history: History;
  readonly inspection: callbacks.Inspection | undefined;
}

/** Draws a trial's pictures into its folder, `pictures/NAME.svg`, light and dark, and `.png`. */
export async function savePictures(folder: string, drawn: Drawn): Promise<void> {
  for (const [name, picture] of Object.entries(await picturesOf(drawn))) {
    await saveBoth(join(folder, 'pictures', name), picture);
  }
}

/** Saves a picture as `NAME.svg` and `NAME-dark.svg`, and as `NAME.png` for documents. */
export async function saveBoth(path: string, picture: report.Picture): Promise<void> {
  await report.savePicture(`${path}.svg`, picture, { theme: 'light' });
  await report.savePicture(`${path}-dark.svg`, picture, { theme: 'dark' });
  await report.savePicture(`${path}.png`, picture, { theme: 'light' });
}

async function picturesOf(drawn: Drawn): Promise<Record<string, report.Picture>> {
  const { model, images, judged, history, inspection } = drawn;
  const { judgement } = judged;
  const pictures: Record<string, report.Picture> = {
    loss: report.curves('Loss', 'loss (nats)', [curve(history.epochs, 'loss', 1)]),
    accuracy: report.curves('Accuracy', 'accuracy (%)', [curve(history.epochs, 'accuracy', 100)]),
    confusion: report.confusionMatrix(judgement.confusion, judgement.classNames),
    roc: report.roc(judgement.roc),
    scores: report.f1Bars(scoresByClass(judged)),
    samples: report.sampleGrid(await samples(images.test, judged)),
  };
  const filters = [...model.namedVariables().values()].find(({ shape }) => shape.length === 4);
  if (filters) {
    const values = (await filters.data()) as Float32Array;
    pictures.filters = report.filters({ shape: filters.shape, values });
  }
  if (inspection) {
    for (const [name, epochs] of Object.entries(inspection.weights)) {
      pictures[`weights ${name}`] = report.histograms(`Values of ${name}`, 'weight', epochs);
    }
    const norms = gradientNormsOf('this run', inspection);
    if (norms) pictures['gradient norms'] = report.gradientNorms([norms]);
  }
  return pictures;
}

/** A metric of training and of validation, by epoch. */
export function curve(epochs: readonly EpochLogs[], metric: string, scale: number): report.Curve {
  const on = `val${metric.charAt(0).toUpperCase()}${metric.slice(1)}`;
  const series = (key: string) => epochs.map((logs) => (logs[key] ?? Number.NaN) * scale);
  return {
    name: metric,
    epochs: epochs.map(({ epoch }) => epoch),
    train: series(metric),
    validation: series(on),
  };
}

/** Norms of the gradients by kernels and matrices, from the input to the output. */
export function gradientNormsOf(
  name: string,
  { gradientNorms }: callbacks.Inspection,
): report.GradientNorms | undefined {
  const first = gradientNorms[0];
  if (!first) return undefined;
  const layers = Object.keys(first.norms).filter((weight) => weight.endsWith('.weight'));
  return {
    name,
    layers,
    epochs: gradientNorms.map(({ epoch }) => epoch),
    norms: gradientNorms.map(({ norms }) => layers.map((layer) => norms[layer])),
  };
}

function scoresByClass({ judgement: { perClass } }: Judged): report.Bars {
  return {
    names: perClass.map(({ name }) => name),
    scores: (['precision', 'recall', 'f1'] as const).map((score) => ({
      name: score,
      values: perClass.map((own) => own[score]),
    })),
  };
}

/** Some images as they come, and as many that were taken for something else. */
async function samples(images: data.LabelledImages, judged: Judged): Promise<report.Sample[]> {
  const all = Array.from({ length: images.count }, (_, i) => i);
  const wrong = all.filter((i) => judged.predictions[i] !== images.labels[i]).slice(0, 16);
  return Promise.all([...all.slice(0, 16), ...wrong].map((i) => sample(i, images, judged)));
}

async function sample(
  i: number,
  { images, labels, height, width, channels }: data.LabelledImages,
  { judgement: { classNames }, predictions, probabilities }: Judged,
): Promise<report.Sample> {
  const size = height * width * channels;
  const pixels = images.subarray(i * size, (i + 1) * size);
  const predicted = predictions[i] as number;
  return {
    image: await report.pngDataUrl({ pixels, height, width, channels: channels as 1 | 3 }),
    label: classNames[labels[i] as number] as string,
    predicted: classNames[predicted] as string,
    probability: probabilities[i * classNames.length + predicted] as number,
  };
}
