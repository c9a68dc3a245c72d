// One model that says of a picture which digit it shows and how much ink it took: two outputs, two losses.
//   npm run example examples/two-headed-model.ts [EPOCHS]
import { callbacks, data, evaluate, fit, nn, optim, random } from 'wgrad';

const epochs = Number(process.argv[2] ?? 5);
random.seed(1);
const digits = data.syntheticDigits({ train: 4000, test: 1000, seed: 1 });
// The ink is the mean of the pixels in per cent, f32 [count, 1].
const withInk = (images: data.LabelledImages) =>
  data.fromImages(images).map(({ inputs, targets, ...rest }) => ({
    ...rest,
    inputs,
    targets: { digit: targets, ink: inputs.mean([1, 2, 3]).mul(100).reshape([-1, 1]) },
  }));
const [train, test] = [withInk(digits.train), withInk(digits.test)];

const image = nn.input([28, 28, 1]);
const features = nn
  .sequential([
    nn.conv2d(16, 3, { activation: 'relu' }),
    nn.maxPool2d(2),
    nn.conv2d(16, 3, { activation: 'relu' }),
    nn.maxPool2d(2),
    nn.flatten(),
  ])
  .apply(image);
const model = nn.model(image, {
  digit: nn.dense(10).apply(nn.dense(64, { activation: 'relu' }).apply(features)),
  ink: nn.dense(1).apply(features),
});
console.log(nn.summary(model));

const judged = {
  loss: { digit: 'crossEntropy', ink: 'meanSquaredError' },
  lossWeights: { ink: 0.1 }, // its errors are of another size than nats
  metrics: { digit: ['accuracy'] },
} as const;
await fit(model, train, {
  ...judged,
  optimizer: optim.adam(model.variables, { lr: 2e-3 }),
  epochs,
  callbacks: [callbacks.progress()],
});
const { digitAccuracy, inkLoss } = await evaluate(model, test, judged);
console.log(`accuracy on ${test.count} new digits: ${digitAccuracy?.toFixed(3)}`);
console.log(`error of their ink, in per cent of the picture: ${Math.sqrt(inkLoss!).toFixed(2)}`);
