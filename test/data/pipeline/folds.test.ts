import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import * as data from '../../../src/data/index.ts';
import { ArgumentError } from '../../../src/errors.ts';
import { Numbered, numbersOf, upTo } from './numbered.ts';

const test = suite('folds');

const numbered = (count: number) => new data.Dataset(new Numbered(count));
const all = async (examples: data.Dataset) => (await numbersOf(examples.batch(7).epoch(0))).flat();
const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);
const validated = (folds: data.Fold[]) =>
  Promise.all(folds.map(({ validation }) => all(validation)));
const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts);

test('each example is validated in one fold and trained on in the others, each class spread evenly', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 5, maxLength: 30 }),
      fc.integer({ min: 2, max: 5 }),
      fc.option(fc.maxSafeInteger(), { nil: undefined }),
      async (labels, k, seed) => {
        const options = { stratify: labels, ...(seed === undefined ? {} : { seed }) };
        const folds = numbered(labels.length).kFold(k, options);
        const held = await validated(folds);
        assert.is(held.length, k);
        assert.equal(sorted(held.flat()), upTo(labels.length));
        for (const [i, { train }] of folds.entries()) {
          assert.equal(sorted([...(await all(train)), ...(held[i] ?? [])]), upTo(labels.length));
        }
        assert.ok(spread(held.map((numbers) => numbers.length)) <= 1);
        for (const label of new Set(labels)) {
          const counts = held.map((numbers) => numbers.filter((n) => labels[n] === label).length);
          assert.ok(spread(counts) <= 1);
        }
      },
    ),
    { numRuns: 20 },
  ));

test('a stratified split has its share of each class, seeded or not, of the sizes asked for', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 1, maxLength: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.option(fc.maxSafeInteger(), { nil: undefined }),
      async (labels, fraction, seed) => {
        const options = { stratify: labels, ...(seed === undefined ? {} : { seed }) };
        const [train, validation] = numbered(labels.length).split(fraction, options);
        const [kept, held] = [await all(train), await all(validation)];
        assert.is(held.length, Math.round(labels.length * fraction));
        assert.equal(sorted([...kept, ...held]), upTo(labels.length));
        for (const label of new Set(labels)) {
          const of = (numbers: number[]) => numbers.filter((n) => labels[n] === label).length;
          const share = ((of(kept) + of(held)) * held.length) / labels.length;
          assert.ok(Math.abs(of(held) - share) < 1, `${of(held)} of class ${label}, for ${share}`);
        }
        assert.equal(await all(numbered(labels.length).split(fraction, options)[1]), held);
      },
    ),
    { numRuns: 30 },
  ));

test('stratified splits by two seeds differ, and take one label an example', async () => {
  const labels = upTo(40).map((i) => i % 3);
  const held = (seed: number) => all(numbered(40).split(0.3, { seed, stratify: labels })[1]);
  assert.not.equal(await held(1), await held(2));
  assert.throws(
    () => numbered(3).split(0.5, { stratify: [0, 1] }),
    (error: unknown) => error instanceof ArgumentError && /split: .* got 2/.test(error.message),
  );
});

test('the same seed gives the same folds, another one others', async () => {
  const folds = (seed: number) => validated(numbered(23).kFold(4, { seed }));
  assert.equal(await folds(1), await folds(1));
  assert.not.equal(await folds(1), await folds(2));
});

test('fewer examples than folds and labels of another number are refused', () => {
  assert.throws(
    () => numbered(3).kFold(4),
    (error: unknown) => error instanceof ArgumentError,
  );
  assert.throws(
    () => numbered(3).kFold(1),
    (error: unknown) => error instanceof ArgumentError,
  );
  assert.throws(
    () => numbered(3).kFold(2, { stratify: [0, 1] }),
    (error: unknown) =>
      error instanceof ArgumentError && /each of the 3 examples, got 2/.test(error.message),
  );
});

test.run();
