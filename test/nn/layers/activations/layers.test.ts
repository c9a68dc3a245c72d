import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, grad, nn } from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { elu, leakyRelu, unary } from '../../../reference/elementwise.ts';
import { softmax } from '../../../reference/softmax.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';

const test = suite('nn: activations');

const subjects: [name: string, layer: nn.Layer, reference: (x: number) => number][] = [
  ['relu', nn.relu(), unary.relu!],
  ['sigmoid', nn.sigmoid(), unary.sigmoid!],
  ['tanh', nn.tanh(), unary.tanh!],
  ['softplus', nn.softplus(), unary.softplus!],
  ['logSigmoid', nn.logSigmoid(), unary.logSigmoid!],
  ['silu', nn.silu(), unary.silu!],
  ['leakyRelu', nn.leakyRelu(), (x) => leakyRelu(x, 0.01)],
  ['leakyRelu', nn.leakyRelu(0.3), (x) => leakyRelu(x, 0.3)],
  ['elu', nn.elu(), (x) => elu(x, 1)],
  ['elu', nn.elu(2.5), (x) => elu(x, 2.5)],
  ['gelu', nn.gelu(), unary.gelu!],
  ['geluTanh', nn.gelu({ approximate: 'tanh' }), unary.geluTanh!],
  ['celu', nn.celu(), (x) => elu(x, 1)],
  ['celu', nn.celu(2.5), (x) => (x > 0 ? x : elu(x / 2.5, 2.5))],
  ['thresholdedRelu', nn.thresholdedRelu(), (x) => (x > 1 ? x : 0)],
  ['thresholdedRelu', nn.thresholdedRelu(0.3), (x) => (x > 0.3 ? x : 0)],
  ...['relu6', 'selu', 'mish', 'hardSwish', 'hardSigmoid', 'hardTanh', 'softsign'].map(
    (name): (typeof subjects)[number] => [name, nn.activation(name as nn.Activation), unary[name]!],
  ),
];

// Also what is huge, from which infinities and NaN must not come.
const points = new NdArray(
  [2003],
  [...spread([2000], 1, [-12, 12]).data, 0, 1e4, -1e4].map(Math.fround),
);

for (const [name, layer, reference] of subjects) {
  test(`${name}, as a layer called by its name`, async () => {
    assert.is(layer.type, name);
    const actual = await download(layer.forward(upload(points)));
    assertClose(actual, points.map(reference), { relative: 1e-6, scale: 1 }, name);
  });

  test(`${name}: gradients`, async () => {
    const subject = {
      name,
      f: (x: AnyTensor) => layer.forward(x),
      reference: (x: NdArray) => x.map(reference),
      inputs: [spread([40], 2, [-3, 3])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
    const far = upload(NdArray.from([1e4, -1e4]));
    const [slope] = grad(layer.forward(far).sum(), [far]);
    assert.ok([...(await slope.data())].every(Number.isFinite), 'far out');
  });
}

test('what is not a number stays so, by itself and behind a matrix product', async () => {
  const names =
    'relu relu6 leakyRelu elu selu celu gelu geluTanh silu mish hardSwish sigmoid logSigmoid ' +
    'hardSigmoid tanh hardTanh softplus softsign exponential softmax logSoftmax';
  for (const name of names.split(' ') as nn.Activation[]) {
    const x = upload(NdArray.from([[Number.NaN]]));
    for (const given of [x, x.matMul(upload(NdArray.from([[1]])))]) {
      const [y] = await nn.activation(name).forward(given).data();
      assert.ok(Number.isNaN(y), `${name}: ${y}`);
    }
  }
});

test('at both infinities activations are what they tend to', async () => {
  const ends = upload(NdArray.from([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]));
  const [none, all] = [-0, Number.POSITIVE_INFINITY];
  const limits = {
    relu: [0, all],
    elu: [-1, all],
    gelu: [none, all],
    geluTanh: [none, all],
    silu: [none, all],
    sigmoid: [0, 1],
    tanh: [-1, 1],
    softplus: [0, all],
    logSigmoid: [Number.NEGATIVE_INFINITY, none],
    relu6: [0, 6],
    mish: [none, all],
    hardSwish: [none, all],
    hardSigmoid: [0, 1],
    hardTanh: [-1, 1],
    softsign: [-1, 1],
    celu: [-1, all],
    exponential: [0, all],
  } as const;
  for (const [name, expected] of Object.entries(limits)) {
    const got = await nn
      .activation(name as 'relu')
      .forward(ends)
      .data();
    assert.equal([...got], [...expected], name);
  }
});

test('exponential is e to the power of x', async () => {
  const x = spread([40], 2, [-3, 3]);
  const actual = await download(nn.activation('exponential').forward(upload(x)));
  assertClose(actual, x.map(Math.exp), { relative: 1e-6 });
});

test('names in other layers are the same functions', async () => {
  const x = upload(spread([3, 5], 1, [-3, 3]));
  for (const name of ['leakyRelu', 'gelu', 'mish', 'hardSwish', 'softmax', 'logSoftmax'] as const) {
    const alone = await download(nn.activation(name).forward(x));
    const { ones: identity } = nn.initializers;
    const options = { kernelInitializer: identity, bias: false, activation: name };
    const behind = nn.dense(5, options).build([5]);
    behind.variables[0]?.assign(upload(eye(5)));
    assertClose(await download(behind.forward(x)), alone, { relative: 1e-6 }, name);
  }
});

const eye = (n: number) => NdArray.build([n, n], ([i, j]) => (i === j ? 1 : 0));

test('softmax along any axis', async () => {
  const x = spread([2, 3, 4], 1, [-3, 3]);
  for (const axis of [-1, 1]) {
    const layer = nn.softmax(axis);
    assert.is(layer.type, 'softmax');
    assertClose(await download(layer.forward(upload(x))), softmax(x, axis), { relative: 1e-5 });
  }
});

test('a name that is none is refused', () => {
  refuses(
    () => nn.activation('rely' as 'relu'),
    ArgumentError,
    /^activation: there is no 'rely'\. There are linear, relu,/,
  );
  refuses(
    () => nn.dense(1, { activation: 'toString' as 'relu' }).build([1]),
    ArgumentError,
    /no 'toString'/,
  );
});

test.run();
