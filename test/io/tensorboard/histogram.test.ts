import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { histogramOf } from '../../../src/io/tensorboard/histogram.ts';

const test = suite('histogram');

test('every finite value is counted once, in the bucket whose limits it lies between', () => {
  const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.float());
  fc.assert(
    fc.property(fc.array(value, { maxLength: 50 }), (values) => {
      const { min, max, num, bucketLimit, bucket } = histogramOf(values);
      const finite = values.filter(Number.isFinite);
      assert.is(num, finite.length);
      assert.is(bucket.length, bucketLimit.length);
      assert.is(bucketLimit.at(-1), max);
      for (const [i, limit] of bucketLimit.entries()) {
        const below = i === 0 ? Number.NEGATIVE_INFINITY : bucketLimit[i - 1]!;
        assert.ok(limit >= below && limit >= min && limit <= max, `limit ${limit}`);
        const inside = finite.filter((value) => value > below && value <= limit);
        assert.is(bucket[i], inside.length);
      }
    }),
    { numRuns: 500, examples: [[[-5e-324, -1e-323]]] },
  );
});

test('one value has one bucket, no value an empty one', () => {
  const same = histogramOf(Float32Array.of(2, 2, 2));
  assert.equal([same.min, same.max, same.bucketLimit, same.bucket], [2, 2, [2], [3]]);
  assert.equal(histogramOf([Number.NaN]), {
    min: 0,
    max: 0,
    num: 0,
    sum: 0,
    sumSquares: 0,
    bucketLimit: [0],
    bucket: [0],
  });
});

test.run();
