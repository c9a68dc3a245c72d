import { data, metrics, type nn, predict } from 'wgrad';
import type { JudgedImage, Judgement } from '../protocol.ts';

/** Of the images that are shown. */
const MOST_SHOWN = 40;

/** What a model takes the test images for after so many steps: those that it gets wrong first, the surest of them before others. */
export async function judge(
  model: nn.Layer,
  test: data.LabelledImages,
  classes: number,
  steps: number,
): Promise<Judgement> {
  const logits = await predict(model, data.fromImages(test));
  const judged = Array.from({ length: test.count }, (_, index): Omit<JudgedImage, 'pixels'> => {
    const row = logits.subarray(index * classes, (index + 1) * classes);
    const best = row.indexOf(Math.max(...row));
    const sum = row.reduce((total, logit) => total + Math.exp(logit - (row[best] ?? 0)), 0);
    return { index, label: test.labels[index] ?? 0, prediction: Math.max(best, 0), share: 1 / sum };
  });
  const wrong = judged.filter(({ label, prediction }) => label !== prediction);
  const right = judged.filter(({ label, prediction }) => label === prediction);
  wrong.sort((a, b) => b.share - a.share);
  right.sort((a, b) => a.share - b.share);
  const predictions = judged.map(({ prediction }) => prediction);
  return {
    steps,
    wrong: wrong.length,
    confusion: metrics.confusionMatrix(test.labels, predictions, classes).counts,
    images: [...wrong, ...right].slice(0, MOST_SHOWN).map((image) => ({
      ...image,
      pixels: pixelsOf(test, image.index),
    })),
  };
}

export function pixelsOf(
  { images, height, width }: data.LabelledImages,
  index: number,
): Uint8Array {
  return images.slice(index * height * width, (index + 1) * height * width);
}
