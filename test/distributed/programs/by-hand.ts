// A loop by hand: each rank's part of every batch, two of which make a step.
import { mpi } from '../../../src/distributed.ts';
import { data, evaluate, losses, nn, optim, random, setDevice } from '../../../src/index.ts';
import { handOver } from './hand-over.ts';

const world = await mpi();
await setDevice('wasm');
random.seed(1 + world.rank);
const model = nn.sequential([nn.flatten(), nn.dropout(0.2), nn.dense(10)]).build([28, 28, 1]);
await world.broadcast(model.variables);
random.seed(2);
const optimizer = optim.adam(model.variables, { lr: 0.01, clipValue: 0.05 });
const { train } = data.syntheticDigits({ train: 240, test: 0, seed: 1 });
const batches = data.fromImages(train).shuffle().batch(24).partOf(world);
let count = 0;
for (let epoch = 0; epoch < 2; epoch++) {
  for await (const { inputs, targets, part } of batches.epoch(epoch)) {
    const outputs = model.forward(inputs, { training: true, part });
    const loss = losses.crossEntropy(outputs, targets);
    if (count++ % 2 === 0) await optimizer.accumulate(loss.div(2));
    else await optimizer.step(loss.div(2), { world });
  }
}
const [weight] = model.variables;
const weights = [...((await weight?.data()) ?? [])].slice(2000, 2200);
const interruption = await evaluate(model, data.fromImages(train), {
  loss: 'crossEntropy',
  batchSize: 20,
  world,
  signal: world.rank === 1 ? AbortSignal.abort(new RangeError('enough')) : undefined,
}).catch((reason: Error) => `${reason}`);
handOver({ rank: world.rank, losses: weights, interruption });
