import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, CheckpointError, ShapeError } from '../../../src/errors.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import { type GraphProto, onnxMessages } from '../../../src/interchange/onnx/messages.ts';
import {
  fromTensorProto,
  int64Proto,
  toTensorProto,
} from '../../../src/interchange/onnx/tensor-proto.ts';
import type { HostTensor } from '../../../src/io/host-tensor.ts';
import '../../../src/tensor/methods.ts';
import { full, tensor, zeros } from '../../../src/tensor/ops/creation.ts';
import { rejection } from '../../data/tiny-images.ts';
import { float, graphBytes, halves, node } from './graphs.ts';

const test = suite('ONNX import');

// ONNX' own cases for each operator, and small models exported from PyTorch: Debian's package
// libonnx-testdata.
const CASES = process.env.WGRAD_ONNX_CASES ?? '/usr/share/libonnx-testdata/data';

/**
 * Operators of which some form is not computed, and why; whatever else a case uses must pass. A case
 * of another name that needs an operator we do not have is left out, and counted.
 */
const notComputed: Readonly<Record<string, RegExp>> = {
  'types we do not have': /BFLOAT16|STRING|_opt|_sequence|sequence_|optional_/,
  training: /batchnorm_.*training|training_dropout/,
  'random numbers': /bernoulli/,
  // Those take a size that is no whole number; PyTorch and ONNX Runtime take that of the result.
  'corners of a size that is cut off': /resize_downsample_scales_(linear|cubic)_align_corners/,
  'doubles that no f32 can hold': /operator_add_(broadcast|size1)|operator_addconstant/,
};

/** Values of f16 and of powers are rounded in other places. */
const TOLERANCE = 1e-3;
/** Of the largest number, where sums are near 0, as those of waves are. */
const ROUNDING = 2 ** -22;

async function readTensor(file: string): Promise<HostTensor> {
  const { decodeTensor } = await onnxMessages();
  return fromTensorProto(decodeTensor(await readFile(file), file), file);
}

async function runCase(folder: string): Promise<void> {
  const model = await onnx.load(join(folder, 'model.onnx'));
  for (const set of (await readdir(folder)).filter((name) => name.startsWith('test_data_set'))) {
    const inputs = await Promise.all(
      model.inputs.map(async ({ name }, i) => {
        const { data, shape, dtype } = await readTensor(join(folder, set, `input_${i}.pb`));
        return [name, tensor(data, shape, { dtype })] as const;
      }),
    );
    const found = await model.runAsync(Object.fromEntries(inputs));
    for (const [i, { name }] of model.outputs.entries()) {
      const expected = await readTensor(join(folder, set, `output_${i}.pb`));
      const output = found[name];
      assert.equal(output?.shape, expected.shape, name);
      const data = (await output?.data()) ?? [];
      const sizes = Array.from(expected.data, Math.abs).filter(Number.isFinite);
      const largest = sizes.reduce((x, y) => Math.max(x, y), 0);
      for (let k = 0; k < expected.data.length; k++) {
        const [a, b] = [data[k] as number, expected.data[k] as number];
        const isClose =
          Object.is(a, b) ||
          a === b ||
          Math.abs(a - b) <= Math.max(TOLERANCE * (1e-4 + Math.abs(b)), ROUNDING * largest);
        assert.ok(isClose, `${name}: element ${k} is ${a}, expected ${b}`);
      }
    }
  }
}

/** The fewest cases that pass in each folder: a guard against leaving them out without notice. */
const sets = { node: 860, simple: 15, 'pytorch-converted': 82, 'pytorch-operator': 31 };

for (const [set, fewest] of Object.entries(sets)) {
  const folder = join(CASES, set);
  if (!existsSync(folder)) {
    console.log(
      `ONNX' cases are not at ${folder}: not covered. On Debian: apt-get install libonnx-testdata`,
    );
    continue;
  }
  test(`ONNX' own cases pass: ${set}`, async () => {
    const wrong: string[] = [];
    let passed = 0;
    for (const name of await readdir(folder)) {
      if (!existsSync(join(folder, name, 'model.onnx'))) continue;
      try {
        await runCase(join(folder, name));
        passed++;
      } catch (error) {
        const { message } = error as Error;
        const isExpected = Object.values(notComputed).some((names) => names.test(name));
        if (!isExpected && !/ not supported[.:]|names no operator set/.test(message))
          wrong.push(`${name}: ${message}`);
      }
    }
    assert.equal(wrong, []);
    assert.ok(passed >= fewest, `${passed} cases passed, of ${fewest} that can`);
  });
}

async function modelOf(graph: Partial<GraphProto>): Promise<onnx.OnnxModel> {
  return onnx.decode(await graphBytes(graph), 'The case');
}

test('a model of halves computes, and gives halves', async () => {
  const half = (name: string, shape: number[], values: number[]) =>
    toTensorProto(name, { shape, dtype: 'f16', data: Float32Array.from(values) });
  const model = await modelOf({
    node: [
      node('Conv', ['x', 'filter'], ['seen']),
      node('Relu', ['seen'], ['kept']),
      node('GlobalAveragePool', ['kept'], ['mean']),
      node('Flatten', ['mean'], ['flat']),
      node('Gemm', ['flat', 'weight', 'bias'], ['sum']),
      node('Softmax', ['sum'], ['y']),
    ],
    initializer: [
      half('filter', [1, 1, 2, 2], [1, 0, 0, 2]),
      half('weight', [1, 2], [0.5, -0.5]),
      half('bias', [2], [0, 1]),
    ],
    input: [halves('x', ['n', 1, 2, 2])],
    output: [halves('y', ['n', 2])],
  });
  const x = tensor(Float32Array.of(1, 5, 5, 0.5), [1, 1, 2, 2]);
  const y = model.forward(x);
  assert.is(y.dtype, 'f16');
  // The filter gives 2, and so the sums are 1 and 0.
  const [first = 0] = await y.data();
  assert.ok(Math.abs(first - Math.E / (Math.E + 1)) < 1e-3, String(first));
});

test('random numbers are those of the shape and range that a graph asks for', async () => {
  const model = await modelOf({
    node: [
      node('RandomUniform', [], ['even'], { shape: [400], low: { float: 2 }, high: { float: 3 } }),
      node('RandomNormalLike', ['x'], ['noise'], { mean: { float: 5 }, scale: { float: 0.5 } }),
      node('Bernoulli', ['x'], ['coins']),
    ],
    input: [float('x', [400])],
    output: ['even', 'noise', 'coins'].map((name) => float(name, [400])),
  });
  const { even, noise, coins } = model.run({ x: full([400], 0.25) });
  const [drawn, around, ones] = [await even!.data(), await noise!.data(), await coins!.data()];
  assert.ok(Array.from(drawn).every((value) => value >= 2 && value < 3));
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((a, b) => a + b) / values.length;
  assert.ok(Math.abs(mean(drawn) - 2.5) < 0.1);
  assert.ok(Math.abs(mean(around) - 5) < 0.15);
  assert.ok(Math.abs(mean(ones) - 0.25) < 0.12);
  assert.ok(Array.from(ones).every((value) => value === 0 || value === 1));
});

test('sizes that a graph computes from a shape are known', async () => {
  const model = await modelOf({
    node: [
      node('Shape', ['x'], ['shape']),
      node('Gather', ['shape', 'zero'], ['batch']),
      node('Unsqueeze', ['batch', 'axes'], ['first']),
      node('Concat', ['first', 'rest'], ['sizes'], { axis: 0 }),
      node('Reshape', ['x', 'sizes'], ['y']),
    ],
    initializer: [
      int64Proto('zero', [], [0]),
      int64Proto('axes', [1], [0]),
      int64Proto('rest', [1], [-1]),
    ],
    input: [float('x', ['batch', 2, 3])],
    output: [float('y', ['batch', 6])],
  });
  assert.equal(model.inputs[0]?.shape, ['batch', 2, 3]);
  assert.equal(model.forward(zeros([5, 2, 3])).shape, [5, 6]);
  assert.is(model.variables.length, 0);
});

test('the ends of whole numbers of 64 bits are those of 32; others beyond these are refused', async () => {
  const sliced = (start: number, end: number) =>
    modelOf({
      node: [node('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], ['y'])],
      initializer: [
        int64Proto('starts', [1], [start]),
        int64Proto('ends', [1], [end]),
        int64Proto('axes', [1], [0]),
        int64Proto('steps', [1], [-1]),
      ],
      input: [float('x', [3])],
      output: [float('y', ['n'])],
    });
  const model = await sliced(-1, -(2 ** 63));
  assert.equal(Array.from(await model.forward(tensor([1, 2, 3])).data()), [3, 2, 1]);
  const error = await rejection(sliced(2 ** 40, 0));
  assert.match(error.message, /'starts' is I64 and holds 1099511627776/);
});

test('what is wrong with a file, or a call, is said', async () => {
  const said = async (
    promise: Promise<unknown>,
    kind: new (message: string) => Error,
    words: RegExp,
  ) => {
    const error = await rejection(promise);
    assert.instance(error, kind);
    assert.match(error.message, words);
  };
  await said(onnx.decode(Uint8Array.of(1, 2, 3)), CheckpointError, /no intact ONNX file/);
  await said(onnx.decode(new Uint8Array()), CheckpointError, /no graph/);
  await said(onnx.load('/nowhere/model.onnx'), CheckpointError, /cannot be read/);
  const unknown = { node: [node('Foo', ['x'], ['y']), node('Bar', ['y'], ['z'])] };
  await said(modelOf(unknown), CheckpointError, /Foo, Bar.*docs\/interchange\.md/);
  const short = {
    ...toTensorProto('w', { shape: [2], dtype: 'f32', data: Float32Array.of(1, 2) }),
    dims: [3],
  };
  await said(
    modelOf({ initializer: [short] }),
    CheckpointError,
    /tensor 'w'.*needs 12 bytes and has 8/,
  );
  const add = await modelOf({
    node: [node('Add', ['a', 'b'], ['c'])],
    input: [float('a', ['n', 2]), float('b', [2])],
    output: [float('c', ['n', 2])],
  });
  const called = async (inputs: Parameters<typeof add.run>[0]) => add.run(inputs);
  await said(called({ a: zeros([1, 2]) }), ArgumentError, /input 'b' is missing/);
  await said(
    called({ a: zeros([1, 3]), b: zeros([2]) }),
    ShapeError,
    /input 'a' is \[n,2\], got \[1,3\]/,
  );
  await said(called({ a: zeros([1, 2]), b: zeros([2]), d: zeros([1]) }), ArgumentError, /d/);
  await said((async () => add.forward(zeros([2])))(), ArgumentError, /inputs a, b.*run/);
});

test.run();
