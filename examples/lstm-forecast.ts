// Forecasts a noisy series with two seasons by an LSTM, and compares it with what one would say without.
//   npm run example examples/lstm-forecast.ts
import { type AnyTensor, compile, data, losses, nn, optim, random, tensor } from 'wgrad';

const [PAST, AHEAD, BATCH, UNITS] = [48, 12, 32, 32];
const epochs = Number(process.argv[2] ?? 6);
random.seed(1);

// A day of 24 hours and a week of 7 days, a slow trend, and noise.
const noise = await random.normal([3000], { std: 0.15 }).data();
const series = Float32Array.from(noise, (error, hour) => {
  const [day, week] = [Math.sin((2 * Math.PI * hour) / 24), Math.cos((2 * Math.PI * hour) / 168)];
  return day + 0.5 * week + 0.1 * Math.sin(hour / 400) + error;
});
const hours = data.fromTensors(tensor(series, [series.length, 1]), tensor(series, [series.length]));
const [trainHours, testHours] = hours.split(0.2); // the last ones, which come after all others
const train = trainHours.window(PAST, { horizon: AHEAD }).shuffle({ seed: 1 });
const test = testHours.window(PAST, { horizon: AHEAD });

const model = nn.sequential([nn.lstm(UNITS), nn.dense(AHEAD)]).build([PAST, 1]);
const optimizer = optim.adam(model.variables, { lr: 5e-3 });
const step = compile((inputs: AnyTensor, targets: AnyTensor) => {
  const loss = losses.meanSquaredError(model.forward(inputs, { training: true }), targets);
  optimizer.step(loss);
  return loss;
});

const batches = train.batch(BATCH, { dropLast: true });
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0;
  for await (const { inputs, targets } of batches.epoch(epoch)) {
    sum += await (await step(inputs, targets)).item();
  }
  console.log(`epoch ${epoch}: mean squared error ${(sum / batches.length).toFixed(4)}`);
}

// The naive forecast: the next hours are as they were a day before.
const { inputs, targets, count } = await test.get(
  Int32Array.from({ length: test.count }, (_, i) => i),
);
const error = await model.forward(inputs).sub(targets).abs().mean().item();
const dayBefore = inputs.slice([0, PAST - 24, 0], [count, PAST - 24 + AHEAD, 1]);
const naive = await dayBefore.reshape([count, AHEAD]).sub(targets).abs().mean().item();
console.log(
  `mean error of ${AHEAD} hours ahead: ${error.toFixed(3)}; as a day before: ${naive.toFixed(3)}`,
);
