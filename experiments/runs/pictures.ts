import type { callbacks, EpochLogs, nn } from 'wgrad';
import { report } from 'wgrad/node';

/** Saves a picture as `PATH.svg` and `PATH-dark.svg`. */
export async function saveBoth(path: string, picture: report.Picture): Promise<void> {
  await report.savePicture(`${path}.svg`, picture, { theme: 'light' });
  await report.savePicture(`${path}-dark.svg`, picture, { theme: 'dark' });
}

/** The kernels of a model's first convolution; undefined where it has none. */
export async function filtersOf(model: nn.Layer): Promise<report.Picture | undefined> {
  const filters = [...model.namedVariables().values()].find(({ shape }) => shape.length === 4);
  if (!filters) return undefined;
  return report.filters({ shape: filters.shape, values: await filters.data() });
}

/** What was watched while a model trained, as pictures by the names of their files. */
export function inspectionPictures(
  inspection: callbacks.Inspection,
): Record<string, report.Picture> {
  const pictures: Record<string, report.Picture> = {};
  for (const [name, epochs] of Object.entries(inspection.weights)) {
    pictures[`weights ${name}`] = report.histograms(`Values of ${name}`, 'weight', epochs);
  }
  const norms = gradientNormsOf('this run', inspection);
  if (norms) pictures['gradient norms'] = report.gradientNorms([norms]);
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
