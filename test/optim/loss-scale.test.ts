import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  compile,
  DTypeError,
  optim,
  ShapeError,
  type Tensor,
  tensor,
  Variable,
} from '../../src/index.ts';
import { halved } from '../../src/tensor/ops/cast.ts';
import { refuses } from '../tensor/refusal.ts';
import { asBits, momentBitsOf } from '../train/small-training.ts';
import { lossOf, parameters } from './quadratic.ts';

const test = suite('loss scale');

const stateOf = async ({ lossScale }: optim.Optimizer) => [...(await lossScale!.state.data())];
const bitsOf = async (variables: readonly AnyVariable[]) => {
  const all = await Promise.all(variables.map((variable) => variable.data()));
  return all.map((values) => asBits(values));
};

/** Gradients that are all 1, but for one of them. */
const gradientsWith = (variables: readonly AnyVariable[], odd: number) =>
  variables.map(({ shape, size }, i) => {
    const values = new Float32Array(size).fill(1);
    if (i === 2) values[3] = odd;
    return tensor(values, shape) as AnyTensor;
  });

test('its state is a scale and a count', () => {
  const { lossScale } = optim.sgd(parameters().variables, { lossScale: {} });
  const give = (state: AnyTensor) => () => {
    lossScale!.state = state;
  };
  refuses(give(tensor([8])), ShapeError, /^lossScale.state: must be \[2\].*got \[1\]/);
  refuses(give(tensor([8, 1], { dtype: 'i32' })), DTypeError, /^lossScale.state takes f32/);
  refuses(give([8, 1] as never), ArgumentError, /^lossScale.state/);
});

const { adadelta, adagrad, adam, adamax, lamb, lars, lion, nadam, radam, rmsprop, sgd } = optim;
const optimizers = {
  adadelta,
  adagrad,
  adam,
  adamax,
  lamb,
  lars,
  lion,
  nadam,
  radam,
  rmsprop,
  sgd,
};

for (const [name, make] of Object.entries(optimizers)) {
  test(`${name}: a power of two changes no bit of the weights`, async () => {
    for (const clipping of [{}, { clipValue: 0.7 }]) {
      const trained = async (options: optim.OptimizerOptions) => {
        const { variables } = parameters();
        const optimizer = make(variables, { lr: 0.05, weightDecay: 0.1, ...clipping, ...options });
        for (let step = 0; step < 5; step++) await optimizer.step(lossOf(variables, step));
        return [await bitsOf(variables), await momentBitsOf(optimizer)];
      };
      assert.equal(await trained({ lossScale: {} }), await trained({}));
    }
  });

  test(`${name}: where a gradient is infinite or NaN, nothing changes but the scale`, async () => {
    for (const odd of [Infinity, -Infinity, Number.NaN]) {
      const { variables } = parameters();
      const optimizer = make(variables, { weightDecay: 0.1, lossScale: { initial: 1024 } });
      await optimizer.step(lossOf(variables, 0));
      const before = [await bitsOf(variables), await momentBitsOf(optimizer)];
      assert.equal(await stateOf(optimizer), [1024, 1]);
      await optimizer.apply(gradientsWith(variables, odd));
      assert.equal([await bitsOf(variables), await momentBitsOf(optimizer)], before);
      assert.equal(await stateOf(optimizer), [512, 0]);
      await optimizer.step(lossOf(variables, 1));
      assert.not.equal(await bitsOf(variables), before[0]);
      assert.equal(await stateOf(optimizer), [512, 1]);
    }
  });
}

test('a gradient that overflows where it is stored as f16 is stepped against once it fits', async () => {
  const v = new Variable(tensor([3])) as AnyVariable;
  const optimizer = optim.sgd([v], { lr: 0.5, lossScale: { initial: 2 ** 20 } });
  // The gradient is 6, and the most that f16 holds 65504: 2¹³ · 6 is 49152.
  const loss = () =>
    halved(v.value as Tensor)
      .cast('f32')
      .square()
      .sum();
  for (let step = 0; step < 7; step++) {
    await optimizer.step(loss());
    assert.is(await v.value.item(), 3);
  }
  await optimizer.step(loss());
  assert.is(await v.value.item(), 0);
  assert.equal(await stateOf(optimizer), [2 ** 13, 1]);
});

test('it doubles after so many good steps in a row, and stays between 1 and 2¹²⁶', async () => {
  const { variables } = parameters();
  const lossScale = { initial: 4, growthInterval: 3 };
  const optimizer = optim.sgd(variables, { lr: 1e-3, lossScale });
  const scales: number[] = [];
  for (const odd of [1, 1, 1, 1, 1, NaN, 1, 1, 1, NaN, NaN, NaN, NaN]) {
    await optimizer.apply(gradientsWith(variables, odd));
    scales.push((await stateOf(optimizer))[0]!);
  }
  assert.equal(scales, [4, 4, 8, 8, 8, 4, 4, 4, 8, 4, 2, 1, 1]);
  const large = optim.sgd(variables, { lossScale: { initial: 2 ** 125, growthInterval: 1 } });
  for (const expected of [2 ** 126, 2 ** 126]) {
    await large.apply(gradientsWith(variables, 1));
    assert.is((await stateOf(large))[0], expected);
  }
});

test('the norm that is clipped is that of the gradients of the loss itself', async () => {
  const trained = async (options: optim.OptimizerOptions) => {
    const { variables } = parameters();
    const optimizer = optim.sgd(variables, { lr: 0.05, clipNorm: 5, ...options });
    for (let step = 0; step < 5; step++) await optimizer.step(lossOf(variables, step));
    return (await Promise.all(variables.map((variable) => variable.data()))).flatMap((x) => [...x]);
  };
  const [scaled, plain] = [await trained({ lossScale: {} }), await trained({})];
  scaled.forEach((value, i) => {
    assert.ok(Math.abs(value - plain[i]!) < 1e-6, `${value}, not ${plain[i]}`);
  });
});

test('gradients that backward leaves are those of the scaled loss', async () => {
  const trained = async (isScaled: boolean) => {
    const { variables } = parameters();
    const optimizer = optim.adam(variables, isScaled ? { lossScale: {} } : {});
    for (let step = 0; step < 3; step++) {
      for (const part of [0, 1]) optimizer.scaled(lossOf(variables, step + part)).backward();
      await optimizer.step();
    }
    return bitsOf(variables);
  };
  assert.equal(await trained(true), await trained(false));
});

test('a compiled step goes on scaling', async () => {
  const trained = async (compiles: boolean) => {
    const { variables } = parameters();
    const lossScale = { initial: 4, growthInterval: 2 };
    const optimizer = optim.adam(variables, { lr: 0.01, lossScale });
    const plain = (x: AnyTensor) => {
      optimizer.step(lossOf(variables, 0).mul(x));
    };
    const step = compiles ? compile(plain) : plain;
    for (const x of [1, 1, 2, Infinity, 1, 1, 1]) step(tensor(x) as AnyTensor);
    return [await bitsOf(variables), await stateOf(optimizer)];
  };
  const compiled = await trained(true);
  assert.equal(compiled, await trained(false));
  assert.equal(compiled[1], [8, 1]);
});

test('options, and what is told of them', () => {
  const { variables } = parameters();
  const optimizer = optim.sgd(variables, { lossScale: { initial: 8 } });
  assert.equal(optimizer.settings.lossScale, { initial: 8, growthInterval: 2000 });
  optimizer.scaleLosses({ initial: 2 });
  assert.is(optimizer.lossScale?.settings.initial, 8);
  const late = optim.sgd(variables);
  assert.is(late.lossScale, undefined);
  assert.not('lossScale' in late.settings);
  late.scaleLosses();
  assert.is(late.lossScale!.settings.initial, 65536);
  const make = (lossScale: object) => () => optim.sgd(variables, { lossScale });
  refuses(make({ initial: 0.5 }), ArgumentError, /^lossScale: .*initial/);
  refuses(make({ growthInterval: 0 }), ArgumentError, /^lossScale: .*growthInterval/);
  refuses(make({ growth: 1 }), ArgumentError, /^lossScale: .*growth/);
});

test.run();
