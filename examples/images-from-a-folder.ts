// A classifier of the pictures in a folder that has a subfolder for each class, of any size and
// format. Without a folder it draws some digits as PNG files first.
//   npm run example examples/images-from-a-folder.ts [FOLDER]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { callbacks, data, evaluate, fit, losses, nn, optim, random } from 'wgrad';
import { imageFolder } from 'wgrad/node';

const [, , given] = process.argv;
const folder = given ?? (await drawDigits(600));

const pictures = await imageFolder(folder, { height: 32, width: 32, channels: 3 });
console.log(`${pictures.count} pictures of ${pictures.classes.length} classes in ${folder}`);
// Files come class by class: a seed picks those to test on from all of them.
const [train, test] = pictures.split(0.2, { seed: 1 });
const augmented = train.cache().map(data.augment([data.randomCrop(2)]));

random.seed(1);
const model = nn
  .sequential([
    nn.conv2d(16, 3, { activation: 'relu' }),
    nn.maxPool2d(2),
    nn.conv2d(32, 3, { activation: 'relu' }),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.dropout(0.2),
    nn.dense(pictures.classes.length),
  ])
  .build([32, 32, 3]);

const judged = { loss: losses.crossEntropy, metrics: ['accuracy'] } as const;
await fit(model, augmented, {
  ...judged,
  optimizer: optim.adam(model.trainableVariables, { lr: 2e-3 }),
  epochs: 8,
  callbacks: [callbacks.progress()],
});
const { accuracy } = await evaluate(model, test, judged);
console.log(`accuracy on ${test.count} pictures held back: ${accuracy?.toFixed(3)}`);
if (given === undefined) await rm(folder, { recursive: true });

/** A folder of generated digits: `0/12.png`, `1/3.png`, … */
async function drawDigits(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-digits-'));
  const { images, labels } = data.syntheticDigits({ train: count, test: 0, seed: 1 }).train;
  const raw = { width: 28, height: 28, channels: 1 } as const;
  for (const [i, label] of labels.entries()) {
    await mkdir(join(folder, String(label)), { recursive: true });
    const pixels = images.subarray(i * 28 * 28, (i + 1) * 28 * 28);
    await sharp(pixels, { raw }).toFile(join(folder, String(label), `${i}.png`));
  }
  return folder;
}
