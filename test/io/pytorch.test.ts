import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CheckpointError, ShapeError } from '../../src/errors.ts';
import * as io from '../../src/io/index.ts';
import * as nn from '../../src/nn/index.ts';
import '../../src/tensor/methods.ts';
import { tensor, zeros } from '../../src/tensor/ops/creation.ts';
import { type AnyVariable, Variable } from '../../src/tensor/variable.ts';
import { rejection } from '../data/tiny-images.ts';
import { fileOf } from './safetensors-bytes.ts';

const test = suite('PyTorch weights');

const EPSILON = 1e-5;
const [H, W, C, O, UNITS] = [5, 4, 6, 4, 3] as const;

/** The numbers of a state dict as PyTorch lays them out, exactly representable as f32. */
const numbers = (length: number, seed: number) =>
  Array.from({ length }, (_, i) => Math.fround(Math.sin(seed + 1.7 * i)));

const dict: Record<string, { shape: number[]; values: number[] }> = {
  'conv1.weight': { shape: [O, C / 2, 3, 2], values: numbers(O * (C / 2) * 6, 1) },
  'bn1.weight': { shape: [O], values: numbers(O, 2) },
  'bn1.bias': { shape: [O], values: numbers(O, 3) },
  'bn1.running_mean': { shape: [O], values: numbers(O, 4) },
  'bn1.running_var': { shape: [O], values: numbers(O, 5).map((v) => v * v) },
  'fc.weight': { shape: [UNITS, O], values: numbers(UNITS * O, 6) },
  'fc.bias': { shape: [UNITS], values: numbers(UNITS, 7) },
};
dict['bn1.running_var']!.values = dict['bn1.running_var']!.values.map(Math.fround);

/** The file as torch would write it: f32, and the counter of batches as I64. */
function stateDict(entries = dict): Map<string, io.HostTensor> {
  const header: Record<string, object> = {};
  const bytes: number[] = [];
  const add = (name: string, dtype: string, shape: number[], elements: ArrayBufferLike) => {
    const start = bytes.length;
    bytes.push(...new Uint8Array(elements));
    header[name] = { dtype, shape, data_offsets: [start, bytes.length] };
  };
  add('bn1.num_batches_tracked', 'I64', [], BigInt64Array.of(1234n).buffer);
  for (const [name, { shape, values }] of Object.entries(entries)) {
    add(name, 'F32', shape, Float32Array.from(values).buffer);
  }
  return io.decodeSafetensors(fileOf(header, bytes)).tensors;
}

const NAMES: Record<string, string> = {
  'layers.0.weight': 'conv1.weight',
  'layers.1.weight': 'bn1.weight',
  'layers.1.bias': 'bn1.bias',
  'layers.1.running_mean': 'bn1.running_mean',
  'layers.1.running_var': 'bn1.running_var',
  'layers.3.weight': 'fc.weight',
  'layers.3.bias': 'fc.bias',
};
const rename = (name: string) => NAMES[name];

function model(): nn.Layer {
  const layers = [
    // A bias of ours that the file does not have, started at something that would show.
    nn.conv2d(O, [3, 2], { groups: 2, biasInitializer: nn.initializers.ones }),
    nn.batchNorm({ epsilon: EPSILON }),
    nn.globalAveragePool2d(),
    nn.dense(UNITS),
  ];
  return nn.sequential(layers).build([H, W, C]);
}

/** conv2d(groups=2) → batch_norm → mean over the image → linear, in doubles and PyTorch's layout. */
function reference(image: (c: number, y: number, x: number) => number): number[] {
  const part = (name: string) => dict[name]!.values;
  const pooled = Array.from({ length: O }, (_, o) => {
    let total = 0;
    for (let y = 0; y < H - 2; y++) {
      for (let x = 0; x < W - 1; x++) {
        for (let i = 0; i < C / 2; i++) {
          for (let ky = 0; ky < 3; ky++) {
            for (let kx = 0; kx < 2; kx++) {
              const filter = part('conv1.weight')[((o * (C / 2) + i) * 3 + ky) * 2 + kx]!;
              const group = Math.floor(o / (O / 2));
              total += filter * image(group * (C / 2) + i, y + ky, x + kx);
            }
          }
        }
      }
    }
    const mean = total / ((H - 2) * (W - 1));
    const deviation = Math.sqrt(part('bn1.running_var')[o]! + EPSILON);
    const centred = (mean - part('bn1.running_mean')[o]!) / deviation;
    return centred * part('bn1.weight')[o]! + part('bn1.bias')[o]!;
  });
  return Array.from({ length: UNITS }, (_, u) =>
    pooled.reduce((sum, p, o) => sum + p * part('fc.weight')[u * O + o]!, part('fc.bias')[u]!),
  );
}

test("the model computes what PyTorch's layout says", async () => {
  const net = model();
  assert.equal(await io.importPytorch(net, stateDict(), { rename }), {
    missing: [],
    unexpected: [],
  });
  const pixel = (n: number, c: number, y: number, x: number) =>
    Math.fround(Math.cos(n * 31 + c * 7.1 + y * 2.3 + x));
  const images: number[] = [];
  for (const n of [0, 1]) {
    for (let y = 0; y < H; y++) {
      for (let x = 0; x < W; x++) for (let c = 0; c < C; c++) images.push(pixel(n, c, y, x));
    }
  }
  const outputs = await net.forward(tensor(Float32Array.from(images), [2, H, W, C])).data();
  const expected = [0, 1].flatMap((n) => reference((c, y, x) => pixel(n, c, y, x)));
  outputs.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) < 1e-4, `output ${i}: ${value}, not ${expected[i]}`);
  });
});

/** 0, 1, 2, … as a tensor of a file. */
const counted = (shape: number[]): io.HostTensor => ({
  ...{ shape, dtype: 'f32' },
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

for (const [count, size] of [
  [4, 3],
  [3, 3],
] as const) {
  test(`an embedding of ${count} words in ${size} numbers keeps its axes`, async () => {
    const net = nn.sequential([nn.embedding(count, size), nn.dense(2)]).build([1]);
    const entries = { '0.weight': [count, size], '1.weight': [2, size], '1.bias': [2] };
    const file = Object.entries(entries).map(([name, shape]): [string, io.HostTensor] => [
      `layers.${name}`,
      counted(shape),
    ]);
    await io.importPytorch(net, new Map(file));
    const [embedding, dense] = [...net.namedVariables().values()];
    assert.equal([...(await embedding!.data())], [...counted([count, size]).data]);
    const turned = Array.from({ length: size }, (_, i) => [i, size + i]).flat();
    assert.equal([...(await dense!.data())], turned);
  });
}

test('a transposed convolution computes what PyTorch does with [in, out, H, W]', async () => {
  const [inputs, outputs, stride] = [3, 2, 2];
  const layer = nn.conv2dTranspose(outputs, 3, { strides: stride, padding: 'valid', bias: false });
  const net = nn.sequential([layer]).build([2, 2, inputs]);
  const filter = counted([inputs, outputs, 3, 3]);
  await io.importPytorch(net, new Map([['layers.0.weight', filter]]));
  const image = counted([1, 2, 2, inputs]).data as Float32Array;
  const expected = new Array(5 * 5 * outputs).fill(0);
  for (let y = 0; y < 2; y++) {
    for (let x = 0; x < 2; x++) {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) {
          for (let ky = 0; ky < 3; ky++) {
            for (let kx = 0; kx < 3; kx++) {
              const weight = filter.data[((i * outputs + o) * 3 + ky) * 3 + kx]!;
              const at = ((y * stride + ky) * 5 + x * stride + kx) * outputs + o;
              expected[at] += weight * image[(y * 2 + x) * inputs + i]!;
            }
          }
        }
      }
    }
  }
  const result = await net.forward(tensor(image, [1, 2, 2, inputs])).data();
  assert.equal([...result], expected);
});

test('variables of your own are taken as they are, or turned as they say', async () => {
  const named = new Map<string, AnyVariable>([
    ['plain', new Variable(zeros([2, 2]))],
    ['turned', new Variable(zeros([2, 3]), { pytorchAxes: [1, 0] })],
    ['volume', new Variable(zeros([4, 2, 3]), { pytorchAxes: [2, 0, 1] })],
  ]);
  const file = { plain: [2, 2], turned: [3, 2], volume: [2, 3, 4] };
  await io.importPytorch(
    named,
    new Map(Object.entries(file).map(([name, shape]) => [name, counted(shape)])),
  );
  assert.equal([...(await named.get('plain')!.data())], [0, 1, 2, 3]);
  assert.equal([...(await named.get('turned')!.data())], [0, 2, 4, 1, 3, 5]);
  const volume = Array.from({ length: 4 }, (_, i) => [0, 4, 8, 12, 16, 20].map((at) => at + i));
  assert.equal([...(await named.get('volume')!.data())], volume.flat());
  for (const pytorchAxes of [[0], [0, 0], [1, 2], [0, 1, 2]]) {
    const made = () => new Variable(zeros([2, 2]), { pytorchAxes });
    assert.throws(made, (error: unknown) => error instanceof ShapeError);
  }
});

test('what is missing or of another shape is listed by the name it has in the file', async () => {
  const { 'bn1.bias': _, ...rest } = dict;
  // As ours, which is the mistake to expect.
  const turned = { shape: [O, UNITS], values: dict['fc.weight']!.values };
  const entries = { ...rest, 'fc.weight': turned, extra: { shape: [1], values: [0] } };
  const error = await rejection(io.importPytorch(model(), stateDict(entries), { rename }));
  assert.instance(error, CheckpointError);
  assert.match(error.message, 'missing: bn1.bias\n');
  assert.match(error.message, 'unexpected: extra\n');
  assert.match(error.message, `fc.weight is f32[${O},${UNITS}], not f32[${UNITS},${O}]`);
});

test('only a bias may be absent by name', async () => {
  const without = (name: string) => (name === 'layers.1.running_var' ? undefined : rename(name));
  const error = await rejection(io.importPytorch(model(), stateDict(), { rename: without }));
  assert.match(error.message, 'missing: layers.1.running_var (rename gives no name)');
});

test.run();
