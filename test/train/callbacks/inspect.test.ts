import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  callbacks,
  crossEntropy,
  fit,
  grad,
  type nn,
  optim,
} from '../../../src/index.ts';
import { histogram } from '../../../src/train/callbacks/inspect.ts';
import { refuses, rejects } from '../../tensor/refusal.ts';
import { bitsOf, perceptron, points } from '../small-training.ts';

const test = suite('inspect');

const train = (model: nn.Layer, list: readonly callbacks.Callback[]) =>
  fit(model, points(20), {
    loss: crossEntropy,
    optimizer: optim.sgd(model.trainableVariables, { lr: 0.2 }),
    epochs: 2,
    batchSize: 4,
    shuffle: false,
    callbacks: list,
  });

/** The norms of all gradients at each step of the first epoch, in f64. */
async function normsByHand(): Promise<Record<string, number>[]> {
  const model = perceptron();
  const optimizer = optim.sgd(model.trainableVariables, { lr: 0.2 });
  const named = [...model.namedVariables()];
  const steps: Record<string, number>[] = [];
  for (let i = 0; i < 20; i += 4) {
    const { inputs, targets } = await points(20).get(Int32Array.of(i, i + 1, i + 2, i + 3));
    const loss = crossEntropy(model.forward(inputs, { training: true }), targets);
    const gradients = grad(
      loss,
      named.map(([, variable]) => variable),
    ) as AnyTensor[];
    const norms: Record<string, number> = {};
    for (const [at, gradient] of gradients.entries()) {
      norms[named[at]![0]] = Math.hypot(...(await gradient.data()));
    }
    steps.push(norms);
    await optimizer.apply(gradients);
  }
  return steps;
}

test('gradient norms are means over steps that are spread over the epoch', async () => {
  const byHand = await normsByHand();
  for (const [gradientSteps, chosen] of [
    [1, [4]],
    [2, [2, 4]],
    [10, [0, 1, 2, 3, 4]],
  ] as const) {
    // Another callback that asks for gradients too must not change what this one sees.
    const greedy: callbacks.Callback = { name: 'greedy', wantsGradients: () => true };
    const watching = callbacks.inspect({ gradientSteps });
    await train(perceptron(), gradientSteps === 2 ? [greedy, watching] : [watching]);
    const { gradientNorms } = watching.recorded;
    assert.equal(
      gradientNorms.map(({ epoch }) => epoch),
      [1, 2],
    );
    for (const [name, norm] of Object.entries(gradientNorms[0]!.norms)) {
      const expected =
        chosen.reduce<number>((sum, at) => sum + byHand[at]![name]!, 0) / chosen.length;
      assert.ok(Math.abs(norm - expected) < 1e-4 * expected, `${name}: ${norm}, not ${expected}`);
    }
    assert.is(Object.keys(gradientNorms[0]!.norms).length, 4);
  }
});

test('histograms count the weights after each epoch', async () => {
  const model = perceptron();
  const watching = callbacks.inspect({ weights: ['layers.1.weight'], gradientSteps: 0, bins: 7 });
  await train(model, [watching]);
  const { weights, gradientNorms } = watching.recorded;
  assert.equal(gradientNorms, []);
  assert.equal(Object.keys(weights), ['layers.1.weight']);
  const [first, last] = weights['layers.1.weight']!;
  assert.equal([first!.epoch, last!.epoch], [1, 2]);
  const values = [...(await model.namedVariables().get('layers.1.weight')!.data())];
  assert.is(last!.edges[0], Math.min(...values));
  assert.ok(Math.abs(last!.edges[7]! - Math.max(...values)) < 1e-6);
  assert.is(last!.edges.length, 8);
  assert.is(
    last!.counts.reduce((a, b) => a + b),
    18,
  );
});

test('looking changes nothing', async () => {
  const [watched, alone] = [perceptron(), perceptron()];
  await train(watched, [callbacks.inspect()]);
  await train(alone, []);
  assert.equal(await bitsOf(watched), await bitsOf(alone));
});

test('histogram leaves out what is not finite', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  assert.equal(histogram([0, 1, 1.9, nan, 4, infinity, 2], 4), {
    edges: [0, 1, 2, 3, 4],
    counts: [1, 2, 1, 1],
  });
  assert.equal(histogram([3, 3], 2), { edges: [2.5, 3, 3.5], counts: [0, 2] });
  assert.equal(histogram([nan], 3), { edges: [0, 1], counts: [0] });
  assert.equal(histogram([], 3), { edges: [0, 1], counts: [0] });
});

test('refuses what is not there', async () => {
  const watching = callbacks.inspect({ weights: ['layers.9.weight'] });
  await rejects(
    () => train(perceptron(), [watching]),
    ArgumentError,
    /no weight 'layers.9.weight'.*layers.0.weight/,
  );
  refuses(() => callbacks.inspect({ bins: 0 }), ArgumentError, /bins 0/);
  refuses(() => callbacks.inspect({ gradientSteps: 0.5 }), ArgumentError, /gradientSteps 0.5/);
});

test.run();
