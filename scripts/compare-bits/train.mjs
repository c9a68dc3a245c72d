// Trains the models of scripts/compare-bits.mjs in the checkout it is started in, on the device that
// WGRAD_DEVICE names, and sends home the bits. Two commits are asked the same, so it uses only
// what both have; where a name has moved it looks in both places.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const STEPS = 10;
const CLASSES = 10;
const IMAGE = [28, 28, 1];

const load = (path) => import(pathToFileURL(join(process.cwd(), path)).href);
const wgrad = await load('src/index.ts');
const { dnn, convnet, resnet } = await load('examples/mnist/models.ts');
const { nn, optim, tensor } = wgrad;
const seed = wgrad.random?.seed ?? wgrad.setSeed;
const crossEntropy = wgrad.losses?.crossEntropy ?? wgrad.crossEntropy;

const adam = (variables) => optim.adam(variables, { lr: 1e-3 });

/** Dropout, and statistics that are carried from step to step. */
const regularized = () =>
  nn.sequential([
    nn.conv2d(8, 3, { padding: 'same' }),
    nn.batchNorm(),
    nn.activation('relu'),
    nn.maxPool2d(2),
    nn.dropout(0.25),
    nn.conv2d(16, 3, { activation: 'relu' }),
    nn.batchNorm(),
    nn.flatten(),
    nn.dense(32, { activation: 'tanh' }),
    nn.dropout(0.5),
    nn.dense(CLASSES),
  ]);

const models = { dnn, convnet, resnet, regularized };
const optimizers = {
  sgd: (variables) => optim.sgd(variables, { lr: 0.01 }),
  'sgd with momentum': (variables) =>
    optim.sgd(variables, { lr: 0.01, momentum: 0.9, nesterov: true, weightDecay: 1e-4 }),
  rmsprop: (variables) => optim.rmsprop(variables, { lr: 1e-3, momentum: 0.9, centered: true }),
  adagrad: (variables) => optim.adagrad(variables, { lr: 0.01, lrDecay: 0.01 }),
  adamW: (variables) => optim.adamW(variables, { lr: 1e-3, clipNorm: 1, clipValue: 0.1 }),
};
const trainings = [
  ...Object.entries(models).flatMap(([name, model]) =>
    [32, 128].map((batch) => ({ name: `${name} batch ${batch}`, model, batch, optimizer: adam })),
  ),
  ...Object.entries(optimizers).map(([name, optimizer]) => {
    return { name: `dnn ${name}`, model: dnn, batch: 32, optimizer };
  }),
];

const only = new RegExp(process.argv[2] ?? '');
for (const training of trainings) {
  const { name } = training;
  if (!only.test(name)) continue;
  try {
    await send({ name, ...(await train(training)) });
  } catch (error) {
    await send({ name, error: String(error) });
  }
}
// Threads or a GPU instance would keep the process alive.
process.exit(0);

async function train({ model: make, batch, optimizer: optimizerOf }) {
  seed(1);
  const model = make().build(IMAGE);
  const optimizer = optimizerOf(model.trainableVariables);
  const next = numbers(7);
  const losses = [];
  for (let step = 0; step < STEPS; step++) {
    const shape = [batch, ...IMAGE];
    const images = tensor(Float32Array.from({ length: batch * 28 * 28 }, next), shape);
    const labels = Int32Array.from({ length: batch }, () => Math.floor(next() * CLASSES));
    const logits = model.forward(images, { training: true });
    const loss = crossEntropy(logits, tensor(labels, [batch]));
    await optimizer.step(loss);
    losses.push(new Uint32Array(Float32Array.of(await loss.item()).buffer)[0]);
  }
  // Running statistics count: they are variables too.
  const hash = createHash('sha256');
  for (const variable of model.variables) {
    const { buffer, byteOffset, byteLength } = await variable.data();
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return { losses, weights: hash.digest('hex') };
}

/** Numbers in [0, 1) that depend on nothing of the library. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function send(message) {
  return new Promise((done) => process.send(message, done));
}
