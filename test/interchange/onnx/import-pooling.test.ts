import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError } from '../../../src/errors.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import '../../../src/tensor/methods.ts';
import { tensor, zeros } from '../../../src/tensor/ops/creation.ts';
import { rejection } from '../../data/tiny-images.ts';
import { float, graphBytes, node, whole } from './graphs.ts';
import { close, wave } from './numbers.ts';
import { runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX import of pooling');

const forms = {
  'windows side by side': { kernel_shape: [2, 2], strides: [2, 2] },
  'windows over each other, padded': { kernel_shape: [3, 2], pads: [1, 0, 1, 1] },
  'steps, gaps and the last window cut off': {
    ...{ kernel_shape: [2, 2], strides: [2, 1], dilations: [2, 3], ceil_mode: 1 },
  },
  'columns first': { kernel_shape: [3, 3], strides: [2, 2], storage_order: 1, pads: [1, 1, 1, 1] },
};

for (const [name, attributes] of Object.entries(forms)) {
  test(`MaxPool gives its indices: ${name}`, async () => {
    const sizes = ['n', 'c', 'h', 'w'];
    const bytes = await graphBytes({
      node: [node('MaxPool', ['x'], ['y', 'indices'], attributes)],
      input: [float('x', [2, 3, 7, 6])],
      output: [float('y', sizes), whole('indices', sizes)],
    });
    const model = await onnx.decode(bytes);
    const [shape, data] = [[2, 3, 7, 6], wave(252)];
    // Equal ones: the first counts.
    data.fill(0.9, 30, 50);
    const found = await runElsewhere(bytes, { x: { shape, dtype: 'f32', data } });
    const own = model.run({ x: tensor(data, shape) });
    for (const output of ['y', 'indices']) {
      assert.equal(own[output]?.shape, found[output]?.shape, output);
      close((await own[output]?.data()) ?? [], found[output]?.data ?? [], output);
    }
  });
}

test('indices of windows over one axis are refused', async () => {
  const model = await onnx.decode(
    await graphBytes({
      node: [node('MaxPool', ['x'], ['y', 'indices'], { kernel_shape: [2] })],
      input: [float('x', [1, 1, 4])],
      output: [float('y', [1, 1, 3]), whole('indices', [1, 1, 3])],
    }),
  );
  const error = await rejection((async () => model.run({ x: zeros([1, 1, 4]) }))());
  assert.instance(error, ArgumentError);
  assert.match(error.message, /MaxPool \(y\): the indices of windows over 1 axes/);
});

test.run();
