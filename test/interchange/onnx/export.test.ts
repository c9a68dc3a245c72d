import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formulas } from '../../../src/interchange/onnx/export/formulas.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import type { DType } from '../../../src/kernels/dtype.ts';
import * as nn from '../../../src/nn/index.ts';
import { adam } from '../../../src/optim/index.ts';
import '../../../src/tensor/methods.ts';
import '../../../src/autograd/backward.ts';
import { arithmetic, comparisons } from '../../../src/tensor/ops/binary.ts';
import { arange, tensor } from '../../../src/tensor/ops/creation.ts';
import { concat } from '../../../src/tensor/ops/joining.ts';
import { unary } from '../../../src/tensor/ops/unary.ts';
import { uniform } from '../../../src/tensor/random/index.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { Variable } from '../../../src/tensor/variable.ts';
import { rejection } from '../../data/tiny-images.ts';
import { close, wave } from './numbers.ts';
import { runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX export');

/** Both are to compute the same: ONNX Runtime, and the model that is read back. */
async function exportsTo(
  model: nn.Layer,
  shape: readonly number[],
  what: string,
): Promise<onnx.OnnxModel> {
  const bytes = await onnx.encode(model, [null, ...shape]);
  const back = await onnx.decode(bytes);
  for (const batch of [1, 3]) {
    const size = [batch, ...shape];
    const data = wave(size.reduce((a, b) => a * b));
    const x = tensor(data, size);
    const expected = model.forward(x);
    const values = await expected.data();
    const { output } = await runElsewhere(bytes, { input: { shape: size, dtype: 'f32', data } });
    assert.equal(output?.shape, expected.shape, what);
    close(output?.data ?? [], values, `${what} in ONNX Runtime, batch ${batch}`);
    close(await back.forward(x).data(), values, `${what} read back, batch ${batch}`);
  }
  return back;
}

const relu = { activation: 'relu' } as const;
const models: Readonly<Record<string, readonly [nn.Layer, readonly number[]]>> = {
  'a dense network': [
    nn.sequential([nn.flatten(), nn.dense(16, relu), nn.dense(10, { activation: 'softmax' })]),
    [7, 7, 1],
  ],
  'a ConvNet': [
    nn.sequential([
      nn.conv2d(8, 3, relu),
      nn.maxPool2d(2),
      nn.batchNorm(),
      nn.conv2d(6, 3, { ...relu, padding: 'same', strides: 2 }),
      nn.dropout(0.5),
      nn.globalAveragePool2d(),
      nn.dense(8, { activation: 'gelu' }),
      nn.layerNorm(),
      nn.dense(5),
    ]),
    [13, 11, 3],
  ],
  'depthwise, transposed and resized images': [
    nn.sequential([
      nn.depthwiseConv2d(3),
      nn.avgPool2d(2),
      nn.conv2dTranspose(5, 3, { strides: 2 }),
      nn.upsampling2d(2, { interpolation: 'bilinear' }),
      nn.zeroPadding2d(1),
      nn.groupNorm(5),
    ]),
    [12, 10, 4],
  ],
  'an LSTM, whose steps are laid side by side': [
    nn.sequential([nn.lstm(5, { returnSequences: true }), nn.dense(2)]),
    [12, 3],
  ],
  'attention and a normalisation': [
    nn.sequential([nn.transformerBlock({ heads: 2, causal: true }), nn.layerNorm()]),
    [6, 8],
  ],
  sequences: [
    nn.sequential([
      nn.conv1d(6, 3, { padding: 'causal' }),
      nn.maxPool1d(2),
      nn.globalAveragePool1d(),
    ]),
    [16, 4],
  ],
  volumes: [nn.sequential([nn.conv3d(4, 3), nn.avgPool3d(2)]), [8, 7, 6, 2]],
  'layers that arrange, scale and activate': [
    nn.sequential([
      nn.rescaling(2, -1),
      nn.normalization({ mean: [0.1, 0.2], variance: [1, 2] }),
      nn.cropping2d([1, 0, 2, 1]),
      nn.conv2d(3, 3, { activation: 'mish' }),
      nn.prelu({ sharedAxes: [1, 2], initializer: 'uniform' }),
      nn.spatialDropout2d(0.5),
      nn.permute([3, 1, 2]),
      nn.reshape([-1, 6]),
      nn.dense(4, { activation: 'hardSwish' }),
      nn.gaussianNoise(1),
      nn.flatten(),
      nn.repeatVector(3),
      nn.lambda((x) => x.mul(2)),
    ]),
    [9, 9, 2],
  ],
  'branches and shortcuts': [
    nn.sequential([
      nn.concat([nn.conv2d(4, 1), nn.conv2d(5, 3, { padding: 'same' })]),
      nn.residual(nn.conv2d(9, 3, { padding: 'same', activation: 'elu' })),
    ]),
    [8, 8, 3],
  ],
};

for (const [what, [model, shape]] of Object.entries(models)) {
  test(`${what} computes the same elsewhere, for any batch`, async () => {
    model.build(shape);
    const back = await exportsTo(model, shape, what);
    assert.equal(
      [...back.namedVariables().keys()].sort(),
      [...model.namedVariables().keys()].sort(),
    );
    assert.is(back.parameterCount, model.parameterCount);
  });
}

test('what is read back trains further, but for running statistics', async () => {
  const model = nn.sequential([nn.conv2d(4, 3, relu), nn.batchNorm(), nn.flatten(), nn.dense(2)]);
  model.build([6, 6, 1]);
  const back = await onnx.decode(await onnx.encode(model, [null, 6, 6, 1]));
  const names = back.trainableVariables.map(({ name }) => name);
  assert.equal(names.sort(), model.trainableVariables.map((own) => nameOf(model, own)).sort());
  const optimizer = adam(back.variables, { lr: 0.01 });
  const x = tensor(wave(4 * 36), [4, 6, 6, 1]);
  const loss = () => back.forward(x).sub(1).square().mean();
  const before = await loss().item();
  for (let i = 0; i < 5; i++) optimizer.step(loss());
  assert.ok((await loss().item()) < before);
});

function nameOf(model: nn.Layer, variable: unknown): string {
  return [...model.namedVariables()].find(([, one]) => one === variable)?.[0] ?? '?';
}

test('a model of several inputs and outputs is exported, by name and in order', async () => {
  const [left, right] = [nn.input([3], { name: 'left' }), nn.input([4], { name: 'right' })];
  const shared = nn.dense(5, { activation: 'tanh' });
  const body = nn.concat([shared.apply(left), nn.dense(5).apply(right)]);
  const heads = [nn.dense(2).apply(body), nn.dense(1).apply(body)] as const;
  const [a, b] = [tensor(wave(6), [2, 3]), tensor(wave(8), [2, 4])];
  const given = { shape: [2, 3], dtype: 'f32', data: wave(6) } as const;
  const other = { shape: [2, 4], dtype: 'f32', data: wave(8) } as const;

  const named = nn.model({ left, right }, { classes: heads[0], box: heads[1] });
  const bytes = await onnx.encode(named, { left: [null, 3], right: [null, 4] });
  const found = await runElsewhere(bytes, { left: given, right: other });
  const expected = named.forward({ left: a, right: b });
  close(found.classes?.data ?? [], await expected.classes.data(), 'classes');
  close(found.box?.data ?? [], await expected.box.data(), 'box');

  const listed = nn.model([left, right], [heads[0], heads[1]]);
  const again = await runElsewhere(
    await onnx.encode(listed, [
      [null, 3],
      [null, 4],
    ]),
    {
      input_0: given,
      input_1: other,
    },
  );
  close(again.output_1?.data ?? [], await expected.box.data(), 'the second output');
});

test('assigned values are exported, not how they came about', async () => {
  const weight = new Variable(tensor([1, 2]), { name: 'weight' });
  weight.assign(weight.value.mul(3));
  const model = ({ x }: Record<string, AnyTensor>) => x!.mul(weight.value);
  const back = await onnx.decode(
    await onnx.encode(model, { x: [2] }, { variables: new Map([['scale', weight]]) }),
  );
  assert.equal([...back.namedVariables().keys()], ['scale']);
  assert.equal(Array.from(await back.variables[0]!.data()), [3, 6]);
});

test('a function of several inputs gives several outputs, with sizes left open', async () => {
  const join = ({ a, b }: Record<string, AnyTensor>) => ({
    rows: concat([a!, b!], 1).reshape([a!.shape[0]!, -1]).softmax(),
    ranks: a!.argMax(-1),
    flipped: b!.flip([1]).slice([0, 1], [], [1, 2]),
    backwards: b!.slice([undefined, undefined, 2], [], [1, -1, -2]),
    middle: b!.slice([0, 0, 3], [undefined, undefined, 0], [1, 1, -1]),
    back: a!.slice([undefined, 1], [undefined, 3], [-1, 1]),
    last: a!.slice([-1, -3], [undefined, -1]),
    positions: a!.sum(-1).add(arange(a!.shape[1]!)),
  });
  const bytes = await onnx.encode(join, { a: ['n', 'k', 4], b: ['n', 3, 4] });
  // More than the sizes it was traced with.
  const sizes = { n: 30, k: 25 };
  const a = { shape: [sizes.n, sizes.k, 4], dtype: 'f32', data: wave(3000) } as const;
  const b = { shape: [sizes.n, 3, 4], dtype: 'f32', data: wave(360, -2, 3) } as const;
  const found = await runElsewhere(bytes, { a, b });
  const expected = join({ a: tensor(a.data, a.shape), b: tensor(b.data, b.shape) });
  for (const [name, output] of Object.entries<AnyTensor>(expected)) {
    assert.equal(found[name]?.shape, output.shape, name);
    close(found[name]?.data ?? [], await output.data(), name);
  }
});

/** How many there are at least. */
const FORMULAS = 68;

function takesFloats(record: object): boolean {
  return !('accepts' in record) || (record.accepts as readonly DType[]).includes('f32');
}

/** The ops of floats that are written as a formula of ONNX' operators; any other is an error that says so. */
function exported<T extends object>(
  records: Readonly<Record<string, T>>,
): [name: string, record: T][] {
  return Object.entries(records).filter(
    ([name, record]) => name in formulas && takesFloats(record),
  );
}

const one = exported(unary);
const two = exported({ ...arithmetic, ...comparisons });

test('no formula is lost', () => {
  assert.ok(one.length + two.length >= FORMULAS, `${one.length + two.length} of ${FORMULAS}`);
});

for (const [name, record] of one) {
  test(`${name} is exported`, async () => {
    const [low, high] = 'domain' in record ? record.domain : [-3, 3];
    const data = wave(11, low + (high - low) * 1e-3, high);
    await sameElsewhere(
      (x) => (x as unknown as Record<string, () => AnyTensor>)[name]!(),
      [data],
      name,
    );
  });
}

for (const [name, record] of two) {
  test(`${name} is exported`, async () => {
    const [a, b] = 'domain' in record ? record.domain : [[-3, 3] as const, [-3, 3] as const];
    await sameElsewhere(
      (x, y) => (x as unknown as Record<string, (y: AnyTensor) => AnyTensor>)[name]!(y!),
      [wave(11, ...a), wave(11, b[1], b[0])],
      name,
    );
  });
}

async function sameElsewhere(
  compute: (x: AnyTensor, y: AnyTensor | undefined) => AnyTensor,
  inputs: readonly Float32Array[],
  what: string,
): Promise<void> {
  const names = ['x', 'y'].slice(0, inputs.length);
  const bytes = await onnx.encode(
    ({ x, y }) => compute(x!, y),
    Object.fromEntries(names.map((name, i) => [name, [inputs[i]!.length]])),
  );
  const given = names.map(
    (name, i) => [name, { shape: [inputs[i]!.length], dtype: 'f32', data: inputs[i]! }] as const,
  );
  const { output } = await runElsewhere(bytes, Object.fromEntries(given));
  const [x, y] = inputs.map((data) => tensor(data, [data.length]));
  close(output?.data ?? [], await compute(x!, y).data(), what, 1e-4);
}

test('what ONNX cannot say is refused by name', async () => {
  const refusal = async (model: onnx.Traceable, shape: onnx.InputShape) =>
    String(await rejection(onnx.encode(model, { x: shape })));
  assert.match(await refusal(({ x }) => x!.add(uniform(x!.shape)), [2]), /random number/);
  assert.match(await refusal(({ x }) => x!.slice([x!.size >> 1]), [null]), /a slice.*open size/);
  assert.match(await refusal(({ x }) => x!.pad([[x!.size, 0]]), [null]), /a padding.*open size/);
  const strided = nn.conv2d(2, 3, { strides: 2, padding: 'same' }).build([8, 8, 1]);
  assert.match(await refusal(({ x }) => strided.forward(x!), [1, 8, null, 1]), /conv2d.*open size/);
  assert.match(
    await refusal(({ x }) => x!.div(x!.size + 1), [null, 2]),
    /number that is.*no multiple/,
  );
  assert.match(await refusal(({ x }) => x!.pad([[1, 0]], x!.size), [null]), /number.*an open size/);
  assert.match(
    await refusal(
      ({ x }) => x!.reshape([x!.size ** 2 / x!.size, 1]).expand([x!.size, x!.size + 1]),
      [null],
    ),
    /no multiple/,
  );
});

test.run();
