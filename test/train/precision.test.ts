import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  CheckpointError,
  callbacks,
  data,
  evaluate,
  type FitOptions,
  fit,
  nn,
  optim,
  random,
} from '../../src/index.ts';
import { withFolder } from '../data/tiny-images.ts';
import { rejects } from '../tensor/refusal.ts';
import {
  bitsOf,
  convolutional,
  images,
  logsOf,
  momentBitsOf,
  perceptron,
  points,
} from './small-training.ts';

const test = suite('fit in f16');

/** A training whose scale goes down at first, since its gradients overflow, and then up and down. */
async function train(options: Partial<FitOptions> = {}) {
  const model = convolutional();
  const optimizer = optim.adam(model.trainableVariables, {
    lr: 0.05,
    lossScale: { initial: 2 ** 20, growthInterval: 2 },
  });
  const history = await fit(model, images(22), {
    loss: 'crossEntropy',
    metrics: ['accuracy'],
    optimizer,
    epochs: 5,
    batchSize: 6,
    seed: 8,
    precision: 'f16',
    ...options,
  });
  const state = await optimizer.lossScale!.state.data();
  return {
    weights: await bitsOf(model),
    moments: await momentBitsOf(optimizer),
    scale: [...state],
    logs: logsOf(history),
  };
}

test('the same seed, the same bits; compiled or not', async () => {
  const first = await train();
  assert.equal(await train(), first);
  assert.equal(await train({ compile: false }), first);
  assert.ok(first.scale[0]! < 2 ** 20, `${first.scale}`);
  assert.ok(first.logs.every(({ loss }) => Number.isFinite(loss)));
});

test('interrupted after any step: the same bits in the end, those of the scale too', async () => {
  const expected = await train();
  for (let step = 1; step < 20; step += 2) {
    await withFolder(async (folder) => {
      const file = join(folder, 'last.safetensors');
      const abort = new AbortController();
      const cut: callbacks.Callback = {
        name: 'cut',
        onStepEnd: ({ totalSteps }) => {
          if (totalSteps === step) abort.abort();
        },
      };
      await train({ callbacks: [cut, callbacks.checkpoint(file)], signal: abort.signal });
      const resumed = await train({ callbacks: [callbacks.checkpoint(file)], resume: file });
      assert.equal(resumed, expected, `interrupted after step ${step}`);
    });
  }
});

test('a checkpoint of another precision is refused', async () => {
  await withFolder(async (folder) => {
    const file = (precision: string) => join(folder, `${precision}.safetensors`);
    const run = (precision: nn.Precision, resume?: string) =>
      fit(perceptron(), points(20), {
        loss: 'crossEntropy',
        optimizer: 'sgd',
        precision,
        ...(resume ? { resume } : { callbacks: [callbacks.checkpoint(file(precision))] }),
      });
    for (const precision of ['f16', 'f32'] as const) await run(precision);
    const message = /other settings of the optimizer: it has (no )?optimizer.lossScale/;
    await rejects(() => run('f32', file('f16')), CheckpointError, message);
    await rejects(() => run('f16', file('f32')), CheckpointError, message);
  });
});

test('callbacks see the gradients of the loss itself', async () => {
  const seen = async (precision: nn.Precision) => {
    const norms: number[] = [];
    const watch: callbacks.Callback = {
      name: 'watch',
      wantsGradients: () => true,
      onStepEnd: async (_, gradients) => {
        for (const gradient of gradients!.values())
          norms.push(await gradient.square().sum().item());
      },
    };
    const model = perceptron();
    const optimizer = optim.sgd(model.variables, { lr: 0.01 });
    const options = { loss: 'crossEntropy', optimizer, callbacks: [watch], precision } as const;
    await fit(model, points(40), options);
    return norms;
  };
  const [halves, wholes] = [await seen('f16'), await seen('f32')];
  assert.ok(halves.length > 4);
  for (const [i, norm] of halves.entries()) {
    assert.ok(Math.abs(norm / wholes[i]! - 1) < 0.01, `${norm}, not ${wholes[i]}`);
  }
});

test('digits are learnt as in f32', async () => {
  const { train: examples, test: unseen } = data.syntheticDigits({
    train: 1000,
    test: 300,
    seed: 1,
  });
  const accuracy = async (precision: nn.Precision) => {
    random.seed(1);
    const layers = [
      nn.conv2d(8, 3, { activation: 'relu' }),
      nn.maxPool2d(),
      nn.flatten(),
      nn.dense(10),
    ];
    const model = nn.sequential(layers).build([28, 28, 1]);
    const optimizer = optim.adam(model.variables, { lr: 0.003 });
    const judged = { loss: 'crossEntropy', metrics: ['accuracy'] } as const;
    await fit(model, data.fromImages(examples), { ...judged, optimizer, epochs: 2, precision });
    return (await evaluate(model, data.fromImages(unseen), judged)).accuracy!;
  };
  const [halves, wholes] = [await accuracy('f16'), await accuracy('f32')];
  assert.ok(wholes > 0.8, `${wholes}`);
  assert.ok(Math.abs(halves - wholes) < 0.02, `${halves}, not ${wholes}`);
});

test('no other precision is known', async () => {
  const options = { loss: 'crossEntropy', optimizer: 'sgd', precision: 'f8' } as unknown;
  await rejects(
    () => fit(perceptron(), points(4), options as FitOptions),
    ArgumentError,
    /^fit: precision 'f8' must be one of 'f32', 'f16'/,
  );
});

test.run();
