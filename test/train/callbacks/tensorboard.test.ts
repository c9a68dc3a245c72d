import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crossEntropy, fit, type History, optim } from '../../../src/index.ts';
import { type TensorBoardOptions, tensorBoard } from '../../../src/node.ts';
import { withFolder } from '../../data/tiny-images.ts';
import { eventsOf, type Message, summaryOf } from '../../io/tensorboard/decode.ts';
import { perceptron, points } from '../small-training.ts';

const test = suite('tensorBoard');

async function train(folder: string, options?: TensorBoardOptions): Promise<History> {
  const model = perceptron();
  return fit(model, points(20), {
    loss: crossEntropy,
    metrics: ['accuracy'],
    optimizer: optim.sgd(model.trainableVariables, { lr: 0.25 }),
    validation: points(5),
    epochs: 2,
    batchSize: 8,
    callbacks: [tensorBoard(folder, options)],
  });
}

/** Summary values by tag and step. */
async function valuesIn(folder: string): Promise<Record<string, Message>> {
  const [name] = await readdir(folder);
  const events = await eventsOf(join(folder, name!));
  // Before them: the version of the format, and from which step on earlier runs count no more.
  assert.is(events[1]!.integer(2), 1);
  return Object.fromEntries(
    events.slice(2).map((event) => {
      const summary = summaryOf(event);
      return [`${summary.text(1)} ${event.integer(2)}`, summary];
    }),
  );
}

test('has metrics by epoch, and histograms of weights and gradients', () =>
  withFolder(async (folder) => {
    const { epochs } = await train(folder);
    const values = await valuesIn(folder);
    for (const { epoch, loss, accuracy, valLoss, valAccuracy, lr, seconds } of epochs) {
      const scalars = {
        'train/loss': loss,
        'train/accuracy': accuracy,
        'validation/loss': valLoss,
        'validation/accuracy': valAccuracy,
        'learning rate': lr,
        seconds,
      };
      for (const [tag, value] of Object.entries(scalars)) {
        assert.is(values[`${tag} ${epoch}`]!.float(2), Math.fround(value!), tag);
        delete values[`${tag} ${epoch}`];
      }
    }
    const weights = ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias'];
    const tags = ['weights', 'gradients'].flatMap((kind) =>
      weights.flatMap((name) => [`${kind}/${name} 1`, `${kind}/${name} 2`]),
    );
    assert.equal(Object.keys(values).sort(), tags.sort());
    // How many numbers the histogram counts.
    assert.is(values['gradients/layers.0.weight 2']!.message(5).double(3), 24);
  }));

test('without histograms there are scalars alone', () =>
  withFolder(async (folder) => {
    await train(folder, { histograms: false });
    const tags = Object.keys(await valuesIn(folder));
    assert.is(tags.length, 12);
  }));

test.run();
