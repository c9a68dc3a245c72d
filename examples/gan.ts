// A generative adversarial network of digits (Goodfellow et al., 2014), and a picture of what it draws.
//   npm run example examples/gan.ts [EPOCHS] [PICTURE.svg]
import {
  type AnyTensor,
  compile,
  data,
  fit,
  losses,
  nn,
  ones,
  optim,
  random,
  realize,
  stopGradient,
  zeros,
} from 'wgrad';
import { report } from 'wgrad/node';

const [TRAIN, BATCH, HIDDEN, NOISE, PIXELS] = [6000, 50, 256, 32, 28 * 28];
const [, , epochs = '20', file = 'gan-samples.svg'] = process.argv;
random.seed(1);
const digits = data.fromImages(data.syntheticDigits({ train: TRAIN, test: 0, seed: 1 }).train);
const batches = digits.shuffle({ seed: 1 }).batch(BATCH);

const generator = nn
  .sequential([
    nn.dense(HIDDEN),
    nn.batchNorm(),
    nn.leakyRelu(0.2),
    nn.dense(2 * HIDDEN),
    nn.batchNorm(),
    nn.leakyRelu(0.2),
    nn.dense(PIXELS, { activation: 'sigmoid' }),
  ])
  .build([NOISE]);
const discriminator = nn
  .sequential([
    nn.dense(2 * HIDDEN),
    nn.leakyRelu(0.2),
    nn.dropout(0.3),
    nn.dense(HIDDEN),
    nn.leakyRelu(0.2),
    nn.dropout(0.3),
    nn.dense(1),
  ])
  .build([PIXELS]);
const rates = { lr: 3e-4, beta1: 0.5 } as const;
const generatorOptimizer = optim.adam(generator.variables, rates);
const discriminatorOptimizer = optim.adam(discriminator.variables, rates);

const noise = random.normal([1000, NOISE]);
const before = generator.forward(noise);
await realize(before);

const training = { training: true } as const;
const drawn = () => generator.forward(random.normal([BATCH, NOISE]), training);
const judged = (pixels: AnyTensor, targets: AnyTensor) =>
  losses.binaryCrossEntropy(discriminator.forward(pixels, training), targets);

// Which are real? Targets below 1 keep the discriminator from being too sure.
const trainDiscriminator = compile((images: AnyTensor) => {
  const real = judged(images.reshape([BATCH, PIXELS]), ones([BATCH, 1]).mul(0.9));
  const loss = real.add(judged(stopGradient(drawn()), zeros([BATCH, 1])));
  discriminatorOptimizer.step(loss, { alongside: [loss] });
  return loss;
});
// The generator wants its own to be taken for real.
const trainGenerator = compile(() => {
  const loss = judged(drawn(), ones([BATCH, 1]));
  generatorOptimizer.step(loss, { alongside: [loss] });
  return loss;
});

for (let epoch = 1; epoch <= Number(epochs); epoch++) {
  let sums = [0, 0];
  for await (const { inputs } of batches.epoch(epoch)) {
    const telling = await (await trainDiscriminator(inputs)).item();
    const fooling = await (await trainGenerator()).item();
    sums = [sums[0]! + telling, sums[1]! + fooling];
  }
  const [telling, fooling] = sums.map((sum) => (sum / batches.length).toFixed(3));
  console.log(`epoch ${epoch}: discriminator ${telling}, generator ${fooling}`);
}

// A classifier of the digits says what the drawings are.
const classifier = nn
  .sequential([nn.flatten(), nn.dense(HIDDEN, { activation: 'relu' }), nn.dense(10)])
  .build([28, 28, 1]);
await fit(classifier, digits, { loss: 'crossEntropy', optimizer: 'adam', epochs: 5 });
/** How many pictures of each digit there are, of those that the classifier is sure of. */
async function recognised(pictures: AnyTensor): Promise<number[]> {
  const shares = classifier.forward(pictures).softmax();
  const [best, classes] = [await shares.max(1).data(), await shares.argMax(1).data()];
  const counts = new Array<number>(10).fill(0);
  for (const [i, share] of best.entries()) if (share > 0.9) counts[classes[i]!]!++;
  return counts;
}
const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count);
const samples = generator.forward(noise);
const images = (pixels: AnyTensor) => pixels.reshape([1000, 28, 28, 1]);
const counts = await recognised(images(samples));
const { inputs: real } = await digits.get(Int32Array.from({ length: 1000 }, (_, i) => i));
console.log(`drawings of each digit that a classifier is sure of: ${counts.join(' ')}`);
console.log(`in all, of 1000: ${total(counts)}`);
console.log(`of 1000 drawings before training: ${total(await recognised(images(before)))}`);
console.log(`of 1000 real digits: ${total(await recognised(real))}`);

const bytes = Uint8Array.from(await samples.slice([0], [32]).mul(255).data());
const pictures = Array.from({ length: 32 }, async (_, i) => {
  const pixels = bytes.subarray(i * PIXELS, (i + 1) * PIXELS);
  const image = await report.pngDataUrl({ pixels, height: 28, width: 28, channels: 1 });
  return { image, label: 'drawn', predicted: 'drawn' };
});
const title = 'Digits drawn from noise';
await report.savePicture(file, report.sampleGrid(await Promise.all(pictures), { title }));
console.log(`samples: ${file}`);
