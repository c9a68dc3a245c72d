import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  callbacks,
  crossEntropy,
  fit,
  full,
  type Loss,
  nn,
  optim,
  random,
  type Training,
} from '../../../src/index.ts';
import { refuses } from '../../tensor/refusal.ts';
import { bitsOf, perceptron, points } from '../small-training.ts';

const test = suite('nanGuard');

const deep = () => {
  random.seed(9);
  const inner = nn.sequential([nn.dense(4, { activation: 'relu' }), nn.dropout(0.1), nn.dense(4)]);
  return nn.sequential([nn.dense(4), nn.residual(inner), nn.batchNorm(), nn.dense(3)]).build([4]);
};

/** Gives a weight a value before the step of a number, counted from 0 over all epochs. */
function blowUp(name: string, value: number, step: number): callbacks.Callback {
  const set = ({ model, totalSteps }: Training) => {
    if (totalSteps !== step) return;
    const variable = model.namedVariables().get(name)!;
    variable.assign(full(variable.shape, value) as AnyTensor);
  };
  return { name: 'blow up', onTrainBegin: set, onStepEnd: set };
}

async function reasonOf(
  model: nn.Layer,
  list: readonly callbacks.Callback[],
  loss: Loss = crossEntropy,
): Promise<string> {
  const { ending } = await fit(model, points(30), {
    loss,
    optimizer: optim.adam(model.trainableVariables, { lr: 1e-3 }),
    epochs: 2,
    batchSize: 5,
    callbacks: list,
  });
  return ending.kind === 'diverged' ? ending.reason : ending.kind;
}

const guard = callbacks.nanGuard;

test('names the layer whose output overflows first, not one that is spoilt by it', async () => {
  const big = 3e38;
  const cases: [string, RegExp][] = [
    ['layers.0.weight', /output of layers.0 \(dense\)/],
    ['layers.1.main.layers.0.weight', /output of layers.1.main.layers.0 \(dense\)/],
    ['layers.1.main.layers.2.weight', /output of layers.1.main.layers.2 \(dense\)/],
    ['layers.2.weight', /output of layers.2 \(batchNorm\)/],
    ['layers.3.weight', /output of layers.3 \(dense\)/],
  ];
  for (const [name, expected] of cases) {
    // The guard looks after the weights have been blown up.
    const reason = await reasonOf(deep(), [blowUp(name, big, 3), guard({ everySteps: 1 })]);
    assert.match(reason, /^the loss is (NaN|-?Infinity) after step 4; first not finite: the /);
    assert.match(reason, expected, name);
    assert.match(reason, /clipNorm/);
  }
});

test('names a weight that is not finite before the output it spoils', async () => {
  for (const name of ['layers.1.main.layers.2.bias', 'layers.2.weight', 'layers.3.bias']) {
    const reason = await reasonOf(deep(), [blowUp(name, Number.NaN, 2), guard({ everySteps: 1 })]);
    const [, path, variable] = /^(.*)\.(\w+)$/.exec(name) as unknown as [string, string, string];
    assert.match(reason, `first not finite: ${variable} of ${path} (`);
  }
});

test('sees at its next look that a loss was NaN in between, and says how to learn more', async () => {
  const reason = await reasonOf(deep(), [
    guard({ everySteps: 4 }),
    blowUp('layers.3.bias', Number.NaN, 5),
  ]);
  // The epoch has 6 steps: looks are after the 4th, 6th, 10th, …
  assert.match(reason, /after step 6; all was finite up to step 4; .*everySteps: 1/);
});

test('a loss that is not finite where the outputs are is named itself', async () => {
  const loss: Loss = (outputs) => outputs.sum(-1).mul(0).log().add(outputs.sum(-1));
  const reason = await reasonOf(perceptron(), [guard({ everySteps: 1 })], loss);
  assert.match(reason, /the loss is -Infinity after step 1; the outputs were finite/);
});

test('lets a sound training be, bit for bit, and leaves weights and random numbers alone', async () => {
  const [watched, alone] = [deep(), deep()];
  const state = random.state();
  assert.is(await reasonOf(watched, [guard({ everySteps: 2 })]), 'finished');
  const after = random.state();
  random.setState(state);
  assert.is(await reasonOf(alone, []), 'finished');
  assert.equal(await bitsOf(watched), await bitsOf(alone));
  assert.equal(random.state(), after);
});

test('weights and random numbers of a diverged training are those it came to', async () => {
  const [watched, alone] = [deep(), deep()];
  const stop: callbacks.Callback = {
    name: 'stop',
    onStepEnd: (training) => {
      if (training.step === 3) training.stop('there');
    },
  };
  const state = random.state();
  await reasonOf(watched, [blowUp('layers.3.weight', 3e38, 2), guard({ everySteps: 1 })]);
  const after = random.state();
  random.setState(state);
  await reasonOf(alone, [blowUp('layers.3.weight', 3e38, 2), stop]);
  assert.equal(random.state(), after);
  /** Of what is not finite the bits do not count: NaN has many. */
  const comparable = (bits: Record<string, number[]>) =>
    Object.entries(bits).map(([name, own]) => [
      name,
      own.map((x) => (x & 0x7f800000) === 0x7f800000 || x),
    ]);
  assert.equal(comparable(await bitsOf(watched)), comparable(await bitsOf(alone)));
});

test('everySteps is a whole number', () => {
  refuses(
    () => guard({ everySteps: 0 }),
    ArgumentError,
    /everySteps 0 must be a whole number of 1 or more/,
  );
});

test.run();
