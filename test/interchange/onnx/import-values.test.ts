import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { grad } from '../../../src/autograd/grad.ts';
import { ArgumentError } from '../../../src/errors.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import type { GraphProto } from '../../../src/interchange/onnx/messages.ts';
import { int64Proto, toTensorProto } from '../../../src/interchange/onnx/tensor-proto.ts';
import '../../../src/tensor/methods.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { Variable } from '../../../src/tensor/variable.ts';
import { rejection } from '../../data/tiny-images.ts';
import { flag, float, graphBytes, node, whole } from './graphs.ts';
import { close, wave } from './numbers.ts';
import { type RuntimeTensor, runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX import of shapes and steps that depend on values');

type Given = Readonly<Record<string, RuntimeTensor>>;

function ownTensors(given: Given) {
  const tensors = Object.entries(given).map(
    ([name, { data, shape, dtype }]) =>
      [name, tensor(data, shape, { dtype: dtype === 'i64' ? 'i32' : dtype })] as const,
  );
  return Object.fromEntries(tensors);
}

async function sameElsewhere(graph: Partial<GraphProto>, given: Given): Promise<void> {
  const bytes = await graphBytes(graph);
  const found = await runElsewhere(bytes, given);
  const own = await (await onnx.decode(bytes)).runAsync(ownTensors(given));
  for (const name of Object.keys(found)) {
    assert.equal(own[name]?.shape, found[name]?.shape, name);
    close(Array.from((await own[name]?.data()) ?? [], Number), found[name]?.data ?? [], name);
  }
}

const x = {
  shape: [3, 4],
  dtype: 'f32',
  data: Float32Array.of(2, 0, 1, -1, 0, 0, 3, 1, 2, 0, 1, -1),
} as const;

test('NonZero gives positions, of which others compute', () =>
  sameElsewhere(
    {
      node: [
        node('Relu', ['x'], ['positive']),
        node('NonZero', ['positive'], ['places']),
        node('Transpose', ['places'], ['rows'], { perm: [1, 0] }),
        node('GatherND', ['x', 'rows'], ['y']),
      ],
      input: [float('x', [3, 4])],
      output: [whole('places', [2, 'n']), float('y', ['n'])],
    },
    { x },
  ));

for (const attributes of [{}, { sorted: 0 }, { axis: 0 }, { axis: -1, sorted: 0 }]) {
  test(`Unique ${JSON.stringify(attributes)}`, () =>
    sameElsewhere(
      {
        node: [node('Unique', ['x'], ['y', 'first', 'of', 'count'], attributes)],
        input: [float('x', [3, 4])],
        output: [
          float('y', 'axis' in attributes ? ['m', 'n'] : ['n']),
          ...['first', 'of', 'count'].map((name) => whole(name, [name])),
        ],
      },
      { x },
    ));
}

const corners = (count: number) =>
  Float32Array.from({ length: 4 * count }, (_, i) => {
    const [place, size] = [Math.sin(7 * (i >> 2)) * 2, 1 + Math.abs(Math.sin(i))];
    return i % 4 < 2 ? place : place + size;
  });

for (const centred of [0, 1]) {
  test(`NonMaxSuppression of ${centred ? 'centres and sizes' : 'corners'}`, () =>
    sameElsewhere(
      {
        node: [
          node('NonMaxSuppression', ['boxes', 'scores', 'most', 'widest', 'least'], ['y'], {
            center_point_box: centred,
          }),
        ],
        initializer: [
          int64Proto('most', [1], [4]),
          ...(['widest', 'least'] as const).map((name) =>
            toTensorProto(name, { shape: [1], dtype: 'f32', data: Float32Array.of(0.3) }),
          ),
        ],
        input: [float('boxes', [2, 9, 4]), float('scores', [2, 3, 9])],
        output: [whole('y', ['n', 3])],
      },
      {
        boxes: { shape: [2, 9, 4], dtype: 'f32', data: corners(18) },
        scores: { shape: [2, 3, 9], dtype: 'f32', data: wave(54, 0, 1) },
      },
    ));
}

const branches = {
  node: [
    node('ReduceSum', ['x'], ['sum'], { keepdims: 0 }),
    node('Greater', ['sum', 'limit'], ['is_large']),
    node('If', ['is_large'], ['y'], {
      then_branch: {
        graph: { node: [node('Neg', ['x'], ['a'])], output: [float('a', [3, 4])] },
      },
      else_branch: {
        graph: { node: [node('ReduceMax', ['x'], ['b'])], output: [float('b', [1, 1])] },
      },
    }),
  ],
  initializer: [toTensorProto('limit', { shape: [], dtype: 'f32', data: Float32Array.of(2) })],
  input: [float('x', [3, 4])],
  output: [float('y', ['m', 'n'])],
};

test('If computes the branch that a value chooses', async () => {
  await sameElsewhere(branches, { x });
  await sameElsewhere(branches, { x: { ...x, data: wave(12) } });
});

test('Loop goes on as long as its condition holds, and stacks what steps add', () =>
  sameElsewhere(
    {
      node: [
        node('Loop', ['most', '', 'x'], ['last', 'all'], {
          body: {
            graph: {
              node: [
                node('Mul', ['before', 'two'], ['after']),
                node('ReduceMax', ['after'], ['largest'], { keepdims: 0 }),
                node('Less', ['largest', 'limit'], ['goes_on']),
                node('Identity', ['largest'], ['added']),
              ],
              initializer: [
                toTensorProto('two', { shape: [], dtype: 'f32', data: Float32Array.of(2) }),
              ],
              input: [whole('step', []), flag('condition', []), float('before', [3, 4])],
              output: [flag('goes_on', []), float('after', [3, 4]), float('added', [])],
            },
          },
        }),
      ],
      initializer: [
        int64Proto('most', [], [20]),
        toTensorProto('limit', { shape: [], dtype: 'f32', data: Float32Array.of(40) }),
      ],
      input: [float('x', [3, 4])],
      output: [float('last', [3, 4]), float('all', ['n'])],
    },
    { x },
  ));

test('Scan computes slice by slice, forwards and backwards', () =>
  sameElsewhere(
    {
      node: [
        node('Scan', ['begin', 'x', 'x'], ['last', 'all'], {
          num_scan_inputs: 2,
          scan_input_axes: [0, 0],
          scan_input_directions: [0, 1],
          scan_output_axes: [1],
          scan_output_directions: [1],
          body: {
            graph: {
              node: [
                node('Mul', ['a', 'b'], ['product']),
                node('Add', ['before', 'product'], ['after']),
                node('Neg', ['after'], ['added']),
              ],
              input: [float('before', [4]), float('a', [4]), float('b', [4])],
              output: [float('after', [4]), float('added', [4])],
            },
          },
        }),
      ],
      input: [float('begin', [4]), float('x', [3, 4])],
      output: [float('last', [4]), float('all', [4, 3])],
    },
    { begin: { shape: [4], dtype: 'f32', data: wave(4) }, x },
  ));

test('gradients reach inputs of few elements, which are at hand', async () => {
  const model = await onnx.decode(
    await graphBytes({
      node: [node('Mul', ['x', 'x'], ['square']), node('ReduceMax', ['square'], ['y'])],
      input: [float('x', [3])],
      output: [float('y', [1])],
    }),
  );
  const given = tensor([1, -3, 2]);
  const [slope] = grad(model.run({ x: given }).y!.sum(), [given]);
  assert.equal(Array.from(await slope!.data()), [0, -6, 0]);
});

test('without waiting it is an error that says what to call, and gradients pass beside what is waited for', async () => {
  const model = await onnx.decode(
    await graphBytes({
      node: [
        node('NonZero', ['x'], ['places']),
        node('Transpose', ['places'], ['rows'], { perm: [1, 0] }),
        node('GatherND', ['x', 'rows'], ['y']),
      ],
      input: [float('x', [3, 4])],
      output: [float('y', ['n'])],
    }),
  );
  const variable = new Variable(tensor(x.data, [3, 4]));
  const error = await rejection((async () => model.run({ x: variable.value }))());
  assert.instance(error, ArgumentError);
  assert.match(error.message, /NonZero \(places\): input 0 .*runAsync/);
  const { y } = await model.runAsync({ x: variable.value });
  const [slope] = grad(y!.mul(2).sum(), [variable]);
  assert.equal(
    Array.from(await slope!.data()),
    Array.from(x.data, (value) => (value === 0 ? 0 : 2)),
  );
});

test.run();
