// `fit` over batches of 20 MB that lie ready in typed arrays, each a new tensor when its turn comes.
import { data, fit, losses, nn, optim, tensor } from '../../../src/index.ts';
import { runFlat } from '../flat.ts';

const [rows, columns, batches] = [1280, 4096, 4];
const inputs = Array.from({ length: batches }, (_, i) =>
  new Float32Array(rows * columns).fill(i / batches),
);
const targets = new Float32Array(rows).fill(1);
const examples = new data.Dataset({
  count: rows * batches,
  get: (indices) => {
    const ready = inputs[Math.floor((indices[0] ?? 0) / rows)] ?? new Float32Array();
    return {
      inputs: tensor(ready, [rows, columns]),
      targets: tensor(targets, [rows, 1]),
      count: rows,
    };
  },
});
const model = nn.dense(1);
model.build([rows, columns]);
const optimizer = optim.sgd(model.trainableVariables, { lr: 1e-6 });
await runFlat('batches', 60, 600, () =>
  fit(model, examples, {
    optimizer,
    loss: losses.meanSquaredError,
    batchSize: rows,
    shuffle: false,
  }),
);
