import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import * as data from '../../../src/data/index.ts';
import { shuffledOrder } from '../../../src/data/pipeline/shuffled-order.ts';
import { ArgumentError, DataError, ShapeError } from '../../../src/errors.ts';
import { device } from '../../../src/graph/execution/current-runtime.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { rejection } from '../tiny-images.ts';
import { Numbered, numbersOf, upTo } from './numbered.ts';

const test = suite('dataset');

const numbered = (count: number) => new data.Dataset(new Numbered(count));
const all = async (examples: data.Dataset) => (await numbersOf(examples.batch(7).epoch(0))).flat();
const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

test('a split is disjoint and complete, of the sizes asked for, seeded or not', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(60),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.option(fc.maxSafeInteger(), { nil: undefined }),
      async (count, fraction, seed) => {
        const options = seed === undefined ? {} : { seed };
        const [most, rest] = numbered(count).split(fraction, options);
        assert.is(rest.count, Math.round(count * fraction));
        const [kept, held] = [await all(most), await all(rest)];
        assert.equal([kept.length, held.length], [most.count, rest.count]);
        assert.equal(sorted([...kept, ...held]), upTo(count));
        if (seed === undefined) assert.equal([...kept, ...held], upTo(count));
        const again = numbered(count).split(fraction, options);
        assert.equal([await all(again[0]), await all(again[1])], [kept, held]);
      },
    ),
    { numRuns: 50 },
  ));

test('splits by two seeds differ', async () => {
  const [, one] = numbered(100).split(0.2, { seed: 1 });
  const [, two] = numbered(100).split(0.2, { seed: 2 });
  assert.not.equal(sorted(await all(one)), sorted(await all(two)));
});

test('take and skip are the slices of an array, also of one another', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(30),
      fc.array(fc.tuple(fc.boolean(), fc.nat(40)), { maxLength: 4 }),
      async (count, cuts) => {
        let [examples, expected] = [numbered(count), upTo(count)];
        for (const [head, at] of cuts) {
          examples = head ? examples.take(at) : examples.skip(at);
          expected = head ? expected.slice(0, at) : expected.slice(at);
        }
        assert.is(examples.count, expected.length);
        assert.equal(await all(examples), expected);
      },
    ),
    { numRuns: 50 },
  ));

test('every epoch visits every example once, in an order of its own, and again the same', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.integer({ min: 1, max: 50 }),
      fc.maxSafeInteger(),
      fc.nat(9),
      fc.nat(9),
      async (count, size, seed, epoch, from) => {
        const batches = numbered(count).shuffle({ seed }).batch(size);
        const numbers = await numbersOf(batches.epoch(epoch));
        assert.is(numbers.length, batches.length);
        assert.ok(numbers.slice(0, -1).every((batch) => batch.length === size));
        assert.equal(sorted(numbers.flat()), upTo(count));
        assert.equal(await numbersOf(batches.epoch(epoch, { from })), numbers.slice(from));
        assert.equal(numbers.flat(), [...shuffledOrder(count, seed, epoch)]);
      },
    ),
    { numRuns: 50 },
  ));

test('another epoch and another seed are other orders', async () => {
  const order = async (seed: number, epoch: number) =>
    (await numbersOf(numbered(50).shuffle({ seed }).batch(50).epoch(epoch))).join();
  const orders = new Set([await order(1, 0), await order(1, 1), await order(2, 0)]);
  assert.is(orders.size, 3);
});

test('a resumed epoch makes none of the batches before', async () => {
  const source = new Numbered(10);
  await numbersOf(new data.Dataset(source).batch(2).epoch(3, { from: 3 }));
  assert.equal(source.asked, [
    [6, 7],
    [8, 9],
  ]);
  assert.equal(source.contexts, [
    { seed: 0, epoch: 3, step: 3 },
    { seed: 0, epoch: 3, step: 4 },
  ]);
});

test('dropLast leaves out a batch that is not full', async () => {
  const batches = numbered(7).batch(3, { dropLast: true });
  assert.is(batches.length, 2);
  assert.equal(await numbersOf(batches.epoch(0)), [
    [0, 1, 2],
    [3, 4, 5],
  ]);
});

test('dropLast leaves out what does not fill a batch and nothing else', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 40 }), async (count, size) => {
      const examples = numbered(count).shuffle({ seed: 1 });
      const full = Math.floor(count / size);
      const dropped = examples.batch(size, { dropLast: true });
      assert.is(dropped.length, full);
      const all = await numbersOf(examples.batch(size).epoch(2));
      assert.equal(await numbersOf(dropped.epoch(2)), all.slice(0, full));
    }),
    { numRuns: 50 },
  ));

test('map changes whole batches, and is told the seed, the epoch and the step', async () => {
  const contexts: data.BatchContext[] = [];
  const doubled = numbered(5)
    .map((batch, context) => {
      contexts.push(context);
      return { ...batch, inputs: batch.inputs.mul(2), targets: batch.targets.mul(2) };
    })
    .shuffle({ seed: 8 })
    .take(4);
  const numbers = await numbersOf(doubled.batch(3).epoch(2));
  assert.equal(
    numbers.map(({ length }) => length),
    [3, 1],
  );
  assert.ok(numbers.flat().every((number) => number % 2 === 0));
  assert.equal(contexts, [
    { seed: 8, epoch: 2, step: 0 },
    { seed: 8, epoch: 2, step: 1 },
  ]);
});

test('concat is the one behind the other, however mixed', async () => {
  const shifted = numbered(4).map(({ inputs, targets, count }) => ({
    inputs: inputs.add(3),
    targets: targets.add(3),
    count,
  }));
  const both = numbered(3).concat(shifted);
  assert.equal(await all(both), upTo(7));
  assert.equal(sorted(await all(both.shuffle({ seed: 5 }))), upTo(7));
  assert.equal(await all(numbered(0).concat(numbered(2))), upTo(2));
  assert.equal(await all(numbered(2).concat(numbered(0))), upTo(2));
});

test('concat of bytes and of examples with axes', async () => {
  const bytes = (first: number) =>
    data.fromTensors(
      tensor(
        Uint8Array.from({ length: 12 }, (_, i) => first + i),
        [2, 2, 3],
      ),
      tensor(Uint8Array.of(first, first + 1), [2]),
    );
  const { inputs, targets } = await bytes(100).concat(bytes(200)).get(Int32Array.of(3, 0));
  assert.is(inputs.dtype, 'u8');
  assert.equal(
    [...(await inputs.data())],
    [206, 207, 208, 209, 210, 211, 100, 101, 102, 103, 104, 105],
  );
  assert.equal([...(await targets.data())], [201, 100]);
});

test('concat refuses examples of other shapes and dtypes', async () => {
  const flat = data.fromArrays([[1, 2]], [0]);
  const other = data.fromArrays([[1, 2, 3]], [0]);
  const whole = data.fromArrays([[1, 2]], [0], { targets: 'i32' });
  const get = async (examples: data.Dataset) => examples.get(Int32Array.of(0));
  assert.instance(await rejection(get(flat.concat(other))), ShapeError);
  assert.match((await rejection(get(flat.concat(whole)))).message, /targets differ: f32 .* i32/);
});

test('a cache asks its source once for all, and gives the same', async () => {
  const source = new Numbered(9);
  const cached = new data.Dataset(source).cache();
  assert.equal(await all(cached), upTo(9));
  assert.equal(sorted(await all(cached.shuffle({ seed: 1 }))), upTo(9));
  assert.equal(source.asked, [upTo(9)]);
});

test('a cache that failed tries again', async () => {
  const source = new Numbered(3);
  let broken = true;
  const get: data.Source['get'] = (indices, context) => {
    if (broken) throw new DataError('unplugged');
    return source.get(indices, context);
  };
  const cached = new data.Dataset({ count: 3, get }).cache();
  assert.match((await rejection(all(cached))).message, /unplugged/);
  broken = false;
  assert.equal(await all(cached), upTo(3));
});

test('what a random order takes differs from epoch to epoch', async () => {
  const some = numbered(40).shuffle({ seed: 1 }).take(10);
  const [first] = await numbersOf(some.batch(10).epoch(0));
  const [second] = await numbersOf(some.batch(10).epoch(1));
  assert.not.equal(first, second);
  assert.is(new Set(first).size, 10);
});

test('prefetch keeps so many batches underway, in order', async () => {
  const source = new Numbered(12);
  const batches = new data.Dataset(source).batch(2).prefetch(3);
  const iterator = batches.epoch(0)[Symbol.asyncIterator]();
  await iterator.next();
  assert.is(source.asked.length, 4);
  await iterator.next();
  assert.is(source.asked.length, 5);
  assert.equal((await numbersOf(batches.epoch(0))).flat(), upTo(12));
});

test('an epoch that is abandoned asks for nothing more, and leaves no failure behind', async () => {
  const asked: number[] = [];
  const get: data.Source['get'] = async (indices, context) => {
    asked.push(indices[0] as number);
    if (indices[0] === 2) throw new DataError('torn');
    return new Numbered(12).get(indices, context);
  };
  const strays: unknown[] = [];
  const note = (reason: unknown) => strays.push(reason);
  process.on('unhandledRejection', note);
  try {
    for await (const { count } of new data.Dataset({ count: 12, get })
      .batch(2)
      .prefetch(2)
      .epoch(0)) {
      assert.is(count, 2);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(asked, [0, 2, 4]);
    assert.equal(strays, []);
  } finally {
    process.off('unhandledRejection', note);
  }
});

test('a batch that fails is told when its turn comes', async () => {
  const source = new Numbered(6);
  const get: data.Source['get'] = (indices, context) => {
    if (indices[0] === 4) throw new DataError('torn');
    return source.get(indices, context);
  };
  const batches = new data.Dataset({ count: 6, get }).batch(2).prefetch(2);
  const seen: number[] = [];
  const iterate = async () => {
    for await (const { count } of batches.epoch(0)) seen.push(count);
  };
  assert.match((await rejection(iterate())).message, /torn/);
  assert.equal(seen, [2, 2]);
});

test('the second batch compiles nothing, the ragged one neither', async () => {
  const images = { images: new Uint8Array(10 * 12).fill(51), labels: Uint8Array.from(upTo(10)) };
  const examples = data
    .fromImages({ ...images, count: 10, height: 2, width: 2, channels: 3 })
    .concat(
      data.fromArrays(
        new Array(4).fill([
          [
            [1, 1, 1],
            [1, 1, 1],
          ],
          [
            [1, 1, 1],
            [1, 1, 1],
          ],
        ]),
        [0, 1, 2, 3],
        { targets: 'i32' },
      ),
    )
    .shuffle({ seed: 3 });
  const on = await device();
  const pipelines: number[] = [];
  for await (const { inputs, targets } of examples.batch(4).epoch(0)) {
    const labels = await targets.data();
    assert.ok([...(await inputs.data())].every((x) => x === Math.fround(0.2) || x === 1));
    assert.ok(labels.every((label) => label < 10));
    pipelines.push(on.counters.pipelines);
  }
  assert.is(pipelines.length, 4);
  assert.is(pipelines.at(-1), pipelines[0]);
});

test('numbers that make no sense are refused at once', () => {
  const examples = numbered(5);
  for (const [name, refused] of [
    ['take', () => examples.take(-1)],
    ['skip', () => examples.skip(0.5)],
    ['batch', () => examples.batch(0)],
    ['batch', () => examples.batch(-3)],
    ['batch', () => examples.batch(2.5)],
    ['batch', () => examples.batch(Number.NaN)],
    ['prefetch', () => examples.batch(1).prefetch(-1)],
    ['epoch', () => examples.batch(1).epoch(-1)],
    ['from', () => examples.batch(1).epoch(0, { from: 0.5 })],
    ['split', () => examples.split(1.1)],
    ['split', () => examples.split(Number.NaN)],
    ['get', () => examples.get(Int32Array.of(5))],
    ['get', () => examples.take(2).get(Int32Array.of(2))],
    ['get', () => examples.skip(2).get(Int32Array.of(-1))],
  ] as const) {
    assert.throws(
      refused,
      (error: Error) => error instanceof ArgumentError && error.message.includes(name),
    );
  }
  assert.throws(
    () => examples.shuffle({ seed: 0.5 }),
    (error: Error) => error instanceof DataError,
  );
});

test.run();
