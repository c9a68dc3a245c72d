import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { models } from '../../examples/mnist/models.ts';
import { type AnyTensor, crossEntropy, optim, random, tensor } from '../../src/index.ts';
import { type ModelName, trainReference, weightShapes } from '../reference/models.ts';

const test = suite('ten Adam steps');

const STEPS = 10;
const BATCH = 8;

/** Images with strokes in them: blobs at places that depend on the label. */
function batchOf(number: number) {
  const images = new Uint8Array(BATCH * 784);
  const labels = Uint8Array.from({ length: BATCH }, (_, i) => (i * 3 + number) % 10);
  labels.forEach((label, i) => {
    for (let y = 0; y < 28; y++) {
      for (let x = 0; x < 28; x++) {
        const [dy, dx] = [y - 6 - (label % 4) * 5, x - 6 - ((label * 7) % 5) * 4];
        const noise = ((i * 784 + y * 28 + x + number * 131) * 2654435761) % 64;
        images[i * 784 + y * 28 + x] = Math.min(
          255,
          255 * Math.exp(-(dy * dy + dx * dx) / 18) + noise,
        );
      }
    }
  });
  return { images, labels };
}

for (const [name, parameters] of Object.entries({
  dnn: 15_866,
  convnet: 93_322,
  resnet: 348_362,
})) {
  test(`of ${name} have the losses that f64 gives`, async () => {
    random.seed(11);
    const model = models[name as ModelName]().build([28, 28, 1]);
    assert.is(model.parameterCount, parameters);
    const shapes = model.variables.map(({ shape }) => [...shape]);
    // The reference takes the weights in layer order; a shortcut comes before the path it spans.
    assert.equal(
      shapes,
      weightShapes(name as ModelName).map((shape) => [...shape]),
    );
    const weights = await Promise.all(model.variables.map((variable) => variable.data()));
    const batches = Array.from({ length: STEPS }, (_, number) => batchOf(number));

    const optimizer = optim.adam(model.variables, { lr: 0.001 });
    const losses: number[] = [];
    for (const { images, labels } of batches) {
      const x = tensor(images, [BATCH, 28, 28, 1]).cast('f32').div(255) as AnyTensor;
      const loss = crossEntropy(model.forward(x, { training: true }), tensor(labels, [BATCH]));
      await optimizer.step(loss as AnyTensor);
      losses.push(await loss.item());
    }

    const scaled = batches.map(({ images, labels }) => ({
      images: Float64Array.from(images, (pixel) => pixel / 255),
      labels,
    }));
    const reference = trainReference(name as ModelName, weights as Float32Array[], scaled, {
      optimizer: 'adam',
      lr: 0.001,
    });
    losses.forEach((loss, step) => {
      const expected = reference.losses[step] as number;
      const error = Math.abs(loss - expected) / expected;
      assert.ok(error < 1e-4, `step ${step}: ${loss}, in f64 ${expected}`);
    });
    assert.ok((losses[STEPS - 1] as number) < (losses[0] as number), 'it learns');
  });
}

test.run();
