import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  callbacks,
  type FitOptions,
  fit,
  losses,
  type nn,
  optim,
} from '../../../src/index.ts';
import { withFolder } from '../../data/tiny-images.ts';
import { refuses } from '../../tensor/refusal.ts';
import { bitsOf, perceptron, points } from '../small-training.ts';

const test = suite('ema');

const options = (model: nn.Layer, own: readonly callbacks.Callback[]): FitOptions => ({
  loss: losses.crossEntropy,
  optimizer: optim.adam(model.variables, { lr: 0.05 }),
  epochs: 3,
  batchSize: 8,
  callbacks: own,
});

test('the model ends with the averages of a loop by hand, which validation has seen', async () => {
  const [model, twin] = [perceptron(), perceptron()];
  const seen: Record<string, number[]>[] = [];
  const look: callbacks.Callback = {
    name: 'look',
    onEpochEnd: async ({ model }) => {
      seen.push(await bitsOf(model));
    },
  };
  const history = await fit(model, points(40), {
    ...options(model, [callbacks.ema({ decay: 0.9 }), look]),
    validation: points(20, 2),
  });
  const optimizer = optim.adam(twin.variables, { lr: 0.05 });
  const averages = optim.ema(twin.variables, { decay: 0.9 });
  const validation = await points(20, 2).get(Int32Array.from({ length: 20 }, (_, i) => i));
  for (let epoch = 0; epoch < 3; epoch++) {
    for await (const { inputs, targets } of points(40).shuffle({ seed: 0 }).batch(8).epoch(epoch)) {
      await optimizer.step(losses.crossEntropy(twin.forward(inputs, { training: true }), targets));
      averages.update();
    }
    const loss = await averages.apply(() =>
      losses.crossEntropy(twin.forward(validation.inputs), validation.targets).item(),
    );
    const logged = history.epochs[epoch]?.valLoss as number;
    assert.ok(Math.abs(logged - loss) < 1e-5, `${logged}, not ${loss}`);
    assert.equal(await bitsOf(twin), seen[epoch], 'others see the weights themselves');
  }
  averages.swap();
  assert.equal(await bitsOf(model), await bitsOf(twin));
});

test('a training that is stopped and resumed ends with the same averages', async () =>
  withFolder(async (folder) => {
    const whole = perceptron();
    await fit(whole, points(40), options(whole, [callbacks.ema({ decay: 0.9 })]));
    const resume = join(folder, 'training.safetensors');
    const models = [perceptron(), perceptron()];
    for (const [part, model] of models.entries()) {
      const stop: callbacks.Callback = {
        name: 'stop',
        onStepEnd(training) {
          if (part === 0 && training.totalSteps === 7) abort.abort();
        },
      };
      const abort = new AbortController();
      const list = [callbacks.ema({ decay: 0.9 }), stop, callbacks.checkpoint(resume)];
      await fit(model, points(40), { ...options(model, list), resume, signal: abort.signal });
    }
    assert.equal(await bitsOf(models[1] as nn.Layer), await bitsOf(whole));
  }));

test('a decay that makes no sense is refused in the line that made the callback', () => {
  refuses(() => callbacks.ema({ decay: 1 }), ArgumentError, /decay/);
  refuses(() => callbacks.ema({ colour: 1 } as never), ArgumentError, /colour/);
  const callback = callbacks.ema();
  refuses(() => callback.restore?.({}, new Map()), Error, /form/);
});

test.run();
