import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CheckpointError,
  callbacks,
  type FitOptions,
  fit,
  type History,
  io,
  optim,
  random,
} from '../../src/index.ts';
import { withFolder } from '../data/tiny-images.ts';
import { rejects } from '../tensor/refusal.ts';
import { bitsOf, imageTraining, logsOf, momentBitsOf } from './small-training.ts';

const test = suite('resuming');

const STEPS = 4;

/** All that a training leaves behind. */
interface Outcome {
  readonly weights: Record<string, number[]>;
  readonly moments: number[][];
  readonly steps: number;
  readonly logs: Record<string, number>[];
  readonly ending: History['ending'];
  readonly callbacks: unknown;
}

/** Trains with models, data and callbacks made anew, as another process would. */
async function train(
  extra: readonly callbacks.Callback[],
  options: Partial<FitOptions> = {},
): Promise<Outcome> {
  const { model, examples, options: common } = imageTraining();
  const list = [...common.callbacks, ...extra];
  const history = await fit(model, examples, { ...common, callbacks: list, ...options });
  return {
    weights: await bitsOf(model),
    moments: await momentBitsOf(common.optimizer),
    steps: common.optimizer.steps,
    logs: logsOf(history),
    ending: history.ending,
    callbacks: await Promise.all(
      common.callbacks.map(async ({ name, state }) => {
        const { values, tensors } = await state!();
        const weights = [...(tensors ?? [])].map(([key, { data }]) => [key, [...data]]);
        return { name, values, weights };
      }),
    ),
  };
}

/** Ends training after a step counted from 1 over all epochs. */
function cutAfter(step: number, how: (training: { stop(reason: string): void }) => void) {
  return {
    name: 'cut',
    onStepEnd(training) {
      if (training.totalSteps === step) how(training);
    },
  } satisfies callbacks.Callback;
}

const crash = () => {
  throw new RangeError('crash');
};

/** What it would have been without any interruption. */
let outcome: Promise<Outcome> | undefined;
const whole = () => {
  outcome ??= train([]);
  return outcome;
};

test('the training at hand has what makes resuming hard', async () => {
  const { logs, ending } = await whole();
  assert.is(ending.kind, 'stopped');
  assert.is(logs.length, 4);
  assert.ok(new Set(logs.map(({ lr }) => lr)).size > 1);
});

test('interrupted by a signal after any step: the same bits in the end', async () => {
  const expected = await whole();
  const last = expected.logs.length * STEPS;
  for (let step = 0; step < last; step++) {
    await withFolder(async (folder) => {
      const file = join(folder, 'last.safetensors');
      const abort = new AbortController();
      if (step === 0) abort.abort();
      const stop = cutAfter(step, () => abort.abort());
      const first = await train([callbacks.checkpoint(file), stop], { signal: abort.signal });
      assert.is(first.ending.kind, 'interrupted');
      assert.is(first.steps, step);
      const second = await train([callbacks.checkpoint(file)], { resume: file });
      assert.equal(second, expected, `interrupted after step ${step}`);
    });
  }
});

test('interrupted while it validates: the same bits in the end', async () => {
  const expected = await whole();
  for (const epoch of [1, 2]) {
    await withFolder(async (folder) => {
      const file = join(folder, 'last.safetensors');
      const abort = new AbortController();
      let validated = 0;
      const validation = imageTraining().options.validation!.map((batch) => {
        if (++validated === epoch) abort.abort();
        return batch;
      });
      const options = { validation, signal: abort.signal };
      const first = await train([callbacks.checkpoint(file)], options);
      assert.is(first.ending.kind, 'interrupted');
      assert.is(first.logs.length, epoch - 1);
      assert.is(first.steps, epoch * STEPS);
      assert.equal(await train([callbacks.checkpoint(file)], { resume: file }), expected);
    });
  }
});

test('cut off by a crash between two checkpoints: the same bits in the end', async () => {
  const expected = await whole();
  for (const step of [2, 3, 4, 5, 7, 9, 11]) {
    await withFolder(async (folder) => {
      const file = join(folder, 'last.safetensors');
      const list = () => [callbacks.checkpoint(file, { everySteps: 3 })];
      const first = () => train([...list(), cutAfter(step, crash)]);
      await rejects(first, RangeError, /crash/);
      assert.equal(await train(list(), { resume: file }), expected, `crashed in step ${step}`);
    });
  }
});

test('interrupted after every single step: the same bits in the end', async () => {
  const expected = await whole();
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    let last: Outcome;
    let runs = 0;
    do {
      const abort = new AbortController();
      const stop = cutAfter(++runs, () => abort.abort());
      last = await train([callbacks.checkpoint(file), stop], {
        resume: file,
        signal: abort.signal,
      });
    } while (last.ending.kind === 'interrupted');
    assert.ok(runs >= expected.logs.length * STEPS);
    assert.equal(last, expected);
  });
});

test('what callbacks write and watch goes on as well, several of a kind too', async () => {
  await withFolder(async (folder) => {
    const names = ['whole', 'cut'] as const;
    const watching = (name: (typeof names)[number]) => {
      const file = (end: string) => join(folder, `${name}-${end}`);
      const inspection = callbacks.inspect({ gradientSteps: 3 });
      const rising = callbacks.earlyStopping({ monitor: 'valAccuracy', patience: 9 });
      const list = [
        inspection,
        { ...rising, name: 'earlyStopping.accuracy' },
        callbacks.csvLog(file('log.csv')),
        callbacks.checkpoint(file('best.safetensors'), { keep: 'best' }),
        callbacks.checkpoint(file('last.safetensors'), { everySteps: 3 }),
      ];
      return { inspection, list, resume: file('last.safetensors') };
    };
    const kept: unknown[] = [];
    for (const name of names) {
      for (const step of name === 'cut' ? [5, 11] : []) {
        const { list, resume } = watching(name);
        const run = () => train([...list, cutAfter(step, crash)], { resume });
        await rejects(run, RangeError, /crash/);
      }
      const { inspection, list, resume } = watching(name);
      const left = await train(list, { resume });
      const best = await io.readSafetensors(join(folder, `${name}-best.safetensors`));
      const log = await readFile(join(folder, `${name}-log.csv`), 'utf8');
      kept.push({
        left,
        recorded: inspection.recorded,
        best: [...best.tensors].map(([key, { data }]) => [key, [...data]]),
        rows: log.split('\n').map((row) => row.replace(/,[^,]*$/, '')), // but for the seconds
        state: list[1]!.state!(),
      });
    }
    assert.equal(kept[1], kept[0]);
  });
});

test('what was stopped does not go on, and ends in the same way', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const list = () => [callbacks.checkpoint(file)];
    assert.equal(await train(list()), await whole());
    assert.equal(await train(list(), { resume: file }), await whole());
    for (const step of [2, STEPS, STEPS + 1]) {
      const own = join(folder, `${step}.safetensors`);
      const stop = cutAfter(step, (training) => training.stop('enough'));
      const first = await train([callbacks.checkpoint(own), stop]);
      assert.equal(first.ending, { kind: 'stopped', reason: 'enough' });
      const second = await train([callbacks.checkpoint(own)], { resume: own });
      assert.equal(second, first);
    }
  });
});

test('more epochs may be asked for than at first', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const plain = { callbacks: [callbacks.checkpoint(file)] };
    const long = await train([], { callbacks: [], epochs: 4 });
    await train([], { ...plain, epochs: 2 });
    const extended = await train([], { callbacks: [], epochs: 4, resume: file });
    assert.equal(extended.weights, long.weights);
    assert.equal(extended.logs, long.logs);
  });
});

test('numbers that are not finite survive', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.5];
    let restored: unknown;
    const odd = (): callbacks.Callback => ({
      name: 'odd',
      onEpochEnd: (_, logs) => void Object.assign(logs, { odd: Number.NaN }),
      state: () => ({ values }),
      restore: (state) => {
        restored = state.values;
      },
    });
    const first = await train([odd(), callbacks.checkpoint(file)], { epochs: 1 });
    const second = await train([odd(), callbacks.checkpoint(file)], { epochs: 1, resume: file });
    assert.equal(restored, values);
    assert.equal(second.logs, first.logs);
    assert.ok(Number.isNaN(second.logs[0]!.odd));
  });
});

test('a checkpoint of another training is refused, and the model left as it was', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    await train([callbacks.checkpoint(file)], { epochs: 1 });
    const { model, examples, options } = imageTraining();
    const before = await bitsOf(model);
    const variables = model.trainableVariables;
    const refused: [Partial<FitOptions>, RegExp][] = [
      [{ seed: 9 }, /its seed was 8, now it is 9/],
      [{ batchSize: 7 }, /its batchSize was 6, now it is 7/],
      [{ shuffle: false }, /its shuffle was true, now it is false/],
      [{ metrics: [] }, /its metrics was \["loss","accuracy"\]/],
      [{ validationSplit: 0.3, validation: undefined }, /its examples was 22, now it is 15/],
      [{ optimizer: optim.sgd(variables) }, /its optimizer was "adam", now it is "sgd"/],
      [{ optimizer: optim.adam(variables.slice(2)) }, /it has optimizer.mean.layers.0/],
    ];
    for (const [changed, message] of refused) {
      const resumed = () => fit(model, examples, { ...options, ...changed, resume: file });
      await rejects(resumed, CheckpointError, message);
    }
    assert.equal(await bitsOf(model), before);

    random.seed(1);
    const sgd = { optimizer: optim.sgd(variables), callbacks: [callbacks.checkpoint(file)] };
    await fit(model, examples, { ...options, ...sgd, epochs: 1 });
    const momentum = { optimizer: optim.sgd(variables, { momentum: 0.9 }) };
    const resumed = () => fit(model, examples, { ...options, ...momentum, resume: file });
    await rejects(resumed, CheckpointError, /it has no optimizer.velocity.layers.0.weight/);
  });
});

test('a state that is wrong in any part is refused before anything has changed', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const watching = () => [
      callbacks.inspect({ gradientSteps: 2 }),
      callbacks.checkpoint(file, { everySteps: 1 }),
      {
        name: 'own',
        state: () => ({ values: 'right' }),
        restore: ({ values }: { values?: unknown }) => {
          if (values !== 'right') throw new RangeError(`${values} is not right.`);
        },
      },
    ];
    await train(watching(), { epochs: 2 });
    const { tensors, metadata } = await io.readSafetensors(file);
    const position = JSON.parse(metadata.training as string);
    const own = (name: string, values: unknown) => ({
      callbacks: { ...position.callbacks, [name]: values },
    });
    const inspected = position.callbacks.inspect;
    const plateau = { best: 1, waited: 0 };
    const wrong: [what: RegExp, part: object][] = [
      [/the setup of its/, { setup: null }],
      [/its optimizer was undefined/, { setup: { ...position.setup, optimizer: undefined } }],
      ...[-1, 0.5, '1', null, 3].map((epoch): [RegExp, object] => [/epoch|history/, { epoch }]),
      ...[-1, 5, 'NaN', {}].map((step): [RegExp, object] => [/the step of its/, { step }]),
      [/the seconds of its/, { seconds: -1 }],
      [/the counted of its/, { counted: 'NaN' }],
      [/the optimizerSteps of its/, { optimizerSteps: 2 ** 60 }],
      [/the random of its/, { random: { seed: 0.5, stream: 1 } }],
      [/the random of its/, { random: [] }],
      [/the history of its/, { history: [{ epoch: 1, loss: 'low' }, position.history[1]] }],
      [/the history of its/, { history: {} }],
      [/the stopped of its/, { stopped: { kind: 'tired', reason: '' } }],
      [/the callbacks of its/, { callbacks: [] }],
      [/callback earlyStopping cannot/, own('earlyStopping', { value: 'x', epoch: 1 })],
      [/callback earlyStopping cannot/, own('earlyStopping', { value: 1, epoch: -1 })],
      [/callback reduceOnPlateau cannot/, own('reduceOnPlateau', { lr: 'NaN', plateau })],
      [/callback reduceOnPlateau cannot/, own('reduceOnPlateau', { lr: 0.1 })],
      [/callback reduceOnPlateau cannot/, own('reduceOnPlateau', { plateau: { best: 'x' } })],
      [/callback inspect cannot/, own('inspect', { ...inspected, sums: [] })],
      [/callback inspect cannot/, own('inspect', { ...inspected, recorded: { weights: 1 } })],
      [/callback checkpoint .* cannot/, own(`checkpoint ${file}`, 'best')],
      [/callback own cannot go on from its state: left is not right\./, own('own', 'left')],
    ];
    const data = Float32Array.of(1);
    const one: io.HostTensor = { shape: [1], dtype: 'f32', data };
    const whole = { ...one, shape: [2], dtype: 'i32', data: new Int32Array(2) } as const;
    for (const [name, changed, expected] of [
      ['epoch.sums', one, /epoch\.sums is f32\[1\], not f32\[2\]/],
      ['epoch.sums', whole, /epoch\.sums is i32\[2\], not f32\[2\]/],
      ['layers.4.bias', one, /layers\.4\.bias is f32\[1\], not f32\[2\]/],
      ['optimizer.mean.layers.4.bias', one, /it has no optimizer\.mean\.layers\.4\.bias of f32/],
      ['optimizer.mean.layers.4.bias', whole, /it has no optimizer\.mean\.layers\.4\.bias of f32/],
      ['callbacks.earlyStopping.layers.4.bias', one, /callback earlyStopping .*\n.*misshapen/],
      ['callbacks.earlyStopping.other', one, /callback earlyStopping .*\n.*unexpected: other/],
    ] as const) {
      wrong.push([expected, { tensors: new Map(tensors).set(name, changed) }]);
    }
    for (const [expected, part] of wrong) {
      const { tensors: others = tensors, ...rest } = part as { tensors?: typeof tensors };
      const training = JSON.stringify({ ...position, ...rest });
      await io.writeSafetensors(file, others, { ...metadata, training });
      const { model, examples, options } = imageTraining();
      random.seed(77);
      const state = async () => ({
        weights: await bitsOf(model),
        moments: await momentBitsOf(options.optimizer),
        steps: options.optimizer.steps,
        random: random.state(),
      });
      const before = await state();
      const list = [...options.callbacks, ...watching()];
      const resumed = () => fit(model, examples, { ...options, callbacks: list, resume: file });
      await rejects(resumed, CheckpointError, expected);
      await rejects(resumed, CheckpointError, /last\.safetensors/);
      assert.equal(await state(), before);
    }
  });
});

test('a file that is no checkpoint is refused with its name', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const { model, examples, options } = imageTraining();
    const resumed = () => fit(model, examples, { ...options, resume: file });
    await writeFile(file, 'nonsense');
    await rejects(resumed, CheckpointError, /last.safetensors/);
    // What is there and cannot be read is not the same as nothing.
    for (const there of [folder, join(file, 'within')]) {
      const unread = () => fit(model, examples, { ...options, resume: there });
      await rejects(unread, CheckpointError, /cannot be read|regular file|EISDIR/);
    }
    await io.saveWeights(file, model);
    await rejects(resumed, CheckpointError, /no state of a training.*io.loadWeights/);
    for (const [training, message] of [
      ['{', /no JSON/],
      ['null', /version undefined/],
      ['{"version":2}', /version 2.*reads 1/],
    ] as const) {
      await io.writeSafetensors(file, new Map(), { training });
      await rejects(resumed, CheckpointError, message);
    }
    await train([callbacks.checkpoint(file)], { epochs: 1 });
    const { tensors, metadata } = await io.readSafetensors(file);
    tensors.delete('epoch.sums');
    await io.writeSafetensors(file, tensors, metadata);
    await rejects(resumed, CheckpointError, /lacks epoch.sums/);
  });
});

test.run();
