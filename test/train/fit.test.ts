import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  type batchMetrics,
  binaryCrossEntropy,
  type callbacks,
  crossEntropy,
  DataError,
  DTypeError,
  data,
  evaluate,
  fit,
  nn,
  optim,
  predict,
  random,
  ShapeError,
  type Tensor,
  type Training,
  Variable,
  zeros,
} from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';
import { bitsOf, logsOf, perceptron, points } from './small-training.ts';

const test = suite('fit');

const sgd = (model: nn.Layer, lr = 0.2) => optim.sgd(model.trainableVariables, { lr });

/** A metric of one's own. */
const hits: batchMetrics.BatchMetric = (outputs, targets) =>
  outputs.argMax(-1).equal(targets.cast('i32')).cast('f32') as Tensor;

/** −ln of the share that softmax gives the true class, in f64. */
function lossesOf(logits: ArrayLike<number>, labels: ArrayLike<number>): number[] {
  return Array.from(labels, (label, row) => {
    const own = Array.from({ length: 3 }, (_, k) => logits[3 * row + k] as number);
    const most = Math.max(...own);
    const sum = own.reduce((total, x) => total + Math.exp(x - most), 0);
    return Math.log(sum) + most - (own[label] as number);
  });
}

async function labelsOf(examples: data.Dataset): Promise<ArrayLike<number>> {
  const all = Int32Array.from({ length: examples.count }, (_, i) => i);
  return (await examples.get(all)).targets.data();
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const close = (actual: number, expected: number, within = 1e-5) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

test('does what a loop by hand does, bit for bit', async () => {
  const byFit = perceptron();
  const options = { loss: crossEntropy, epochs: 3, batchSize: 8, seed: 5 };
  await fit(byFit, points(30), {
    ...options,
    metrics: ['accuracy'],
    optimizer: optim.adam(byFit.trainableVariables),
    validation: points(10, 2),
  });

  const model = perceptron();
  const optimizer = optim.adam(model.trainableVariables);
  const batches = points(30).shuffle({ seed: 5 }).batch(8);
  for (let epoch = 0; epoch < 3; epoch++) {
    for await (const { inputs, targets } of batches.epoch(epoch)) {
      await optimizer.step(crossEntropy(model.forward(inputs, { training: true }), targets));
    }
  }
  assert.equal(await bitsOf(byFit), await bitsOf(model));
});

test('logs means over all examples, those of the validation data too', async () => {
  const model = perceptron();
  const [train, validation] = [points(30), points(11, 2)];
  const labels = await labelsOf(validation);
  const before = lossesOf(await predict(model, train), await labelsOf(train));
  const history = await fit(model, train, {
    loss: crossEntropy,
    metrics: { accuracy: hits },
    optimizer: sgd(model, 0),
    validation,
    epochs: 2,
    batchSize: 7,
  });
  assert.is(history.ending.kind, 'finished');
  assert.equal(
    history.epochs.map(({ epoch }) => epoch),
    [1, 2],
  );
  const names = 'epoch loss accuracy valLoss valAccuracy lr seconds'.split(' ');
  assert.equal(Object.keys(history.last!), names);
  const outputs = await predict(model, validation, { batchSize: 4 });
  const correct = Array.from(labels, (label, row) => {
    const own = [...outputs.subarray(3 * row, 3 * row + 3)];
    return Number(own.indexOf(Math.max(...own)) === label);
  });
  for (const logs of history.epochs) {
    close(logs.loss!, mean(before)); // the rate is 0: nothing changes
    close(logs.valLoss!, mean(lossesOf(outputs, labels)));
    close(logs.valAccuracy!, mean(correct));
    assert.ok(logs.seconds > 0);
  }
  assert.is(history.series('valLoss').length, 2);
  assert.ok(Number.isNaN(history.series('none')[0]!));
});

test('the best epoch has the lowest loss and the highest accuracy', async () => {
  const model = perceptron();
  const history = await fit(model, points(40), {
    loss: crossEntropy,
    metrics: ['accuracy'],
    optimizer: sgd(model),
    epochs: 4,
  });
  const { epochs } = history;
  assert.is(history.best('loss')!.loss, Math.min(...epochs.map(({ loss }) => loss!)));
  assert.is(history.best('accuracy')!.accuracy, Math.max(...epochs.map((e) => e.accuracy!)));
  assert.is(history.best('none'), undefined);
});

test('validationSplit holds the last examples back', async () => {
  const all = points(20);
  const history: unknown[] = [];
  for (const split of [true, false]) {
    const model = perceptron();
    const common = { loss: crossEntropy, optimizer: sgd(model), epochs: 2, batchSize: 8 };
    const of = split
      ? fit(model, all, { ...common, validationSplit: 0.25 })
      : fit(model, all.take(15), { ...common, validation: all.skip(15) });
    history.push(logsOf(await of));
  }
  assert.equal(history[0], history[1]);
});

test('the order follows from the seed; without shuffling it is that of the data', async () => {
  const weights = async (options: { seed?: number; shuffle?: boolean }) => {
    const model = perceptron();
    const optimizer = sgd(model);
    await fit(model, points(24), { loss: crossEntropy, optimizer, batchSize: 4, ...options });
    return JSON.stringify(await bitsOf(model));
  };
  const [one, again, two, none] = [
    await weights({ seed: 1 }),
    await weights({ seed: 1 }),
    await weights({ seed: 2 }),
    await weights({ shuffle: false }),
  ];
  assert.is(one, again);
  assert.is.not(one, two);
  const model = perceptron();
  const optimizer = sgd(model);
  for (let i = 0; i < 24; i += 4) {
    const { inputs, targets } = await points(24).get(Int32Array.of(i, i + 1, i + 2, i + 3));
    await optimizer.step(crossEntropy(model.forward(inputs, { training: true }), targets));
  }
  assert.is(none, JSON.stringify(await bitsOf(model)));
});

test('class weights multiply the loss of each example, as in f64', async () => {
  const model = perceptron();
  const [examples, classWeights] = [points(22), [0.5, 2, 3]];
  const losses = lossesOf(await predict(model, examples), await labelsOf(examples));
  const labels = await labelsOf(examples);
  const expected = mean(losses.map((loss, i) => loss * classWeights[labels[i] as number]!));
  const history = await fit(model, examples, {
    loss: crossEntropy,
    optimizer: sgd(model, 0),
    classWeights,
    batchSize: 5,
  });
  close(history.last!.loss!, expected);
  // And training follows them: a class of weight 0 might as well not be there.
  const [withZero, without] = [perceptron(), perceptron()];
  const ofClass = Array.from(labels, (label, i) => (label === 1 ? -1 : i)).filter((i) => i >= 0);
  await fit(withZero, examples, {
    loss: crossEntropy,
    optimizer: sgd(withZero),
    classWeights: [1, 0, 1],
    batchSize: 22,
  });
  const { inputs, targets } = await examples.get(Int32Array.from(ofClass));
  const loss = crossEntropy(without.forward(inputs), targets).mul(ofClass.length / 22);
  await sgd(without).step(loss);
  const [a, b] = [await predict(withZero, examples), await predict(without, examples)];
  a.forEach((x, i) => {
    close(x, b[i]!);
  });
});

test('regularisers count in the loss that is trained on and logged, not in the validation', async () => {
  const model = perceptron({ kernelRegularizer: nn.l2(0.1) });
  const weight = model.namedVariables().get('layers.0.weight')!;
  const penalty = 0.1 * [...(await weight.data())].reduce((sum, w) => sum + w * w, 0);
  const history = await fit(model, points(16), {
    loss: crossEntropy,
    optimizer: sgd(model, 0),
    validation: points(16),
  });
  close(history.last!.loss! - history.last!.valLoss!, penalty);
  const decayed = perceptron({ kernelRegularizer: nn.l2(0.1) });
  await fit(decayed, points(16), { loss: (o) => o.sum(-1).mul(0), optimizer: sgd(decayed) });
  const after = await decayed.namedVariables().get('layers.0.weight')!.data();
  [...(await weight.data())].forEach((w, i) => {
    close(after[i]!, w * (1 - 0.2 * 0.2)); // lr · 2 · 0.1
  });
});

test('an optimizer of some of the variables leaves the others; a layer may be used twice', async () => {
  const shared = nn.dense(4);
  const model = nn.sequential([shared, nn.dense(4), shared, nn.dense(3)]).build([4]);
  const before = await bitsOf(model);
  const seen: string[] = [];
  await fit(model, points(10), {
    loss: crossEntropy,
    optimizer: optim.adam(shared.trainableVariables),
    callbacks: [
      {
        name: 'spy',
        wantsGradients: () => true,
        onStepEnd: (_, gradients) => void seen.push(...gradients!.keys()),
      },
    ],
  });
  const after = await bitsOf(model);
  const changed = Object.keys(after).filter((name) => `${before[name]}` !== `${after[name]}`);
  assert.equal(changed, ['layers.0.weight', 'layers.0.bias']);
  assert.equal(seen, changed);
});

test('no epochs: nothing is trained, callbacks begin and end', async () => {
  const model = perceptron();
  const before = await bitsOf(model);
  const calls: string[] = [];
  const history = await fit(model, points(5), {
    loss: crossEntropy,
    optimizer: sgd(model),
    epochs: 0,
    callbacks: [recorder('a', calls)],
  });
  assert.equal(calls, ['a begins', 'a ends']);
  assert.equal(history.epochs, []);
  assert.equal(history.ending, { kind: 'finished' });
  assert.equal(await bitsOf(model), before);
});

function recorder(name: string, calls: string[]): callbacks.Callback {
  return {
    name,
    onTrainBegin: () => void calls.push(`${name} begins`),
    onEpochBegin: ({ epoch }) => void calls.push(`${name} epoch ${epoch}`),
    onStepEnd: ({ step }) => void calls.push(`${name} step ${step}`),
    onEpochEnd: (_, { epoch }) => void calls.push(`${name} epoch ${epoch} ends`),
    onSettled: (_, logs) => void calls.push(`${name} settled${logs ? ' epoch' : ''}`),
    onTrainEnd: () => void calls.push(`${name} ends`),
  };
}

test('callbacks are called in their order, and are waited for', async () => {
  const model = perceptron();
  const calls: string[] = [];
  const late: callbacks.Callback = {
    name: 'late',
    onStepEnd: async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      calls.push('late step');
    },
  };
  await fit(model, points(5), {
    loss: crossEntropy,
    optimizer: sgd(model),
    callbacks: [late, recorder('a', calls)],
  });
  assert.equal(calls, [
    ...['a begins', 'a epoch 0', 'late step', 'a step 1', 'a settled'],
    ...['a epoch 1 ends', 'a settled epoch', 'a ends'],
  ]);
});

test('where something throws, every callback ends, and the first error is told', async () => {
  const methods = ['onTrainBegin', 'onEpochBegin', 'onStepEnd', 'onEpochEnd', 'onSettled'] as const;
  for (const method of [...methods, 'onTrainEnd'] as const) {
    const model = perceptron();
    const calls: string[] = [];
    const throws = (text: string) => () => Promise.reject(new RangeError(text));
    const bad: callbacks.Callback = {
      name: 'bad',
      onTrainEnd: throws('second'),
      [method]: throws('first'),
    };
    await rejects(
      () =>
        fit(model, points(5), {
          loss: crossEntropy,
          optimizer: sgd(model),
          callbacks: [recorder('a', calls), bad, recorder('b', calls)],
        }),
      RangeError,
      /first/,
    );
    assert.equal(calls.slice(-2), ['a ends', 'b ends'], method);
  }
  // Afterwards nothing is left behind: the same model trains on.
  const model = perceptron();
  const bad = { name: 'bad', onStepEnd: () => Promise.reject(new RangeError('no')) };
  const options = { loss: crossEntropy, optimizer: sgd(model) };
  await rejects(() => fit(model, points(5), { ...options, callbacks: [bad] }), RangeError, /no/);
  await fit(model, points(5), options);
});

test('what callbacks throw at the end is in the cause of the first error', async () => {
  const model = perceptron();
  const disk = new RangeError('first', { cause: new Error('ENOSPC') });
  const failing = ['a', 'b'].map((name) => ({
    name,
    onStepEnd: () => Promise.reject(disk),
    onTrainEnd: () => Promise.reject(new TypeError(`${name} at the end.`)),
  }));
  const options = { loss: crossEntropy, optimizer: sgd(model), callbacks: failing };
  const error = await fit(model, points(5), options).catch((error: unknown) => error);
  assert.is(error, disk);
  const { message, errors } = disk.cause as AggregateError;
  assert.is(message, 'Then failed: a at the end. b at the end.');
  assert.equal(
    errors.map((one: Error) => one.message),
    ['ENOSPC', 'a at the end.', 'b at the end.'],
  );
});

test('a batch that cannot be had ends training with its error', async () => {
  const good = points(20);
  const source = new data.Dataset({
    count: 20,
    get: async (indices) => {
      if (indices.includes(13)) throw new DataError('number 13 is damaged');
      return good.get(indices);
    },
  });
  const calls: string[] = [];
  const model = perceptron();
  await rejects(
    () =>
      fit(model, source, {
        loss: crossEntropy,
        optimizer: sgd(model),
        shuffle: false,
        batchSize: 4,
        callbacks: [recorder('a', calls)],
      }),
    DataError,
    /13 is damaged/,
  );
  assert.equal(calls.slice(-3), ['a step 3', 'a settled', 'a ends']);
});

test('a signal ends training after the step at hand, or before the first', async () => {
  const at = async (step: number, epochs = 2) => {
    const model = perceptron();
    const abort = new AbortController();
    const calls: string[] = [];
    if (step === 0) abort.abort();
    const stopper: callbacks.Callback = {
      name: 'stopper',
      onStepEnd: ({ totalSteps }: Training) => {
        if (totalSteps === step) abort.abort();
      },
    };
    const history = await fit(model, points(12), {
      loss: crossEntropy,
      optimizer: sgd(model),
      epochs,
      batchSize: 4,
      signal: abort.signal,
      callbacks: [stopper, recorder('a', calls)],
    });
    const steps = calls.filter((call) => call.includes('step')).length;
    assert.is(calls.at(-1), 'a ends');
    return { steps, epochs: history.epochs.length, kind: history.ending.kind };
  };
  assert.equal(await at(0), { steps: 0, epochs: 0, kind: 'interrupted' });
  assert.equal(await at(1), { steps: 1, epochs: 0, kind: 'interrupted' });
  assert.equal(await at(3), { steps: 3, epochs: 1, kind: 'interrupted' });
  assert.equal(await at(5), { steps: 5, epochs: 1, kind: 'interrupted' });
  assert.equal(await at(6), { steps: 6, epochs: 2, kind: 'finished' });
  assert.equal(await at(0, 0), { steps: 0, epochs: 0, kind: 'finished' });
});

test('a callback stops training, and the first reason counts', async () => {
  const model = perceptron();
  const stopper = (name: string): callbacks.Callback => ({
    name,
    onStepEnd: (training) => {
      if (training.step === 2) training.stop(`${name} says so`);
    },
  });
  const history = await fit(model, points(12), {
    loss: crossEntropy,
    optimizer: sgd(model),
    batchSize: 4,
    callbacks: [stopper('one'), stopper('two')],
  });
  assert.equal(history.ending, { kind: 'stopped', reason: 'one says so' });
  assert.equal(history.epochs, []);
});

test('refuses what makes no sense, and says why', async () => {
  const model = perceptron();
  const common = { loss: crossEntropy, optimizer: sgd(model) };
  const [some, none] = [points(6), points(0)];
  const a = { name: 'a' };
  const refused: [
    string,
    data.Dataset,
    object,
    abstract new (...args: never[]) => Error,
    RegExp,
  ][] = [
    [
      'epochs',
      some,
      { epochs: 1.5 },
      ArgumentError,
      /epochs 1.5 must be a whole number of 0 or more/,
    ],
    ['batchSize', some, { batchSize: 0 }, ArgumentError, /batchSize 0 must be/],
    ['split', some, { validationSplit: 1 }, ArgumentError, /validationSplit/],
    ['both', some, { validation: some, validationSplit: 0.5 }, ArgumentError, /not both/],
    ['empty', none, {}, DataError, /no examples to train on/],
    ['empty validation', some, { validation: none }, DataError, /no examples to validate/],
    ['empty split', some, { validationSplit: 0.01 }, DataError, /no examples to validate/],
    ['everything split', some, { validationSplit: 0.99 }, DataError, /no examples to train on/],
    ['callbacks', some, { callbacks: [a, a] }, ArgumentError, /two callbacks are called 'a'/],
    ['metric', some, { metrics: ['acuracy'] }, ArgumentError, /no metric 'acuracy'/],
    ['twice', some, { metrics: ['accuracy', 'accuracy'] }, ArgumentError, /called 'accuracy'/],
    ['taken', some, { metrics: { lr: () => zeros([6]) } }, ArgumentError, /called 'lr'/],
    ['scalar', some, { loss: (o: AnyTensor) => o.mean() }, ShapeError, /shape is \[\]/],
    ['wide', some, { loss: (o: AnyTensor) => o }, ShapeError, /shape is \[6,3\]/],
    ['weights', some, { classWeights: [1, -1, 1] }, ArgumentError, /0 or more/],
    ['few weights', some, { classWeights: [1, 1] }, ShapeError, /2 classWeights/],
  ];
  for (const [, examples, options, kind, message] of refused)
    await rejects(() => fit(model, examples, { ...common, ...options }), kind, message);
  const other = new Variable(zeros([2]), { name: 'temperature' });
  const optimizer = optim.sgd([...model.trainableVariables, other]);
  await rejects(
    () => fit(model, some, { ...common, optimizer }),
    ArgumentError,
    /'temperature' \[2\], which the model does not have/,
  );
});

test('class weights want class numbers', async () => {
  const model = nn.sequential([nn.dense(2)]).build([1]);
  const inputs = [[0], [1]];
  const oneHot = data.fromArrays(inputs, [
    [1, 0],
    [0, 1],
  ]);
  const options = { optimizer: sgd(model), classWeights: [1, 2] };
  await rejects(
    () => fit(model, oneHot, { ...options, loss: crossEntropy }),
    ShapeError,
    /class numbers \[N\], not \[2,2\]/,
  );
  const single = nn.sequential([nn.dense(1), nn.flatten()]).build([1]);
  const loss = (o: AnyTensor, t: AnyTensor) =>
    binaryCrossEntropy(o.reshape([-1]), t, { reduction: 'none' });
  await rejects(
    () => evaluate(single, data.fromArrays(inputs, [0, 1]), { loss, classWeights: [1] }),
    DTypeError,
    /class numbers .* got f32/,
  );
});

test('a loss of whole numbers is refused', async () => {
  const model = nn.sequential([nn.dense(1), nn.flatten()]).build([1]);
  const loss = (o: AnyTensor) => o.reshape([-1]).cast('i32');
  await rejects(
    () => evaluate(model, data.fromArrays([[1], [2]], [0, 1]), { loss }),
    DTypeError,
    /mean of the loss takes f32, got i32\[2\]/,
  );
});

test('steps are compiled: the same bits, and the model is called once an epoch for each size of batch', async () => {
  const run = async (compile: boolean) => {
    random.seed(4);
    let calls = 0;
    const seen = nn.activation('relu');
    const forward = seen.forward.bind(seen);
    seen.forward = (x, mode) => {
      calls++;
      return forward(x, mode);
    };
    const model = nn
      .sequential([nn.dense(6), seen, nn.batchNorm(), nn.dropout(0.3), nn.dense(3)])
      .build([4]);
    calls = 0;
    const { epochs } = await fit(model, points(50), {
      loss: crossEntropy,
      metrics: ['accuracy'],
      optimizer: optim.adam(model.trainableVariables, { lr: optim.schedules.cosine(0.1, 0, 20) }),
      epochs: 3,
      batchSize: 8,
      compile,
    });
    const weights = await bitsOf(model);
    return { calls, weights, logs: epochs.map(({ seconds, ...logs }) => logs) };
  };
  const [compiled, plain] = [await run(true), await run(false)];
  assert.equal(compiled.weights, plain.weights);
  assert.equal(compiled.logs, plain.logs);
  assert.is(plain.calls, 3 * 7);
  assert.is(compiled.calls, 3 * 2);
});

test('a layer that is built by the first step, and what a callback changes between epochs', async () => {
  const run = async (compile: boolean) => {
    random.seed(8);
    const first = nn.sequential([nn.dense(3)]).build([4]);
    let scale = 1;
    const model = nn.sequential([
      first,
      nn.dropout(0.5),
      nn.dense(3, { kernelInitializer: 'orthogonal' }),
    ]);
    const { epochs } = await fit(model, points(40), {
      loss: (outputs, targets, options) => crossEntropy(outputs.mul(scale), targets, options),
      optimizer: sgd(first),
      epochs: 3,
      batchSize: 10,
      callbacks: [
        {
          name: 'scale',
          onEpochEnd: () => {
            scale *= 2;
          },
        },
      ],
      compile,
    });
    return { losses: epochs.map(({ loss }) => loss), weights: await bitsOf(model) };
  };
  assert.equal(await run(true), await run(false));
});

test('callbacks may read the loss of each step, or keep it for later', async () => {
  for (const options of [{ compile: true }, { compile: false }, { wantsGradients: () => true }]) {
    const model = perceptron();
    const kept: AnyTensor[] = [];
    const read: number[] = [];
    const { wantsGradients, ...rest } = { wantsGradients: undefined, ...options };
    const history = await fit(model, points(40), {
      loss: crossEntropy,
      optimizer: optim.adam(model.variables),
      batchSize: 10,
      callbacks: [
        {
          name: 'losses',
          ...(wantsGradients ? { wantsGradients } : {}),
          async onStepEnd({ loss, step }) {
            kept.push(loss as AnyTensor);
            if (step % 2 === 0) read.push(await (loss as AnyTensor).item());
          },
        },
      ],
      ...rest,
    });
    const later = await Promise.all(kept.map((loss) => loss.item()));
    assert.equal([later[1], later[3]], read);
    const mean = later.reduce((a, b) => a + b) / 4;
    assert.ok(Math.abs(mean - (history.last?.loss as number)) < 1e-6);
  }
});

test.run();
