import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { syntheticDigits } from '../../../src/data/generated/synthetic-digits.ts';
import type { LabelledImages } from '../../../src/data/labelled-images.ts';
import { DataError } from '../../../src/errors.ts';

const test = suite('synthetic digits');

const PIXELS = 28 * 28;

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

test('has the structure of MNIST', () => {
  const { train, test: held, classes } = syntheticDigits({ train: 300, test: 50, seed: 0 });
  assert.is(classes, 10);
  assert.is(held.count, 50);
  assert.is(train.images.length, 300 * PIXELS);
  assert.is(train.labels.length, 300);
  assert.equal([train.height, train.width, train.channels], [28, 28, 1]);
  assert.is(new Set(train.labels).size, 10);
});

test('every image has ink, and none at the very edge', () => {
  const { images, count } = syntheticDigits({ train: 2000, test: 0, seed: 5 }).train;
  for (let item = 0; item < count; item++) {
    const image = images.subarray(item * PIXELS, (item + 1) * PIXELS);
    assert.ok(image.reduce((most, value) => Math.max(most, value), 0) > 100);
    const edge = image.filter((_, at) => at < 28 || at >= PIXELS - 28 || at % 28 === 0);
    assert.ok(
      edge.every((value) => value === 0),
      `image ${item}`,
    );
  }
});

test('the same seed gives the same bytes on every platform, another seed others', () => {
  const first = syntheticDigits({ train: 200, test: 100, seed: 7 });
  const again = syntheticDigits({ train: 200, test: 100, seed: 7 });
  const other = syntheticDigits({ train: 200, test: 100, seed: 8 });
  assert.equal(md5(first.train.images), md5(again.train.images));
  assert.equal(md5(first.test.labels), md5(again.test.labels));
  assert.not.equal(md5(first.train.images), md5(other.train.images));
  assert.is(md5(first.train.images), 'b87e1acb338026377096ee6c3bbdc478');
});

test('an image does not depend on how many are drawn, nor is it in both halves', () => {
  const few = syntheticDigits({ train: 20, test: 20, seed: 1 });
  const many = syntheticDigits({ train: 60, test: 0, seed: 1 });
  assert.equal(many.train.images.slice(0, 20 * PIXELS), few.train.images);
  assert.not.equal(few.train.images, few.test.images);
});

test('ten thousand images take about a second at most', () => {
  const start = performance.now();
  syntheticDigits({ train: 10_000, test: 0, seed: 2 });
  const milliseconds = performance.now() - start;
  // Three times the aim: the machines that run tests are busy.
  assert.ok(milliseconds < 3000, `${milliseconds} ms`);
});

test('the nearest mean image recognises many digits but not nearly all', () => {
  const { train, test: held } = syntheticDigits({ train: 3000, test: 1000, seed: 3 });
  const share = nearestMeanAccuracy(train, held);
  assert.ok(share > 0.5 && share < 0.97, `accuracy ${share}`);
});

test('counts and seeds that make no sense are refused', () => {
  for (const options of [
    { train: -1, test: 0, seed: 0 },
    { train: 0, test: 1.5, seed: 0 },
    { train: 1, test: 1, seed: 0.5 },
  ]) {
    assert.throws(
      () => syntheticDigits(options),
      (error: unknown) => error instanceof DataError,
    );
  }
});

function nearestMeanAccuracy(train: LabelledImages, held: LabelledImages): number {
  const means = Array.from({ length: 10 }, () => new Float64Array(PIXELS));
  const sizes = new Array<number>(10).fill(0);
  for (let item = 0; item < train.count; item++) {
    const label = train.labels[item]!;
    sizes[label]!++;
    for (let at = 0; at < PIXELS; at++) means[label]![at]! += train.images[item * PIXELS + at]!;
  }
  for (const [label, mean] of means.entries()) {
    for (let at = 0; at < PIXELS; at++) mean[at]! /= sizes[label]!;
  }
  let right = 0;
  for (let item = 0; item < held.count; item++) {
    const image = held.images.subarray(item * PIXELS, (item + 1) * PIXELS);
    const distances = means.map((mean) =>
      image.reduce((sum, value, at) => sum + (value - mean[at]!) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === held.labels[item]) right++;
  }
  return right / held.count;
}

test.run();
