import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, data, io, nn, ShapeError, tensor } from '../../../../src/index.ts';
import { NdArray } from '../../../reference/array.ts';
import { channelMoments } from '../../../reference/normalization.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose, assertSame } from '../../../tensor/closeness.ts';
import { refuses, rejects } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';

const test = suite('nn: normalization and rescaling');

// Far from 0: sums of squares in f32 would lose the variance.
const x = spread([37, 3, 4], 1, [-2, 2]).map((v) => Math.fround(v + 1000));
const examples = data.fromTensors(upload(x), upload(spread([37], 2, [0, 1])));
const { mean, variance } = channelMoments(x);
const normal = (from: NdArray, least = 1e-7) =>
  from.zip(mean, (a, b) => a - b).zip(variance, (a, b) => a / Math.max(Math.sqrt(b), least));

test('adapt finds the moments of a data set, batch by batch', async () => {
  const layer = nn.normalization();
  await layer.adapt(examples, { batchSize: 10 });
  const [foundMean, foundVariance] = await Promise.all(
    layer.variables.map(({ value }) => download(value)),
  );
  assertClose(foundMean!, mean, { relative: 1e-7 });
  assertClose(foundVariance!, variance, { relative: 1e-6 });
  assertClose(await download(layer.forward(upload(x))), normal(x), { relative: 1e-4, scale: 2 });
  const whole = nn.normalization();
  await whole.adapt(examples);
  assertClose(await download(whole.variables[1]!.value), variance, { relative: 1e-6 });
});

test('what it found does not train, and is saved with the weights', async () => {
  const make = () => nn.normalization();
  const layer = make();
  const model = nn.sequential([layer, nn.dense(2)]).build([3, 4]);
  await layer.adapt(examples);
  assert.equal([...layer.namedVariables().keys()], ['mean', 'variance']);
  assert.is(model.trainableVariables.length, 2);
  const other = nn.sequential([make(), nn.dense(2)]).build([3, 4]);
  await io.setWeights(other, await io.weightsOf(model));
  const input = upload(x);
  assertSame(await download(other.forward(input)), await download(model.forward(input)));
});

test('moments may be given, for all features or for each', async () => {
  const row = tensor([
    [1, 2],
    [3, 6],
  ]);
  const each = nn.normalization({ mean: [1, 2], variance: [4, 16] });
  assert.equal([...(await each.forward(row).data())], [0, 0, 1, 1]);
  const all = nn.normalization({ mean: 1, variance: 4 });
  assert.equal([...(await all.forward(row).data())], [0, 0.5, 1, 2.5]);
  const constant = nn.normalization({ mean: [1, 2], variance: 0 }).forward(tensor([[1, 2]]));
  assert.equal([...(await constant.data())], [0, 0]);
});

test('bytes are scaled, and become f32', async () => {
  const bytes = tensor(Uint8Array.of(0, 255), [1, 2]);
  const scaled = nn.rescaling(2 / 255, -1).forward(bytes);
  assert.is(scaled.dtype, 'f32');
  assertClose(await download(scaled), NdArray.from([[-1, 1]]), { relative: 1e-6 });
  const layer = nn.normalization({ mean: 255, variance: 4 });
  assert.equal([...(await layer.forward(bytes).data())], [-127.5, 0]);
});

test('what does not fit', async () => {
  refuses(() => nn.normalization({ variance: -1 }), ArgumentError, /^normalization: variance -1/);
  refuses(() => nn.normalization({ mean: [1] }).build([2]), ShapeError, /1 numbers as mean, but/);
  refuses(() => nn.normalization().build([]), ShapeError, /^normalization: needs inputs/);
  refuses(() => nn.rescaling(Number.NaN), ArgumentError, /^rescaling: scale NaN/);
  const empty = await nn
    .normalization()
    .adapt(examples.take(0))
    .catch((error: unknown) => error);
  assert.instance(empty, ArgumentError);
  assert.match((empty as Error).message, /^adapt: the data set has no example/);
});

test('adapt takes a data set, not in batches', async () => {
  for (const [given, got] of [
    [tensor([[1]]), /got a Tensor/],
    [undefined, /got undefined/],
  ] as const) {
    const adapt = () => nn.normalization().adapt(given as never);
    await rejects(adapt, ArgumentError, /^adapt: takes a data set/);
    await rejects(adapt, ArgumentError, got);
  }
});

test.run();
