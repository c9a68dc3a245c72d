import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import * as data from '../../../src/data/index.ts';
import { arange, tensor } from '../../../src/tensor/ops/creation.ts';
import { Numbered, upTo } from './numbered.ts';

const test = suite('windows');

test('windows and targets are the stretches of the series', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      fc.integer({ min: -5, max: 4 }),
      fc.nat(9),
      async (size, stride, horizon, given, extra) => {
        const offset = Math.max(given, -size);
        const ahead = horizon ?? 1;
        const span = Math.max(size, size + offset + ahead);
        const options = { stride, offset, ...(horizon === undefined ? {} : { horizon }) };
        const windows = new data.Dataset(new Numbered(span + extra)).window(size, options);
        assert.is(windows.count, Math.floor(extra / stride) + 1);
        const numbers = Int32Array.from({ length: windows.count }, (_, i) => windows.count - 1 - i);
        const { inputs, targets, count } = await windows.get(numbers);
        assert.is(count, windows.count);
        assert.equal([...inputs.shape], [count, size, 1]);
        assert.equal([...targets.shape], horizon === undefined ? [count] : [count, ahead]);
        const stretch = (from: number, length: number) =>
          [...numbers].flatMap((i) => upTo(length).map((k) => i * stride + from + k));
        assert.equal([...(await inputs.data())], stretch(0, size));
        assert.equal([...(await targets.data())], stretch(size + offset, ahead));
      },
    ),
    { numRuns: 40 },
  ));

test('a window ends within the series, also where its target lies before its end', async () => {
  const windows = new data.Dataset(new Numbered(5)).window(3, { offset: -2 });
  assert.is(windows.count, 3);
  const { inputs, targets } = await windows.get(Int32Array.of(2));
  assert.equal([...(await inputs.data())], [2, 3, 4]);
  assert.equal([...(await targets.data())], [3]);
});

test('weights and masks are those of the targets', async () => {
  const series = data.fromTensors(arange(6), arange(6), {
    weights: arange(6).mul(10),
    mask: tensor([1, 0, 1, 1, 0, 1]),
  });
  const { weights, mask } = await series.window(2, { horizon: 2 }).get(Int32Array.of(2));
  assert.equal(await (weights as data.Batch['inputs']).array(), [[40, 50]]);
  assert.equal(await (mask as data.Batch['inputs']).array(), [[0, 1]]);
});

test('shuffled windows, of several series by name, are the same when an epoch goes on', async () => {
  const series = data.fromTensors({ load: arange(30), heat: arange(30).mul(2) }, arange(30));
  const batches = series.window(4).shuffle({ seed: 3 }).batch(8).prefetch(2);
  const seen = async (from: number) => {
    const found: number[][] = [];
    for await (const { inputs, targets } of batches.epoch(2, { from })) {
      assert.equal(
        [...(await inputs.heat.data())],
        [...(await inputs.load.data())].map((x) => 2 * x),
      );
      found.push([...(await targets.data())]);
    }
    return found;
  };
  const whole = await seen(0);
  assert.equal(
    whole.flat().sort((a, b) => a - b),
    upTo(26).map((i) => i + 4),
  );
  assert.equal(await seen(2), whole.slice(2));
});

test.run();
