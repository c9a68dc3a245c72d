// A small training with the packed library, in whatever runs this: on all cores of the CPU, and with
// its weights written to a file and read again. Prints what came out as JSON.
import { data, evaluate, fit, io, losses, nn, optim, setDevice } from 'wgrad';

const device = await setDevice('wasm');
const { train, test } = data.syntheticDigits({ train: 2000, test: 500, seed: 1 });
const modelOf = () => {
  const layers = [nn.flatten(), nn.dense(32, { activation: 'relu' }), nn.dense(10)];
  return nn.sequential(layers).build([28, 28, 1]);
};
const judged = { loss: losses.crossEntropy, metrics: ['accuracy'] };

const model = modelOf();
const optimizer = optim.adam(model.variables, { lr: 1e-3 });
await fit(model, data.fromImages(train), { ...judged, optimizer, epochs: 2 });
await io.saveWeights('weights.safetensors', model);
const loaded = modelOf();
await io.loadWeights('weights.safetensors', loaded);

const [before, after] = [model, loaded].map((m) => evaluate(m, data.fromImages(test), judged));
const { accuracy } = await before;
console.log(JSON.stringify({ device: device.name, accuracy, loaded: (await after).accuracy }));
