import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, grad, nn, ShapeError, type Tensor, zeros } from '../../../../src/index.ts';
import { assertGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { attention } from '../../../reference/attention.ts';
import { erf } from '../../../reference/error-function.ts';
import { matMul } from '../../../reference/linear.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';
import { scatterVariables } from '../layer-values.ts';

const test = suite('nn: attention');

type Weights = Map<string, NdArray>;

/** A layer with scattered weights, and these by name. */
async function withWeights<L extends nn.Layer>(layer: L, shape: number[]): Promise<[L, Weights]> {
  layer.build(shape);
  const values = await scatterVariables(layer);
  return [layer, new Map([...layer.namedVariables().keys()].map((name, i) => [name, values[i]!]))];
}

const project = (x: NdArray, weights: Weights, name: string) => {
  const product = matMul(x, weights.get(`${name}.weight`)!);
  const bias = weights.get(`${name}.bias`);
  return bias ? product.zip(bias.expand(product.shape), (a, b) => a + b) : product;
};

function attended(
  x: NdArray,
  memory: NdArray,
  weights: Weights,
  { heads, causal = false, at = '' }: { heads: number; causal?: boolean; at?: string },
): NdArray {
  const apart = (y: NdArray) => {
    const [batch, length, width] = y.shape as [number, number, number];
    return y.reshape([batch, length, heads, width / heads]).transpose([0, 2, 1, 3]);
  };
  const [q, k, v] = (['query', 'key', 'value'] as const).map((name) =>
    apart(project(name === 'query' ? x : memory, weights, `${at}${name}`)),
  ) as [NdArray, NdArray, NdArray];
  const seen = attention(q, k, v, { scale: 1 / Math.sqrt(q.shape[3]!), causal });
  const [batch, , length, width] = seen.shape as [number, number, number, number];
  const together = seen.transpose([0, 2, 1, 3]).reshape([batch, length, heads * width]);
  return project(together, weights, `${at}output`);
}

const close = async (actual: Tensor, expected: NdArray) =>
  assertClose(await download(actual), expected, { relative: 1e-5, scale: 2 });

test('self-attention, of earlier places alone too', async () => {
  const x = spread([2, 5, 6], 1, [-1, 1]);
  for (const causal of [false, true]) {
    const [layer, weights] = await withWeights(nn.multiHeadAttention(3, { causal }), [5, 6]);
    assert.is(layer.parameterCount, 4 * (36 + 6));
    await close(layer.forward(upload(x)), attended(x, x, weights, { heads: 3, causal }));
    await assertGradients({
      f: (y) => layer.forward(y),
      reference: (y) => attended(y, y, weights, { heads: 3, causal }),
      inputs: [x],
    });
  }
});

test('another sequence, widths of its own, without biases', async () => {
  const options = { keyDim: 4, valueDim: 5, bias: false };
  const layer = nn.multiHeadAttention(2, options);
  const [x, memory] = [spread([2, 3, 6], 1, [-1, 1]), spread([2, 4, 7], 2, [-1, 1])];
  layer.attend(upload(x), upload(memory));
  const names = ['query', 'key', 'value', 'output'].map((name) => `${name}.weight`);
  assert.equal([...layer.namedVariables().keys()], names);
  const values = await scatterVariables(layer);
  const weights: Weights = new Map(names.map((name, i) => [name, values[i]!]));
  await close(layer.attend(upload(x), upload(memory)), attended(x, memory, weights, { heads: 2 }));
  // What is padded is as if it were not there.
  const open = upload(
    NdArray.build([2, 1, 1, 4], ([, , , i]) => Number(i! < 3)),
    'bool',
  );
  await close(
    layer.attend(upload(x), upload(memory), { training: false }, open),
    attended(x, memory.slice([0, 0, 0], [2, 3, 7]), weights, { heads: 2 }),
  );
});

test('dropout, in training alone', async () => {
  const layer = nn.multiHeadAttention(2, { dropout: 1 }).build([3, 4]);
  const x = upload(spread([1, 3, 4], 1, [-1, 1]));
  assert.is(await layer.forward(x, { training: true }).abs().sum().item(), 0);
  assert.ok((await layer.forward(x).abs().sum().item()) > 0);
});

test('places', async () => {
  const x = spread([2, 4, 6], 1, [-1, 1]);
  const [trained, weights] = await withWeights(nn.positionalEmbedding(5), [5, 6]);
  const table = weights.get('weight')!.slice([0, 0], [4, 6]);
  await close(
    trained.forward(upload(x)),
    x.zip(table.expand(x.shape), (a, b) => a + b),
  );
  const [slope] = grad(trained.forward(upload(x)).sum(), trained.variables);
  assert.equal(
    await slope!.array(),
    [2, 2, 2, 2, 0].map((each) => Array(6).fill(each)),
  );

  const waves = NdArray.build(x.shape, ([, place, i]) => {
    const angle = place! / 10000 ** ((i! - (i! % 2)) / 6);
    return i! % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  const layer = nn.sinusoidalPositions();
  for (let i = 0; i < 2; i++) {
    await close(
      layer.forward(upload(x)),
      x.zip(waves, (a, b) => a + b),
    );
  }
  assert.is(layer.parameterCount, 0);
  const places = (one: nn.Layer, length: number, width = 6) =>
    one.forward(zeros([length, width]).reshape([1, length, width])).reshape([length, width]);
  for (const length of [1, 7, 2, 16]) {
    const alone = await places(layer, length).array();
    assert.equal(alone, await places(nn.sinusoidalPositions(), length).array());
    assert.equal(alone, await places(layer, 20).slice([0], [length]).array());
  }
  assert.equal(await places(layer, 3, 4).slice([0], [1]).array(), [[0, 1, 0, 1]]);
});

test('positions that were refused once may be added to what is a sequence', () => {
  const layer = nn.positionalEmbedding(8);
  refuses(() => layer.forward(zeros([2, 3])), ShapeError, /^positionalEmbedding: needs \[batch/);
  assert.equal(layer.forward(zeros([1, 2, 5])).shape, [1, 2, 5]);
});

function normalized(x: NdArray, weights: Weights, name: string): NdArray {
  const width = x.shape.at(-1)!;
  return NdArray.build(x.shape, (_, at) => {
    const begin = at - (at % width);
    const row = [...x.data.slice(begin, begin + width)];
    const mean = row.reduce((a, b) => a + b) / width;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / width;
    const normal = (x.data[at]! - mean) / Math.sqrt(variance + 1e-5);
    const [scale, shift] = ['weight', 'bias'].map(
      (of) => weights.get(`${name}.${of}`)!.data[at % width]!,
    );
    return normal * scale! + shift!;
  });
}

test('a block of a transformer, normalising before or after', async () => {
  const x = spread([2, 4, 6], 1, [-1, 1]);
  const plus = (a: NdArray, b: NdArray) => a.zip(b, (p, q) => p + q);
  const gelu = (v: number) => (v / 2) * (1 + erf(v / Math.SQRT2));
  for (const preNorm of [true, false]) {
    const block = nn.transformerBlock({ heads: 2, hidden: 5, preNorm, causal: true });
    const [, weights] = await withWeights(block, [4, 6]);
    const mix = (y: NdArray) =>
      attended(y, y, weights, { heads: 2, causal: true, at: 'attention.' });
    const feed = (y: NdArray) =>
      project(project(y, weights, 'linear1').map(gelu), weights, 'linear2');
    const half = (y: NdArray, norm: string, work: (y: NdArray) => NdArray) =>
      preNorm
        ? plus(y, work(normalized(y, weights, norm)))
        : normalized(plus(y, work(y)), weights, norm);
    await close(block.forward(upload(x)), half(half(x, 'norm1', mix), 'norm2', feed));
  }
  const four = nn.transformerBlock({ heads: 2 }).build([4, 8]);
  assert.equal(four.namedVariables().get('linear1.weight')!.shape, [8, 32]);
});

test('what does not fit', () => {
  const x = (...shape: number[]) => upload(new NdArray(shape));
  refuses(
    () => nn.multiHeadAttention(3).forward(x(1, 2, 4)),
    ArgumentError,
    /4 features do not make 3/,
  );
  refuses(() => nn.multiHeadAttention(2).forward(x(2, 4)), ShapeError, /needs sequences \[batch/);
  refuses(() => nn.multiHeadAttention(0), ArgumentError, /heads 0 must be/);
  refuses(() => nn.multiHeadAttention(1, { dropout: 2 }), ArgumentError, /dropout 2 must be/);
  refuses(() => nn.positionalEmbedding(3).forward(x(1, 4, 2)), ShapeError, /3 places, and .* of 4/);
  refuses(() => nn.positionalEmbedding(3).forward(x(4, 2)), ShapeError, /needs \[batch, length/);
  refuses(() => nn.transformerBlock({ heads: 1, hidden: 0 }), ArgumentError, /hidden 0 must be/);
});

test.run();
