// MNIST's convolutional network on several ranks, and a page about what each of them did with its time:
//   mpirun -n 2 npm run example examples/distributed.ts
// Behind it: epochs, a folder for the page, and one with MNIST's files in the place of generated digits.
import { join } from 'node:path';
import { callbacks, data, fit, nn, optim, random } from 'wgrad';
import { mpi } from 'wgrad/distributed';
import { report } from 'wgrad/node';

const [epochs = '2', runs = 'runs', folder] = process.argv.slice(2);
const world = await mpi(); // without mpirun a world of one rank
const isFirst = world.rank === 0;

random.seed(1);
const { train, test } = folder
  ? await data.loadMnist({ data: folder })
  : data.syntheticDigits({ train: 4000, test: 500, seed: 1 });
const model = nn
  .sequential([
    nn.conv2d(32, 3, { activation: 'relu' }),
    nn.maxPool2d(2),
    nn.conv2d(64, 3, { activation: 'relu' }),
    nn.maxPool2d(2),
    nn.conv2d(64, 3, { activation: 'relu' }),
    nn.flatten(),
    nn.dense(64, { activation: 'relu' }),
    nn.dense(10),
  ])
  .build([28, 28, 1]);

const times = callbacks.rankTimes();
const batchSize = 64; // of all ranks together
const history = await fit(model, data.fromImages(train), {
  world,
  loss: 'crossEntropy',
  metrics: ['accuracy'],
  optimizer: optim.adam(model.variables, { lr: 0.002 }),
  epochs: Number(epochs),
  batchSize,
  validation: data.fromImages(test),
  callbacks: [callbacks.progress(), times], // progress on the first rank alone
});

if (isFirst) {
  for (const { rank, examples, computing, waiting, reducing } of times.ranks) {
    const all = computing + waiting + reducing;
    const shares = [computing, waiting, reducing].map((s) => `${Math.round((100 * s) / all)} %`);
    console.log(
      `rank ${rank}: ${examples} images, computing ${shares[0]}, waiting ${shares[1]}, all-reduce ${shares[2]}`,
    );
  }
  const run = await report.createRun(runs, 'convnet', { ranks: world.size, batchSize });
  await report.writeJson(join(run, report.RUN_FILES.history), history.epochs);
  await report.writeJson(join(run, report.RUN_FILES.ranks), times.ranks);
  await report.writeJson(join(run, report.RUN_FILES.metrics), { status: history.ending.kind });
  console.log(`accuracy on ${test.count} new digits: ${history.last?.valAccuracy?.toFixed(3)}`);
  console.log(`page: ${await report.writeReport(run)}`);
}
