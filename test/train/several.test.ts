import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  callbacks,
  data,
  evaluate,
  fit,
  losses,
  nn,
  optim,
  predict,
  random,
  ShapeError,
  type Tensor,
  tensor,
  Variable,
} from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';

const test = suite('fit, evaluate and predict of several outputs, weights and masks');

const numbers = (count: number, shape: readonly number[], seed = 1): AnyTensor =>
  tensor(
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.3 + seed)),
    shape,
  );
const whole = (values: readonly number[], shape: readonly number[] = [values.length]): AnyTensor =>
  tensor(Int32Array.from(values), shape);

const labels = [0, 1, 2, 1, 0, 2, 2];

/** 7 examples, so that the last batch of 3 has one. */
const examples = () =>
  data.fromTensors(
    { a: numbers(28, [7, 4]), b: numbers(14, [7, 2], 2) },
    { kind: whole(labels), size: numbers(7, [7, 1], 3) },
  );

function twoHeads() {
  random.seed(5);
  const [a, b] = [nn.input([4]), nn.input([2])];
  const stem = nn.dense(8, { activation: 'tanh' }).apply(nn.concat([a, b]));
  return nn.model({ a, b }, { kind: nn.dense(3).apply(stem), size: nn.dense(1).apply(stem) });
}

const judged = {
  loss: { kind: 'crossEntropy', size: 'huber' },
  lossWeights: { size: 0.5 },
  metrics: {
    kind: ['accuracy'],
    size: { far: (x: AnyTensor, y: AnyTensor) => x.sub(y).abs().squeeze(1) as Tensor },
  },
} as const;

const close = (actual: number | undefined, expected: number, message?: string) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-5, message ?? `${actual} ${expected}`);

test('every output has a loss and metrics of its own, and the sum is weighted', async () => {
  const model = twoHeads();
  const scores = await evaluate(model, examples(), { ...judged, batchSize: 3 });
  const { inputs, targets } = await examples().get(Int32Array.from({ length: 7 }, (_, i) => i));
  const { kind, size } = model.forward(inputs);
  const expected = {
    kindLoss: await losses.crossEntropy(kind, targets.kind).item(),
    sizeLoss: await losses.huber(size, targets.size).item(),
    sizeFar: await size.sub(targets.size).abs().mean().item(),
  };
  assert.equal(Object.keys(scores), ['loss', 'kindLoss', 'kindAccuracy', 'sizeLoss', 'sizeFar']);
  for (const [name, value] of Object.entries(expected)) close(scores[name], value, name);
  close(scores.loss, expected.kindLoss + 0.5 * expected.sizeLoss);
});

test('outputs are predicted as they are arranged', async () => {
  const model = twoHeads();
  const { inputs } = await examples().get(Int32Array.from({ length: 7 }, (_, i) => i));
  const found = await predict(model, examples(), { batchSize: 3 });
  const { kind, size } = model.forward(inputs);
  assert.equal([...found.kind], [...(await kind.data())]);
  assert.equal([...found.size], [...(await size.data())]);
});

for (const precision of ['f32', 'f16'] as const) {
  test(`two heads learn in ${precision}, with validation, callbacks and logs of each`, async () => {
    const model = twoHeads();
    const history = await fit(model, examples(), {
      ...judged,
      optimizer: optim.adam(model.variables, { lr: 0.05 }),
      epochs: 40,
      batchSize: 3,
      precision,
      validation: examples(),
      callbacks: [
        callbacks.earlyStopping({ monitor: 'valSizeLoss', patience: 40 }),
        callbacks.nanGuard(),
      ],
    });
    const [first, last] = [history.epochs[0]!, history.last!];
    assert.is(last.valKindAccuracy, 1);
    assert.ok(last.loss! < first.loss! / 3, `${first.loss} → ${last.loss}`);
    close(last.loss, last.kindLoss! + 0.5 * last.sizeLoss!);
    close(last.valLoss, last.valKindLoss! + 0.5 * last.valSizeLoss!);
  });
}

test('lists of outputs are numbered', async () => {
  const x = nn.input([4]);
  const model = nn.model(x, [nn.dense(1).apply(x), nn.dense(1).apply(x)]);
  const set = data.fromTensors(numbers(12, [3, 4]), [numbers(3, [3, 1]), numbers(3, [3, 1])]);
  const scores = await evaluate(model, set, {
    loss: ['huber', 'meanSquaredError'],
    metrics: [[], ['meanAbsoluteError']],
  });
  assert.equal(Object.keys(scores), [
    'loss',
    'output0Loss',
    'output1Loss',
    'output1MeanAbsoluteError',
  ]);
  const [one] = await predict(model, set);
  assert.is(one?.length, 3);
});

test('a function of all outputs and targets is a loss, too', async () => {
  const model = twoHeads();
  const joint = (outputs: unknown, targets: unknown) => {
    const [o, t] = [outputs, targets] as { kind: Tensor; size: Tensor }[];
    return losses.huber(o!.size, t!.size, { reduction: 'none' });
  };
  const { loss } = await evaluate(model, examples(), { loss: joint });
  const { sizeLoss } = await evaluate(model, examples(), judged);
  close(loss, sizeLoss!);
});

test('weights of examples multiply losses, not metrics', async () => {
  const model = nn.dense(3).build([4]);
  const x = numbers(28, [7, 4]);
  const plain = data.fromTensors(x, whole(labels));
  const own = { loss: 'crossEntropy', metrics: ['accuracy'], batchSize: 3 } as const;
  const weights = [1, 0, 2, 0.5, 1, 0, 3];
  const set = data.fromTensors(x, whole(labels), { weights: tensor(weights) });
  const scores = await evaluate(model, set, own);
  const each = await losses
    .crossEntropy(model.forward(x), whole(labels), { reduction: 'none' })
    .data();
  close(scores.loss, each.reduce((sum, loss, i) => sum + loss * weights[i]!, 0) / 7);
  close(scores.accuracy, (await evaluate(model, plain, own)).accuracy!);
  const map = plain.map((batch) => ({ ...batch, weights: batch.targets.cast('f32') }));
  close(
    (await evaluate(model, map, own)).loss,
    each.reduce((sum, loss, i) => sum + loss * labels[i]!, 0) / 7,
  );
});

test('weights of examples train as in f64, also in a last batch of fewer', async () => {
  const x = [1, -2, 0.5, 3, -1];
  const y = [2, 1, -1, 0.5, 4];
  const weights = [1, 0, 2, 0.5, 3];
  const column = (values: number[]) => tensor(values).reshape([5, 1]);
  const set = data.fromTensors(column(x), column(y), { weights: tensor(weights) });
  const slope = new Variable(tensor([[0.3]]), { name: 'slope' });
  const history = await fit((input: AnyTensor) => input.matMul(slope.value), set, {
    loss: 'meanSquaredError',
    optimizer: optim.sgd([slope], { lr: 0.1 }),
    epochs: 2,
    batchSize: 3,
    shuffle: false,
  });
  let [a, loss] = [0.3, 0];
  for (let epoch = 0; epoch < 2; epoch++) {
    loss = 0;
    for (const batch of [
      [0, 1, 2],
      [3, 4],
    ]) {
      const errors = batch.map((i) => a * x[i]! - y[i]!);
      errors.forEach((error, k) => {
        loss += (weights[batch[k]!]! * error ** 2) / 5;
      });
      const slopes = batch.map((i, k) => 2 * weights[i]! * errors[k]! * x[i]!);
      a -= (0.1 * slopes.reduce((sum, one) => sum + one)) / batch.length;
    }
  }
  close(await slope.value.item(), a);
  close(history.last?.loss, loss);
});

test('masks leave positions out of losses and metrics, whatever is there', async () => {
  const model = nn.dense(3).build([5, 4]);
  const x = numbers(140, [7, 5, 4]);
  const lengths = [5, 1, 3, 2, 4, 1, 2];
  const words = Array.from({ length: 35 }, (_, i) =>
    i % 5 < lengths[Math.floor(i / 5)]! ? i % 3 : -7,
  );
  const mask = tensor(
    Uint8Array.from(words, (word) => (word < 0 ? 0 : 1)),
    [7, 5],
    { dtype: 'bool' },
  );
  const set = data.fromTensors(x, whole(words, [7, 5]), { mask });
  const own = { loss: 'crossEntropy', metrics: ['accuracy'], batchSize: 3 } as const;
  const scores = await evaluate(model, set, own);
  const rows = model.forward(x).reshape([35, 3]) as Tensor;
  const safe = whole(words.map((word) => Math.max(word, 0)));
  const each = await losses.crossEntropy(rows, safe, { reduction: 'none' }).data();
  const best = await rows.argMax(-1).data();
  const kept = words.flatMap((word, i) => (word < 0 ? [] : [i]));
  close(scores.loss, kept.reduce((sum, i) => sum + each[i]!, 0) / kept.length);
  close(scores.accuracy, kept.filter((i) => best[i] === words[i]).length / kept.length);
  const ignored = data.fromTensors(x, whole(words, [7, 5]));
  const same = await evaluate(model, ignored, { ...own, ignoreIndex: -7 });
  close(same.loss, scores.loss!);
  close(same.accuracy, scores.accuracy!);
});

test('training with a mask is that without what is masked', async () => {
  const train = async (set: data.Dataset) => {
    random.seed(2);
    const model = nn.dense(3).build([4]);
    const history = await fit(model, set, {
      loss: 'crossEntropy',
      metrics: ['accuracy'],
      optimizer: optim.sgd(model.variables, { lr: 0.5 }),
      epochs: 3,
      batchSize: 7,
      shuffle: false,
    });
    return [...(await model.variables[0]!.data()), history.last!.loss!, history.last!.accuracy!];
  };
  const x = numbers(28, [7, 4]);
  const four = data.fromTensors(x, whole(labels)).take(4);
  const mask = tensor([1, 1, 1, 1, 0, 0, 0]);
  const masked = data.fromTensors(x, whole(labels.map((label, i) => (i < 4 ? label : 99))), {
    mask,
  });
  const [one, other] = [await train(four), await train(masked)];
  one.forEach((value, i) => {
    close(other[i], value);
  });
});

test('a batch in which nothing counts changes nothing', async () => {
  const model = nn.dense(3).build([4]);
  const before = [...(await model.variables[0]!.data())];
  const history = await fit(model, data.fromTensors(numbers(8, [2, 4]), whole([-1, -1])), {
    loss: 'crossEntropy',
    optimizer: optim.sgd(model.variables, { lr: 0.5 }),
    ignoreIndex: -1,
  });
  assert.equal([...(await model.variables[0]!.data())], before);
  assert.ok(Number.isNaN(history.last!.loss));
});

test('a training with masks goes on from a checkpoint to the same bits', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-several-'));
  try {
    const file = join(folder, 'last.safetensors');
    const session = async (resume: boolean, signal?: AbortSignal) => {
      const model = twoHeads();
      const stop = new AbortController();
      const history = await fit(
        model,
        examples().map((batch) => ({ ...batch, mask: { kind: batch.targets.kind.notEqual(2) } })),
        {
          ...judged,
          optimizer: optim.adam(model.variables, { lr: 0.01 }),
          epochs: 3,
          batchSize: 3,
          signal: signal ?? stop.signal,
          ...(resume ? { resume: file } : {}),
          callbacks: [
            callbacks.checkpoint(file, { everySteps: 1 }),
            {
              name: 'stop',
              onStepEnd: ({ totalSteps }) => {
                if (!resume && signal === undefined && totalSteps === 5) stop.abort();
              },
            },
          ],
        },
      );
      const weights = await Promise.all(model.variables.map((variable) => variable.data()));
      return { history, weights: weights.flatMap((values) => [...values]) };
    };
    const through = await session(false, new AbortController().signal);
    await rm(file);
    assert.is((await session(false)).history.ending.kind, 'interrupted');
    const resumed = await session(true);
    assert.equal(resumed.weights, through.weights);
    assert.equal(resumed.history.series('kindLoss'), through.history.series('kindLoss'));
    assert.equal(resumed.history.series('loss'), through.history.series('loss'));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('functions, and objects with forward, are models', async () => {
  const set = data.fromTensors(numbers(28, [7, 4]), numbers(7, [7, 1], 3));
  const settings = { loss: 'meanSquaredError', epochs: 30, batchSize: 4 } as const;
  const w = new Variable(numbers(4, [4, 1]) as Tensor);
  const line = (x: AnyTensor) => x.matMul(w.value) as Tensor;
  const before = await evaluate(line, set, settings.loss ? { loss: settings.loss } : settings);
  await fit(line, set, { ...settings, optimizer: optim.sgd([w], { lr: 0.1 }) });
  const after = await evaluate(line, set, { loss: settings.loss });
  assert.ok(after.loss! < before.loss!);
  assert.equal([...(await predict(line, set))].length, 7);

  const model = {
    head: nn.dense(1),
    offset: new Variable(tensor([5]), { name: 'offset' }),
    forward(x: AnyTensor) {
      return this.head.forward(x).add(this.offset.value) as Tensor;
    },
  };
  const history = await fit(model, set, { ...settings, optimizer: 'adam' });
  assert.ok(history.last!.loss! < history.epochs[0]!.loss!);
  assert.is.not(await model.offset.value.item(), 5);
  await rejects(
    () => fit(line, set, { ...settings, optimizer: 'adam' }),
    ArgumentError,
    /nothing to train.*\{ variables: \[…\], forward \}/,
  );
});

test('what does not fit is told by output and shapes', async () => {
  const model = twoHeads();
  const set = examples();
  await rejects(
    () => evaluate(model, set, { loss: 'huber' }),
    ArgumentError,
    /of one output.*\{ classes: 'huber' \}/,
  );
  await rejects(
    () => evaluate(model, set, { loss: { kind: 'crossEntropy', other: 'huber' } }),
    ArgumentError,
    /a loss for 'other', but no output of that name\. There is kind, size/,
  );
  await rejects(
    () => evaluate(model, set, { ...judged, metrics: ['accuracy'] }),
    ArgumentError,
    /metrics must be by output, too: \{ kind: … \}/,
  );
  await rejects(
    () => evaluate(model, set, { ...judged, lossWeights: { sizes: 1 } }),
    ArgumentError,
    /lossWeights 'sizes'\. Did you mean 'size'/,
  );
  const wrong = (x: AnyTensor) => x.sum() as Tensor;
  await rejects(
    () => evaluate(model, set, { loss: { kind: 'crossEntropy', size: wrong } }),
    ShapeError,
    /The loss of output 'size' must give one value for each of the 7 examples.*\[\]/,
  );
  await rejects(
    () =>
      evaluate(
        model,
        set.map((batch) => ({ ...batch, mask: { kind: numbers(14, [7, 2]) } })),
        judged,
      ),
    ShapeError,
    /The outputs 'kind' \[7,3\] must begin with the axes of its mask or weights, \[7,2\]/,
  );
  const beyond = set.map((batch) => ({
    ...batch,
    targets: { ...batch.targets, kind: batch.targets.kind.add(1) as AnyTensor },
  }));
  await rejects(
    () => evaluate(model, beyond, judged),
    ShapeError,
    /example 2 of the output 'kind' has label 3, which is no class/,
  );
});

test.run();
