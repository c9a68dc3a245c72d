// A model goes out as an ONNX file, is run by another program, comes back and is trained further.
//   npm run example examples/onnx-out-and-in.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { data, evaluate, fit, nn, optim, predict, random } from 'wgrad';
import { onnx } from 'wgrad/node';

const epochs = Number(process.argv[2] ?? 4);
random.seed(1);
const digits = data.syntheticDigits({ train: 4000, test: 500, seed: 1 });
const [train, test] = [data.fromImages(digits.train), data.fromImages(digits.test)];

const model = nn
  .sequential([
    nn.conv2d(16, 3, { strides: 2, activation: 'relu' }),
    nn.batchNorm(),
    nn.conv2d(32, 3, { strides: 2, activation: 'relu' }),
    nn.flatten(),
    nn.dense(10),
  ])
  .build([28, 28, 1]);
await fit(model, train, { loss: 'crossEntropy', optimizer: 'adam', epochs });

// Out: `null` is a batch of any size.
const folder = await mkdtemp(join(tmpdir(), 'wgrad-onnx-'));
const file = join(folder, 'digits.onnx');
await onnx.save(file, model, [null, 28, 28, 1]);

// Run by ONNX Runtime, which knows nothing of wgrad.
env.wasm.numThreads = 1;
const session = await InferenceSession.create(file);
const { inputs } = await test.get(Int32Array.from({ length: test.count }, (_, i) => i));
const pixels = (await inputs.data()) as Float32Array;
const { [session.outputNames[0]!]: logits } = await session.run({
  [session.inputNames[0]!]: new Tensor('float32', pixels, [test.count, 28, 28, 1]),
});
const elsewhere = logits!.data as Float32Array;
const here = await predict(model, test);
const difference = here.reduce((most, x, i) => Math.max(most, Math.abs(x - elsewhere[i]!)), 0);
console.log(`largest difference of ${here.length} logits: ${difference.toExponential(1)}`);

// In again, for digits that are black on white: the file has its weights, not how it was trained.
const loaded = await onnx.load(file);
await rm(folder, { recursive: true });
const inverted = (set: typeof test) =>
  set.map((batch) => ({ ...batch, inputs: batch.inputs.neg().add(1) }));
const accuracy = async () => {
  const judged = { loss: 'crossEntropy', metrics: ['accuracy'] } as const;
  return (await evaluate(loaded, inverted(test), judged)).accuracy!.toFixed(3);
};
const before = await accuracy();
const adam = optim.adam(loaded.variables, { lr: 1e-3 });
await fit(loaded, inverted(train), { loss: 'crossEntropy', optimizer: adam, epochs });
console.log(
  `accuracy on inverted digits: ${before} before, ${await accuracy()} after training further`,
);
