import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { grad } from '../../../src/autograd/grad.ts';
import { ArgumentError } from '../../../src/errors.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import { toTensorProto } from '../../../src/interchange/onnx/tensor-proto.ts';
import { adam } from '../../../src/optim/index.ts';
import '../../../src/tensor/methods.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { rejection } from '../../data/tiny-images.ts';
import { float, graphBytes, node, whole, word } from './graphs.ts';
import { close, wave } from './numbers.ts';
import { runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX import of recurrent operators');

const [LENGTH, FEATURES, UNITS] = [5, 3, 4];
const cells = {
  LSTM: { gates: 4, states: 2 },
  GRU: { gates: 3, states: 1 },
  RNN: { gates: 1, states: 1 },
};

interface Form {
  readonly direction?: 'forward' | 'reverse' | 'bidirectional';
  readonly linear_before_reset?: number;
  readonly biased?: boolean;
  readonly begun?: boolean;
  readonly peepholes?: boolean;
  /** Whether each sequence has as many steps as the input 'lengths' says. */
  readonly ragged?: boolean;
  readonly input_forget?: number;
  readonly clip?: { readonly float: number };
  readonly activations?: readonly string[];
  readonly activation_alpha?: { readonly float: readonly number[] };
  readonly activation_beta?: { readonly float: readonly number[] };
}

const shapedWave = (...shape: number[]) => ({
  shape,
  dtype: 'f32' as const,
  data: wave(
    shape.reduce((a, b) => a * b),
    -0.9,
    0.8,
  ),
});

/** Two and four steps, by turns. */
const steps = (batch: number) => ({
  shape: [batch],
  dtype: 'i32' as const,
  data: Int32Array.from({ length: batch }, (_, i) => 2 + 2 * (i % 2)),
});

/** A graph of one recurrent node, with its weights inside and the states it begins with as inputs. */
function graphOf(
  cell: keyof typeof cells,
  { biased, begun, peepholes, ragged, ...attributes }: Form,
) {
  const { gates, states: count } = cells[cell];
  const directions = attributes.direction === 'bidirectional' ? 2 : 1;
  const rows = gates * UNITS;
  const weights = {
    w: shapedWave(directions, rows, FEATURES),
    r: shapedWave(directions, rows, UNITS),
    ...(biased ? { b: shapedWave(directions, 2 * rows) } : {}),
    ...(peepholes ? { p: shapedWave(directions, 3 * UNITS) } : {}),
  };
  const begins = begun ? ['h', 'c'].slice(0, count) : [];
  const lasts = ['last_h', 'last_c'].slice(0, count);
  const state = [directions, 'batch', UNITS];
  const lengths = ragged ? 'lengths' : '';
  const behind = peepholes ? [begins[0] ?? '', begins[1] ?? '', 'p'] : begins;
  const given = ['x', 'w', 'r', biased ? 'b' : '', lengths, ...behind];
  const graph = {
    node: [node(cell, given, ['y', ...lasts], { ...attributes, hidden_size: UNITS })],
    initializer: Object.entries(weights).map(([name, value]) => toTensorProto(name, value)),
    input: [
      float('x', [LENGTH, 'batch', FEATURES]),
      ...(ragged ? [word('lengths', ['batch'])] : []),
      ...begins.map((name) => float(name, state)),
    ],
    output: [
      float('y', [LENGTH, directions, 'batch', UNITS]),
      ...lasts.map((name) => float(name, state)),
    ],
  };
  const inputs = (batch: number) => ({
    x: shapedWave(LENGTH, batch, FEATURES),
    ...(ragged ? { lengths: steps(batch) } : {}),
    ...Object.fromEntries(begins.map((name) => [name, shapedWave(directions, batch, UNITS)])),
  });
  return { graph, inputs };
}

const forms: readonly Form[] = [
  {},
  { direction: 'reverse', biased: true },
  { direction: 'bidirectional', biased: true },
  { direction: 'forward', biased: true, begun: true },
  { direction: 'reverse', begun: true },
  { direction: 'bidirectional', biased: true, begun: true },
  { direction: 'bidirectional', biased: true, begun: true, ragged: true },
  { direction: 'reverse', ragged: true },
  { direction: 'bidirectional', clip: { float: 0.3 } },
];
const ofLSTM: readonly Form[] = [
  { direction: 'bidirectional', peepholes: true, biased: true, begun: true },
  { peepholes: true, ragged: true },
  { input_forget: 1 },
  {
    direction: 'bidirectional',
    activations: ['HardSigmoid', 'Softsign', 'Elu', 'HardSigmoid', 'LeakyRelu', 'ScaledTanh'],
    activation_alpha: { float: [0.3, 0.7, 0.25, 0.1, 1.2] },
    activation_beta: { float: [0.4, 0.6, 0.5] },
  },
];
const ofRNN: readonly Form[] = [
  { activations: ['Relu'] },
  {
    activations: ['Affine'],
    activation_alpha: { float: [0.5] },
    activation_beta: { float: [0.1] },
  },
  { activations: ['ThresholdedRelu'], activation_alpha: { float: [0.2] } },
  { direction: 'bidirectional', activations: ['Softplus', 'Tanh'] },
];
const names = ['LSTM', 'GRU', 'RNN'] as const;
const cases = names.flatMap((cell) => {
  const linear = cell === 'GRU' ? [0, 1].map((flag) => ({ linear_before_reset: flag })) : [{}];
  const all = [...forms, ...(cell === 'LSTM' ? ofLSTM : cell === 'RNN' ? ofRNN : [])];
  return linear.flatMap((own) => all.map((form) => ({ cell, form: { ...form, ...own } })));
});

for (const { cell, form } of cases) {
  const said = Object.entries(form).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  test(`${[cell, ...said].join(', ')}`, async () => {
    const { graph, inputs } = graphOf(cell, form);
    const bytes = await graphBytes(graph);
    const model = await onnx.decode(bytes);
    for (const batch of [1, 2]) {
      const given = inputs(batch);
      const found = await runElsewhere(bytes, given);
      const own = model.run(
        Object.fromEntries(
          Object.entries(given).map(([name, { data, shape }]) => [name, tensor(data, shape)]),
        ),
      );
      for (const { name } of graph.output) {
        assert.equal(own[name]?.shape, found[name]?.shape, name);
        close((await own[name]?.data()) ?? [], found[name]?.data ?? [], name);
      }
    }
  });
}

for (const cell of names) {
  test(`the weights of ${cell} train further`, async () => {
    const { graph, inputs } = graphOf(cell, { direction: 'bidirectional', biased: true });
    const model = await onnx.decode(await graphBytes(graph));
    assert.equal([...model.namedVariables().keys()].sort(), ['b', 'r', 'w']);
    const { data, shape } = inputs(3).x;
    const x = tensor(data, shape);
    const error = () => model.run({ x }).y!.sub(0.3).square().mean();
    const optimizer = adam(model.variables, { lr: 0.05 });
    const before = await error().item();
    const slopes = grad(error(), model.variables);
    for (const [i, slope] of slopes.entries()) {
      const values = Array.from(await slope.data());
      const reaches = values.every((value) => Number.isFinite(value) && value !== 0);
      assert.ok(reaches, `the gradient of ${model.variables[i]?.name}`);
    }
    for (let step = 0; step < 5; step++) await optimizer.step(error());
    const after = await error().item();
    assert.ok(after < before * 0.9, `${before} became ${after}`);
  });
}

test('an activation that is not computed is refused by name', async () => {
  const { graph, inputs } = graphOf('LSTM', { activations: ['Sigmoid', 'Sine', 'Tanh'] });
  const model = await onnx.decode(await graphBytes(graph));
  const { data, shape } = inputs(1).x;
  const error = await rejection((async () => model.run({ x: tensor(data, shape) }))());
  assert.instance(error, ArgumentError);
  assert.match(error.message, /LSTM \(y\): the activation sine is not supported/);
});

for (const [time, batch] of [
  [0, 1],
  [1, 0],
] as const) {
  test(`ReverseSequence along axis ${time} takes the steps that there are`, async () => {
    const axes = { time_axis: time, batch_axis: batch };
    const bytes = await graphBytes({
      node: [node('ReverseSequence', ['x', 'lengths'], ['y'], axes)],
      input: [float('x', ['a', 'b', 2]), whole('lengths', ['n'])],
      output: [float('y', ['a', 'b', 2])],
    });
    const x = { shape: [4, 4, 2], dtype: 'f32', data: wave(32) } as const;
    const lengths = { shape: [4], dtype: 'i64', data: Int32Array.of(3, 1, 4, 2) } as const;
    const model = await onnx.decode(bytes);
    const found = await runElsewhere(bytes, { x, lengths });
    const own = model.run({ x: tensor(x.data, x.shape), lengths: tensor(lengths.data, [4]) });
    close((await own.y?.data()) ?? [], found.y?.data ?? [], 'y');
  });
}

test.run();
