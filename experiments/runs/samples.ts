import type { data } from 'wgrad';
import { report } from 'wgrad/node';
import type { Judged } from './judge.ts';

/** At most so many images of either kind. */
const COUNT = 16;

/** Some images as they come, and as many that were taken for something else. */
export async function samplesOf(
  images: data.LabelledImages,
  judged: Judged,
): Promise<report.Sample[]> {
  const all = Array.from({ length: images.count }, (_, i) => i);
  const wrong = all.filter((i) => judged.predictions[i] !== images.labels[i]).slice(0, COUNT);
  return Promise.all([...all.slice(0, COUNT), ...wrong].map((i) => sample(i, images, judged)));
}

async function sample(
  i: number,
  { images, labels, height, width, channels }: data.LabelledImages,
  { judgement: { classNames }, predictions, probabilities }: Judged,
): Promise<report.Sample> {
  const size = height * width * channels;
  const pixels = images.subarray(i * size, (i + 1) * size);
  const predicted = predictions[i] ?? Number.NaN;
  const probability = probabilities[i * classNames.length + predicted];
  const nameOf = (label: number | undefined) => classNames[label ?? Number.NaN] ?? String(label);
  return {
    image: await report.pngDataUrl({ pixels, height, width, channels: channels === 1 ? 1 : 3 }),
    label: nameOf(labels[i]),
    predicted: nameOf(predicted),
    // A model that has diverged gives none.
    ...(probability !== undefined && Number.isFinite(probability) ? { probability } : {}),
  };
}
