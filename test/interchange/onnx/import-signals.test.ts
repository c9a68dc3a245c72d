import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gradcheck } from '../../../src/autograd/gradcheck.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import type { GraphProto } from '../../../src/interchange/onnx/messages.ts';
import { int64Proto, toTensorProto } from '../../../src/interchange/onnx/tensor-proto.ts';
import '../../../src/tensor/methods.ts';
import { tensor, zeros } from '../../../src/tensor/ops/creation.ts';
import { rejection } from '../../data/tiny-images.ts';
import { float, graphBytes, node } from './graphs.ts';
import { close, wave } from './numbers.ts';
import { runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX import of signals');

async function sameElsewhere(
  graph: Partial<GraphProto>,
  x: { readonly shape: readonly number[]; readonly data: Float32Array },
  opset = 17,
): Promise<void> {
  const bytes = await graphBytes(graph, opset);
  const found = await runElsewhere(bytes, { x: { ...x, dtype: 'f32' } });
  const own = (await onnx.decode(bytes)).run({ x: tensor(x.data, x.shape) });
  for (const name of Object.keys(found)) {
    assert.equal(own[name]?.shape, found[name]?.shape, name);
    close(Array.from((await own[name]?.data()) ?? [], Number), found[name]?.data ?? [], name, 2e-5);
  }
}

const numbers = (...shape: number[]) => ({ shape, data: wave(shape.reduce((a, b) => a * b)) });
const single = (name: string, value: number) =>
  toTensorProto(name, { shape: [], dtype: 'f32', data: Float32Array.of(value) });

const transforms = [
  ['real signals', [2, 9, 1], {}, undefined],
  ['one side of an even length', [2, 8, 1], { onesided: 1 }, undefined],
  ['one side of an odd length', [2, 9, 1], { onesided: 1 }, undefined],
  ['complex signals', [2, 9, 2], {}, undefined],
  ['spectra, back', [2, 9, 2], { inverse: 1 }, undefined],
  ['another axis', [2, 5, 6, 2], { axis: 2 }, undefined],
  ['signals that are cut off', [2, 9, 1], {}, 6],
  ['signals with zeros behind', [2, 9, 1], { onesided: 1 }, 14],
] as const;

for (const [what, shape, attributes, length] of transforms) {
  test(`DFT of ${what}`, () =>
    sameElsewhere(
      {
        node: [node('DFT', length ? ['x', 'length'] : ['x'], ['y'], attributes)],
        initializer: length ? [int64Proto('length', [], [length])] : [],
        input: [float('x', shape)],
        output: [
          float(
            'y',
            shape.map((_, i) => `y${i}`),
          ),
        ],
      },
      numbers(...shape),
    ));
}

test('DFT of version 20 takes the axis as an input, the last but one where it is left out', async () => {
  const run = async (inputs: readonly string[], attributes = {}, opset = 20) => {
    const bytes = await graphBytes(
      {
        node: [node('DFT', inputs, ['y'], attributes)],
        initializer: [int64Proto('axis', [], [1])],
        input: [float('x', [2, 4, 5, 1])],
        output: [float('y', [2, 4, 5, 2])],
      },
      opset,
    );
    const { data } = numbers(2, 4, 5, 1);
    return (await onnx.decode(bytes)).run({ x: tensor(data, [2, 4, 5, 1]) }).y!.data();
  };
  assert.equal(await run(['x', '', 'axis']), await run(['x'], { axis: 1 }, 17));
  assert.equal(await run(['x']), await run(['x'], { axis: 2 }, 17));
});

for (const windowed of [true, false]) {
  for (const onesided of [1, 0]) {
    test(`STFT ${windowed ? 'by a window' : 'of whole frames'}, ${onesided ? 'one side' : 'all'}`, () =>
      sameElsewhere(
        {
          node: [
            node('HannWindow', ['size'], ['window'], { periodic: 1 }),
            node('STFT', windowed ? ['x', 'step', 'window'] : ['x', 'step', '', 'size'], ['y'], {
              onesided,
            }),
          ],
          initializer: [int64Proto('size', [], [8]), int64Proto('step', [], [3])],
          input: [float('x', [2, 30, 1])],
          output: [float('y', [2, 'frames', 'm', 2])],
        },
        numbers(2, 30, 1),
      ));
  }
}

for (const name of ['HannWindow', 'HammingWindow', 'BlackmanWindow']) {
  for (const periodic of [1, 0]) {
    test(`${name}, ${periodic ? 'periodic' : 'symmetric'}`, () =>
      sameElsewhere(
        {
          node: [
            node(name, ['size'], ['window'], { periodic }),
            node('Mul', ['x', 'window'], ['y']),
          ],
          initializer: [int64Proto('size', [], [11])],
          input: [float('x', [11])],
          output: [float('y', [11])],
        },
        numbers(11),
      ));
  }
}

test('MelWeightMatrix makes a spectrogram', () =>
  sameElsewhere(
    {
      node: [
        node('MelWeightMatrix', ['bins', 'size', 'rate', 'low', 'high'], ['mel']),
        node('MatMul', ['x', 'mel'], ['y']),
      ],
      initializer: [
        ...[int64Proto('bins', [], [10]), int64Proto('size', [], [64])],
        ...[int64Proto('rate', [], [8000]), single('low', 20), single('high', 3800)],
      ],
      input: [float('x', [5, 33])],
      output: [float('y', [5, 10])],
    },
    numbers(5, 33),
  ));

test('gradients pass spectra, and an inverse of one side is refused', async () => {
  const graph = (attributes: Parameters<typeof node>[3]) => ({
    node: [node('DFT', ['x'], ['y'], attributes)],
    input: [float('x', [1, 6, 2])],
    output: [float('y', [1, 6, 2])],
  });
  const model = await onnx.decode(await graphBytes(graph({})));
  const { data } = numbers(1, 6, 2);
  await gradcheck((x) => model.run({ x: x! }).y!, [tensor(data, [1, 6, 2])]);
  const other = await onnx.decode(await graphBytes(graph({ inverse: 1, onesided: 1 })));
  const run = async () => other.run({ x: zeros([1, 6, 2]) });
  assert.match((await rejection(run())).message, /DFT \(y\): an inverse of one side/);
});

test.run();
