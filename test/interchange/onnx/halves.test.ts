import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError } from '../../../src/errors.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import { halfRounded } from '../../../src/kernels/half.ts';
import * as nn from '../../../src/nn/index.ts';
import { adam } from '../../../src/optim/index.ts';
import '../../../src/tensor/methods.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { Variable } from '../../../src/tensor/variable.ts';
import { rejection } from '../../data/tiny-images.ts';
import { close, wave } from './numbers.ts';
import { runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX files of halves');

const relu = { activation: 'relu' } as const;
const net = () =>
  nn
    .sequential([
      nn.conv2d(8, 3, relu),
      nn.batchNorm(),
      nn.depthwiseConv2d(3),
      nn.globalAveragePool2d(),
      nn.dense(200, relu),
      nn.layerNorm(),
      nn.dense(5, { activation: 'softmax' }),
    ])
    .build([9, 8, 3]);

const shape = [2, 9, 8, 3];
const data = wave(2 * 9 * 8 * 3);

/** What the model computes with each weight rounded. */
async function withHalves(model: nn.Layer): Promise<ArrayLike<number>> {
  for (const variable of model.variables) {
    const values = await variable.value.data();
    variable.assign(tensor(Float32Array.from(values, halfRounded), [...variable.value.shape]));
  }
  return model.forward(tensor(data, shape)).data();
}

test('weights of f16 are computed with as f32, and read as f32 that train', async () => {
  const model = net();
  const options = { weights: 'f16' } as const;
  const bytes = await onnx.encode(model, [null, 9, 8, 3], options);
  const whole = await onnx.encode(model, [null, 9, 8, 3]);
  const parameters = model.variables.reduce((sum, { value }) => sum + value.size, 0);
  assert.ok(whole.length - bytes.length > 1.5 * parameters, `${whole.length} − ${bytes.length}`);
  const expected = await withHalves(model);
  const { output } = await runElsewhere(bytes, { input: { shape, dtype: 'f32', data } });
  close(output?.data ?? [], expected, 'in ONNX Runtime');
  const back = await onnx.decode(bytes);
  const again = back.forward(tensor(data, shape));
  close(await again.data(), expected, 'read back');
  const named = (layer: nn.Layer) =>
    [...layer.namedVariables()].map(
      ([name, { value, trainable }]) => `${name} ${value.dtype} ${trainable}`,
    );
  assert.equal(named(back).sort(), named(model).sort());
  const filter = back.namedVariables().get('layers.0.weight')!;
  const before = Array.from(await filter.data(), Number);
  const logits = back.forward(tensor(data, shape));
  await adam(back.variables).step(logits.square().mean());
  const after = Array.from(await filter.data(), Number);
  assert.ok(after.some((value, i) => value !== before[i]));
});

test('a filter of halves is read in the order that convolutions take', async () => {
  const bytes = await onnx.encode(net(), [null, 9, 8, 3], { weights: 'f16' });
  const filter = (await onnx.decode(bytes)).namedVariables().get('layers.0.weight');
  assert.equal(filter?.value.shape, [3, 3, 3, 8]);
});

test('a weight that f16 cannot hold is refused by name', async () => {
  const variable = new Variable(tensor([1, 7e4]), { name: 'scale' });
  const save = (weights?: 'f16') =>
    onnx.encode(({ x }) => x!.mul(variable.value), { x: [2] }, weights ? { weights } : {});
  await save();
  const error = await rejection(save('f16'));
  assert.instance(error, ArgumentError);
  assert.match(error.message, /weight 'scale' cannot be exported: it holds 70000, and f16/);
});

test('there are weights of f32 and f16', async () => {
  const options = { weights: 'f64' as 'f32' };
  const error = await rejection(onnx.encode(net(), [null, 9, 8, 3], options));
  assert.match(error.message, /onnx: weights 'f64' must be one of 'f32', 'f16'/);
});

test('variables and values that are f16 go out and in as they are', async () => {
  const half = (...sizes: number[]) =>
    tensor(wave(sizes.reduce((a, b) => a * b)), sizes).cast('f16') as AnyTensor;
  const filter = new Variable(half(3, 3, 3, 4), { name: 'filter' });
  const bias = new Variable(half(4), { name: 'bias' });
  const model = ({ x }: Record<string, AnyTensor>) => {
    const seen = x!.cast('f16').cast('f32').conv2d(filter.value.cast('f32')).cast('f16');
    const added = seen.add(bias.value);
    return { added, gelu: added.gelu(), shares: added.mod(0.3), most: added.max([1, 2]) };
  };
  const bytes = await onnx.encode(model, { x: [null, 9, 8, 3] });
  const found = await runElsewhere(bytes, { x: { shape, dtype: 'f32', data } });
  const back = await onnx.decode(bytes);
  const again = back.run({ x: tensor(data, shape) });
  const outputs = Object.entries<AnyTensor>(model({ x: tensor(data, shape) }));
  for (const [name, output] of outputs) {
    const values = await output.data();
    assert.is(again[name]?.dtype, 'f16');
    // Sums of f32 in another order may round to the next f16.
    close(found[name]?.data ?? [], Array.from(values), `${name} in ONNX Runtime`, 2 ** -10);
    close(Array.from((await again[name]?.data()) ?? []), Array.from(values), name, 2 ** -10);
  }
  assert.equal(
    back.variables.map(({ name, value }) => [name, value.dtype]),
    [
      ['filter', 'f32'],
      ['bias', 'f16'],
    ],
  );
});

test.run();
