import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import * as data from '../../../src/data/index.ts';
import { Numbered, numbersOf, upTo } from './numbered.ts';

const test = suite('chosen examples');

const all = async (examples: data.Dataset) => (await numbersOf(examples.batch(7).epoch(0))).flat();

test('a selection has the examples of its numbers, in their order, repeated ones too', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.nat(19), { maxLength: 30 }), async (numbers) => {
      const examples = new data.Dataset(new Numbered(20));
      const given = [...numbers];
      const chosen = examples.select(given);
      given.fill(0);
      assert.is(chosen.count, numbers.length);
      assert.equal(await all(chosen), numbers);
      const [seen, from] = [chosen.shuffle({ seed: 2 }).batch(4), Math.min(2, numbers.length)];
      const whole = await numbersOf(seen.epoch(3));
      assert.equal(await numbersOf(seen.epoch(3, { from })), whole.slice(from));
      assert.equal(whole.flat().sort(), [...numbers].sort());
    }),
    { numRuns: 30 },
  ));

test('a filter keeps what is true, in order, and asks for each example once', async () => {
  const source = new Numbered(600);
  const kept = await new data.Dataset(source).filter(({ targets }) =>
    targets.greaterEqual(100).logicalAnd(targets.less(500)),
  );
  assert.equal(
    source.asked.map(({ length }) => length),
    [256, 256, 88],
  );
  const expected = upTo(600).filter((number) => number >= 100 && number < 500);
  assert.is(kept.count, expected.length);
  assert.equal(await all(kept), expected);
  const none = await kept.filter(({ inputs }) => inputs.reshape([-1]).less(0));
  assert.is(none.count, 0);
});

test('a cache of a shuffled data set is in order again', async () => {
  const cached = new data.Dataset(new Numbered(9)).shuffle({ seed: 1 }).cache();
  const kept = await cached.filter(({ targets }) => targets.less(4));
  assert.equal((await all(kept)).sort(), [0, 1, 2, 3]);
});

test('data sets side by side', async () => {
  const [left, right] = [0, 100].map((first) =>
    new data.Dataset(new Numbered(5)).map((batch) => ({
      ...batch,
      inputs: batch.inputs.add(first),
      targets: batch.targets.add(first),
      weights: batch.targets.cast('f32'),
    })),
  ) as [data.Dataset, data.Dataset];
  const both = await data.zip({ left, right }).get(Int32Array.of(3, 0));
  assert.equal(await both.inputs.left.array(), [[3], [0]]);
  assert.equal(await both.inputs.right.array(), [[103], [100]]);
  assert.equal(await both.targets.right.array(), [103, 100]);
  assert.is(both.weights, undefined);
  for (const parts of [
    { left, right: right.take(4) },
    { left: left.take(4), right },
  ]) {
    assert.throws(() => data.zip(parts), /zip: the data sets must have as many examples/);
  }
  const one = data.zip({ left, right }, { targets: 'right' }).shuffle({ seed: 1 });
  for await (const { inputs, targets, weights } of one.batch(2).epoch(4, { from: 1 })) {
    const [a, b] = [await inputs.left.data(), await inputs.right.data()];
    assert.equal(
      [...b],
      [...a].map((x) => x + 100),
    );
    assert.equal([...(await targets.data())], [...b]);
    assert.equal([...(await (weights as typeof inputs.left).data())], [...a]);
  }
});

test.run();
