// Prices of houses from a CSV file: inputs and target normalised, and the error told in money.
//   npm run example examples/regression-from-csv.ts
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyTensor, callbacks, data, fit, nn, optim, random, tensor } from 'wgrad';
import { csv } from 'wgrad/node';

const epochs = Number(process.argv[2] ?? 30);
random.seed(1);
const folder = await mkdtemp(join(tmpdir(), 'wgrad-houses-'));
const file = join(folder, 'houses.csv');
await writeHouses(file, 2000);

const houses = await csv(file, {
  inputs: ['area', 'rooms', 'age', 'distance', 'garden'],
  target: 'price',
  targetType: 'number',
});
const [train, test] = houses.split(0.2, { seed: 1 });

// Means and deviations are those of the houses trained on: the others are not known yet.
const { apply, inputs, targets: price } = await data.standardize(train, { targets: true });

const model = nn
  .sequential([
    nn.dense(32, { activation: 'relu' }),
    nn.dense(32, { activation: 'relu' }),
    nn.dense(1),
  ])
  .build([5]);
await fit(model, train.map(apply).cache(), {
  loss: 'meanSquaredError',
  optimizer: optim.adam(model.variables, { lr: 3e-3 }),
  epochs,
  callbacks: [callbacks.progress()],
});

const unknown = await test.get(range(test.count));
const predicted = price.restore(model.forward(inputs.scale(unknown.inputs)));
const meanError = async (guess: AnyTensor) =>
  (await guess.sub(unknown.targets).abs().mean().item()).toFixed(1);
console.log(
  `mean error on ${test.count} houses not seen: ${await meanError(predicted)} thousand euros`,
);
console.log(
  `of their mean price as the guess: ${await meanError(tensor(price.mean))} thousand euros`,
);
await rm(folder, { recursive: true });

/** Prices in thousand euros, by a rule that no straight line is: a metre in the centre costs more. */
async function writeHouses(file: string, count: number): Promise<void> {
  const draws = await random.uniform([count, 5]).data();
  const noise = await random.normal([count], { std: 15 }).data();
  const lines = Array.from({ length: count }, (_, i) => {
    const [a, b, c, d, e] = draws.subarray(5 * i);
    const [area, age, distance] = [40 + 160 * a!, 100 * c!, 30 * d!];
    const rooms = Math.max(1, Math.round(area / 30 + 2 * b! - 1));
    const garden = Math.round(600 * e! ** 3);
    const perMetre = 1.5 + 4 * Math.exp(-distance / 8);
    const price = area * perMetre * (1 - 0.004 * age) + 12 * rooms + 0.1 * garden + noise[i]!;
    return [area, rooms, age, distance, garden, price].map((x) => x.toFixed(1)).join(',');
  });
  await writeFile(file, ['area,rooms,age,distance,garden,price', ...lines, ''].join('\n'));
}

function range(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}
