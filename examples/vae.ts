// A variational autoencoder of digits (Kingma and Welling, 2014), and a picture of new ones that it draws.
//   npm run example examples/vae.ts [EPOCHS] [PICTURE.svg]
import { type AnyTensor, compile, data, losses, nn, optim, random } from 'wgrad';
import { report } from 'wgrad/node';

const [TRAIN, BATCH, HIDDEN, LATENT] = [6000, 100, 256, 8];
const [, , epochs = '15', file = 'vae-samples.svg'] = process.argv;
random.seed(1);
const digits = data.syntheticDigits({ train: TRAIN, test: 0, seed: 1 });
const batches = data.fromImages(digits.train).shuffle({ seed: 1 }).batch(BATCH);

// The encoder gives mean and log-variance of each digit's place in the latent space.
const image = nn.input([28, 28, 1]);
const seen = nn.dense(HIDDEN, { activation: 'relu' }).apply(nn.flatten().apply(image));
const encoder = nn.model(image, {
  mean: nn.dense(LATENT).apply(seen),
  logVariance: nn.dense(LATENT).apply(seen),
});
const decoder = nn
  .sequential([nn.dense(HIDDEN, { activation: 'relu' }), nn.dense(28 * 28)])
  .build([LATENT]);

const optimizer = optim.adam([...encoder.variables, ...decoder.variables], { lr: 2e-3 });
const step = compile((images: AnyTensor) => {
  const { mean, logVariance } = encoder.forward(images, { training: true });
  const place = mean.add(logVariance.mul(0.5).exp().mul(random.normal(mean.shape)));
  const pixels = images.reshape([-1, 28 * 28]);
  // Both in nats a digit: how badly it is drawn, and how far its distribution is from that of the samples.
  const reconstruction = losses
    .binaryCrossEntropy(decoder.forward(place, { training: true }), pixels)
    .mul(28 * 28);
  const kl = logVariance.add(1).sub(mean.square()).sub(logVariance.exp()).sum(1).mean().mul(-0.5);
  optimizer.step(reconstruction.add(kl), { alongside: [reconstruction, kl] });
  return { reconstruction, kl };
});

for (let epoch = 1; epoch <= Number(epochs); epoch++) {
  const sums = { reconstruction: 0, kl: 0 };
  for await (const { inputs } of batches.epoch(epoch)) {
    const { reconstruction, kl } = await step(inputs);
    sums.reconstruction += await reconstruction.item();
    sums.kl += await kl.item();
  }
  const [drawn, far] = [sums.reconstruction / batches.length, sums.kl / batches.length];
  console.log(`epoch ${epoch}: reconstruction ${drawn.toFixed(1)}, KL ${far.toFixed(1)}`);
}

const samples = decoder
  .forward(random.normal([32, LATENT]))
  .sigmoid()
  .mul(255);
const bytes = Uint8Array.from(await samples.data());
const pictures = Array.from({ length: 32 }, async (_, i) => {
  const pixels = bytes.subarray(i * 28 * 28, (i + 1) * 28 * 28);
  const image = await report.pngDataUrl({ pixels, height: 28, width: 28, channels: 1 });
  return { image, label: 'new', predicted: 'new' };
});
const title = 'Digits drawn from noise';
await report.savePicture(file, report.sampleGrid(await Promise.all(pictures), { title }));
console.log(`samples: ${file}`);
