import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { grad } from '../../../src/autograd/grad.ts';
import { CheckpointError } from '../../../src/errors.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import type { GraphProto } from '../../../src/interchange/onnx/messages.ts';
import { int64Proto } from '../../../src/interchange/onnx/tensor-proto.ts';
import '../../../src/tensor/methods.ts';
import { tensor, zeros } from '../../../src/tensor/ops/creation.ts';
import { Variable } from '../../../src/tensor/variable.ts';
import { rejection } from '../../data/tiny-images.ts';
import { flag, float, graphBytes, node, whole } from './graphs.ts';
import { close, wave } from './numbers.ts';
import { runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX import of sequences and of what is scattered');

const data = wave(35);

/** ONNX Runtime computes the same of x [5, 7]. */
async function sameElsewhere(graph: Partial<GraphProto>, opset = 17): Promise<void> {
  const bytes = await graphBytes({ input: [float('x', [5, 7])], ...graph }, opset);
  const found = await runElsewhere(bytes, { x: { shape: [5, 7], dtype: 'f32', data } });
  const own = await (await onnx.decode(bytes)).runAsync({ x: tensor(data, [5, 7]) });
  for (const name of Object.keys(found)) {
    assert.equal(own[name]?.shape, found[name]?.shape, name);
    close(Array.from((await own[name]?.data()) ?? [], Number), found[name]?.data ?? [], name);
  }
}

const places = [
  int64Proto('first', [], [0]),
  int64Proto('second', [], [1]),
  int64Proto('last', [], [-1]),
  int64Proto('three', [], [3]),
  int64Proto('parts', [3], [1, 4, 2]),
];

for (const [what, inputs, attributes] of [
  ['single rows', ['x'], {}],
  ['rows without their axis', ['x'], { keepdims: 0 }],
  ['columns without their axis', ['x'], { keepdims: 0, axis: -1 }],
  ['parts of three, and what is left', ['x', 'three'], { axis: 1 }],
  ['parts of several sizes', ['x', 'parts'], { axis: 1 }],
] as const) {
  test(`SplitToSequence into ${what}`, () => {
    const rank = 'keepdims' in attributes ? 1 : 2;
    const sizes = (name: string) => ['a', 'b'].slice(0, rank).map((axis) => name + axis);
    return sameElsewhere({
      node: [
        node('SplitToSequence', inputs, ['parted'], attributes),
        node('SequenceAt', ['parted', 'second'], ['one']),
        node('SequenceAt', ['parted', 'last'], ['end']),
        node('SequenceLength', ['parted'], ['count']),
      ],
      initializer: places,
      output: [float('one', sizes('one')), float('end', sizes('end')), whole('count', [])],
    });
  });
}

for (const new_axis of [0, 1]) {
  test(`ConcatFromSequence ${new_axis ? 'along a new axis' : 'along one there is'}`, () =>
    sameElsewhere({
      node: [
        node('Neg', ['x'], ['negative']),
        node('Abs', ['x'], ['size']),
        node('SequenceEmpty', [], ['none']),
        node('SequenceInsert', ['none', 'x'], ['a']),
        node('SequenceInsert', ['a', 'negative', 'first'], ['b']),
        node('SequenceConstruct', ['x', 'size', 'negative'], ['c']),
        node('SequenceErase', ['c', 'first'], ['d']),
        node('SequenceErase', ['c'], ['e']),
        node('SequenceInsert', ['e', 'negative', 'last'], ['f']),
        ...['b', 'd', 'f'].map((name) =>
          node('ConcatFromSequence', [name], [`${name}y`], { axis: -1, new_axis }),
        ),
      ],
      initializer: places,
      output: ['by', 'dy', 'fy'].map((name) =>
        float(name, new_axis ? [5, 7, `${name}2`] : [5, `${name}1`]),
      ),
    }));
}

test('sequences go through branches and loops', () => {
  const loop = {
    node: [
      node('Identity', ['given'], ['goesOn']),
      node('Gather', ['x', 'i'], ['row']),
      node('SequenceInsert', ['before', 'row'], ['after']),
    ],
    input: [whole('i', []), flag('given', []), { name: 'before' }],
    output: [flag('goesOn', []), { name: 'after' }],
  };
  return sameElsewhere({
    node: [
      node('SequenceEmpty', [], ['none']),
      node('Loop', ['three', '', 'none'], ['rows'], { body: { graph: loop } }),
      node('ConcatFromSequence', ['rows'], ['y'], { axis: 0, new_axis: 1 }),
    ],
    initializer: places,
    output: [float('y', ['n', 7])],
  });
});

test('what is wrong with a sequence is said', async () => {
  const said = async (nodes: GraphProto['node'], words: RegExp) => {
    const model = await onnx.decode(
      await graphBytes({
        node: nodes,
        initializer: places,
        input: [float('x', [5, 7])],
        output: [float('y', ['n'])],
      }),
    );
    const error = await rejection((async () => model.run({ x: zeros([5, 7]) }))());
    assert.match(error.message, words);
    return error;
  };
  const made = node('SequenceConstruct', ['x', 'x'], ['two']);
  await said([made, node('SequenceAt', ['two', 'three'], ['y'])], /SequenceAt.*place 3.*of 2/);
  await said([made, node('Abs', ['two'], ['y'])], /Abs \(y\): a sequence as input 0/);
  const error = await said([node('SequenceAt', ['x', 'first'], ['y'])], /takes a sequence/);
  assert.instance(error, CheckpointError);
  assert.instance(await said([{ ...made, output: ['y'] }], /'y' is a sequence/), CheckpointError);
});

const updates = {
  elements: { indices: int64Proto('at', [3, 2], [0, 4, -1, 0, 4, 4]), shape: [3, 2] },
  slices: { indices: int64Proto('at', [4, 1], [3, 0, 3, -2]), shape: [4, 7] },
  positions: { indices: int64Proto('at', [4, 2], [1, 2, 0, -1, 1, 2, -4, 2]), shape: [4] },
};

for (const reduction of ['add', 'mul', 'max', 'min']) {
  for (const [what, { indices, shape }] of Object.entries(updates)) {
    const name = what === 'elements' ? 'ScatterElements' : 'ScatterND';
    test(`${name} of ${what} by ${reduction}`, () => {
      const count = shape.reduce((a, b) => a * b);
      const flat = { starts: [0], ends: [count] };
      return sameElsewhere(
        {
          node: [
            node('Reshape', ['x', 'all'], ['flat']),
            node('Slice', ['flat', 'from', 'to'], ['some']),
            node('Mul', ['some', 'some'], ['squares']),
            node('Reshape', ['squares', 'shape'], ['updates']),
            node(name, ['x', 'at', 'updates'], ['y'], { reduction }),
          ],
          initializer: [
            indices,
            int64Proto('all', [1], [-1]),
            int64Proto('from', [1], flat.starts),
            int64Proto('to', [1], flat.ends),
            int64Proto('shape', [shape.length], shape),
          ],
          output: [float('y', [5, 7])],
        },
        18,
      );
    });
  }
}

test('gradients reach what is scattered by a product, and indices that are computed are waited for', async () => {
  const model = await onnx.decode(
    await graphBytes(
      {
        node: [node('ScatterElements', ['x', 'at', 'u'], ['y'], { reduction: 'mul' })],
        input: [float('x', [3]), whole('at', [2]), float('u', [2])],
        output: [float('y', [3])],
      },
      18,
    ),
  );
  const x = tensor([1, 2, 3]);
  const u = new Variable(tensor([5, 7]));
  const at = tensor([0.5, 0.5]).add(1).cast('i32');
  const error = await rejection((async () => model.run({ x, at, u: u.value }))());
  assert.match(error.message, /ScatterElements \(y\): input 1.*runAsync/);
  const { y } = await model.runAsync({ x, at, u: u.value });
  assert.equal(Array.from(await y!.data()), [1, 70, 3]);
  const [slope] = grad(y!.sum(), [u]);
  assert.equal(Array.from(await slope!.data()), [14, 10]);
});

test.run();
