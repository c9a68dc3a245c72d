import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, callbacks, FileError, fit, io, tensor } from '../../../src/index.ts';
import { withFolder } from '../../data/tiny-images.ts';
import { refuses, rejects } from '../../tensor/refusal.ts';
import { imageTraining, perceptron } from '../small-training.ts';
import { valuesTraining } from './told-values.ts';

const test = suite('checkpoint');

interface Position {
  readonly epoch: number;
  readonly step: number;
}

async function positionIn(file: string): Promise<Position> {
  const { metadata } = await io.readSafetensors(file);
  const { epoch, step } = JSON.parse(metadata.training!) as Position;
  return { epoch, step };
}

/** Where a checkpoint is each time one has been written, in a training of 2 epochs of 4 steps. */
async function writtenWith(
  options: callbacks.CheckpointOptions,
  stopAt?: number,
): Promise<Position[]> {
  const written: Position[] = [];
  await withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const watch: callbacks.Callback = {
      name: 'watch',
      onStepEnd: (training) => {
        if (training.totalSteps === stopAt) training.stop('here');
      },
      async onSettled() {
        const files = await readdir(folder);
        if (files.length === 0) return;
        assert.equal(files, ['last.safetensors']);
        written.push(await positionIn(file));
        await rm(file);
      },
    };
    const { model, examples, options: common } = imageTraining();
    await fit(model, examples, {
      ...common,
      epochs: 2,
      callbacks: [callbacks.checkpoint(file, options), watch],
    });
  });
  return written;
}

const at = (epoch: number, step: number): Position => ({ epoch, step });

test('is written after each epoch, every so many, and always after the last', async () => {
  assert.equal(await writtenWith({}), [at(1, 0), at(2, 0)]);
  assert.equal(await writtenWith({ everyEpochs: 2 }), [at(2, 0)]);
  assert.equal(await writtenWith({ everyEpochs: 5 }), [at(2, 0)]);
});

test('is written within epochs, and where training is stopped', async () => {
  assert.equal(await writtenWith({ everySteps: 3 }), [at(0, 3), at(1, 0), at(1, 3), at(2, 0)]);
  assert.equal(await writtenWith({ everyEpochs: 2, everySteps: 2 }), [
    ...[at(0, 2), at(0, 4), at(1, 2), at(1, 4), at(2, 0)],
  ]);
  assert.equal(await writtenWith({}, 2), [at(0, 2)]);
  assert.equal(await writtenWith({ everyEpochs: 2 }, 4), [at(0, 4), at(1, 0)]);
});

test('{epoch} gives each epoch a file of its own, which later epochs leave alone', () =>
  withFolder(async (folder) => {
    const { model, examples, options } = imageTraining();
    const file = join(folder, 'epoch-{epoch}.safetensors');
    const list = [callbacks.checkpoint(file, { everySteps: 3 })];
    await fit(model, examples, { ...options, epochs: 3, callbacks: list });
    assert.equal((await readdir(folder)).sort(), [
      ...[1, 2, 3].map((epoch) => `epoch-${epoch}.safetensors`),
    ]);
    for (const epoch of [1, 2, 3]) {
      assert.equal(await positionIn(file.replace('{epoch}', `${epoch}`)), at(epoch, 0));
    }
  }));

test('best keeps the weights of the best epoch', () =>
  withFolder(async (folder) => {
    for (const [metric, values, best] of [
      ['valLoss', [3, 2, Number.NaN, 2.5, 2], 2],
      ['valAccuracy', [0.1, 0.7, 0.6, 0.9], 4],
    ] as const) {
      const file = join(folder, `${metric}.safetensors`);
      const model = perceptron();
      const bias = model.namedVariables().get('layers.1.bias')!;
      await valuesTraining(model, metric, values, [
        // The weights tell the epoch.
        {
          name: 'mark',
          onEpochBegin: ({ epoch }) => bias.assign(tensor([epoch + 1, 0, 0])),
        },
        callbacks.checkpoint(file, { keep: 'best', monitor: metric }),
      ]);
      const { tensors } = await io.readSafetensors(file);
      assert.is(tensors.get('layers.1.bias')!.data[0], best);
      assert.is((await positionIn(file)).epoch, best);
    }
  }));

test('its weights can be loaded alone', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const { model, examples, options } = imageTraining();
    await fit(model, examples, { ...options, callbacks: [callbacks.checkpoint(file)], epochs: 1 });
    const other = imageTraining().model;
    const { missing } = await io.loadWeights(file, other, { strict: false });
    assert.equal(missing, []);
    assert.equal(await io.weightsOf(other), await io.weightsOf(model));
  }));

test('refuses options that make no sense, and says what cannot be written', async () => {
  const { checkpoint } = callbacks;
  refuses(() => checkpoint('x', { everySteps: 0 }), ArgumentError, /everySteps/);
  refuses(() => checkpoint('x', { everyEpochs: 1.5 }), ArgumentError, /everyEpochs/);
  for (const every of [{ everySteps: 1 }, { everyEpochs: 1 }]) {
    refuses(() => checkpoint('x', { keep: 'best', ...every }), ArgumentError, /keep: 'last'/);
  }
  await withFolder(async (folder) => {
    const { model, examples, options } = imageTraining();
    const list = [checkpoint(folder)];
    await rejects(
      () => fit(model, examples, { ...options, epochs: 1, callbacks: list }),
      FileError,
      /cannot be written/,
    );
  });
});

test.run();
