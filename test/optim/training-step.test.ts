import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  crossEntropy,
  nn,
  optim,
  random,
} from '../../src/index.ts';
import { deviceCalls, NONE, submitsPerRead } from '../device/device-calls.ts';
import { ImageBatches } from './image-batches.ts';
import { smallModels } from './small-models.ts';

const test = suite('a training step');

const optimizers = {
  adam: optim.adam,
  sgd: (variables: readonly AnyVariable[]) =>
    optim.sgd(variables, { lr: 0.01, momentum: 0.9, nesterov: true }),
  rmsprop: optim.rmsprop,
  nadam: optim.nadam,
  lamb: optim.lamb,
  lion: optim.lion,
  adagrad: (variables: readonly AnyVariable[]) =>
    optim.adagrad(variables, { clipValue: 0.1, lr: optim.schedules.cosine(0.1, 0, 5) }),
  'adam with groups and clipping': (variables: readonly AnyVariable[]) =>
    optim.adam([{ variables: variables.slice(0, 1), lr: 0.1 }, { variables: variables.slice(1) }], {
      clipNorm: 1,
      clipValue: 0.1,
    }),
};

for (const [name, create] of Object.entries(smallModels)) {
  for (const [rule, optimize] of Object.entries(optimizers)) {
    if (rule !== 'adam' && name !== 'dnn') continue;
    test(`of ${name} by ${rule} is one submission, and makes nothing new when repeated`, async () => {
      random.seed(1);
      const data = new ImageBatches(8, name === 'dnn' ? [28, 28, 1] : [12, 12, 1]);
      const model = create().build(data.batch(0).x.shape.slice(1));
      const optimizer = optimize(model.variables);
      const step = async (number: number) => {
        const { x, y } = data.batch(number);
        const loss = crossEntropy(model.forward(x, { training: true }), y);
        optimizer.lr = 0.01 / (1 + number);
        await optimizer.step(loss);
        return loss;
      };
      for (let number = 0; number < 2; number++) await (await step(number)).item();
      let loss: AnyTensor | undefined;
      const calls = await deviceCalls(async () => {
        loss = await step(2);
      });
      assert.equal(calls, { ...NONE, submits: 1 });
      const read = await deviceCalls(async () => {
        assert.ok(Number.isFinite(await loss?.item()));
      });
      assert.equal(
        read,
        { ...NONE, submits: await submitsPerRead() },
        'reading the loss copies it and computes nothing',
      );
    });
  }
}

test('updates running statistics in the same submission', async () => {
  const data = new ImageBatches(8, [6, 6, 1]);
  const norm = nn.batchNorm({ momentum: 0.5 });
  const model = nn.sequential([nn.flatten(), norm, nn.dense(10)]).build([6, 6, 1]);
  const optimizer = optim.sgd(model.variables);
  const [mean] = norm.variables.filter(({ trainable }) => !trainable);
  const values = async () => Array.from((await mean?.data()) ?? []);
  const step = (number: number) => {
    const { x, y } = data.batch(number);
    return optimizer.step(crossEntropy(model.forward(x, { training: true }), y));
  };
  for (let number = 0; number < 3; number++) {
    const before = await values();
    const calls = await deviceCalls(() => step(number));
    assert.is(calls.submits, number === 0 ? calls.submits : 1);
    const { x } = data.batch(number);
    const batch = await x.reshape([8, 36]).mean(0).data();
    const after = await values();
    after.forEach((value, i) => {
      const expected = 0.5 * (before[i] as number) + 0.5 * (batch[i] as number);
      assert.ok(Math.abs(value - expected) < 1e-5, `${value} is not ${expected}`);
    });
  }
});

test('of gradients that backward() left is one submission too', async () => {
  const data = new ImageBatches(8);
  const model = smallModels.dnn().build([28, 28, 1]);
  const optimizer = optim.adam(model.variables);
  const step = async (number: number) => {
    for (const half of [0, 1]) {
      const { x, y } = data.batch(number + half);
      crossEntropy(model.forward(x, { training: true }), y).backward();
    }
    await optimizer.step();
  };
  await step(0);
  await step(1);
  assert.equal(await deviceCalls(() => step(2)), { ...NONE, submits: 1 });
});

test.run();
