import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decades, logLabel, shorten } from '../../src/report/layout.ts';
import { decimals, duration, percent, plain, size } from '../../src/report/number-text.ts';

const test = suite('format');

test('what is no finite number is a dash', () => {
  for (const format of [percent, decimals, plain, duration]) {
    for (const value of [undefined, null, Number.NaN, Number.NEGATIVE_INFINITY]) {
      assert.is(format(value), '–');
    }
  }
});

test('numbers are as long as they are worth', () => {
  assert.is(percent(0.98765), '98.77 %');
  assert.is(decimals(0.5), '0.5000');
  assert.is(plain(1234567), '1,234,567');
  assert.is(plain(0.00012345678), '0.0001235');
  assert.is(size(999), '999 B');
  assert.is(size(1500), '1.5 kB');
  assert.is(size(2.5e6), '2.5 MB');
});

test('durations carry over', () => {
  assert.is(duration(0), '0.0 s');
  assert.is(duration(59.94), '59.9 s');
  assert.is(duration(59.96), '1 min 00 s');
  assert.is(duration(185), '3 min 05 s');
  assert.is(duration(3599.6), '1 h 00 min');
  assert.is(duration(2 * 3600 + 180), '2 h 03 min');
});

test('labels of logarithmic axes are short', () => {
  assert.equal([1e-8, 1e-4, 1e-3, 0.03, 1, 1000, 1e5].map(logLabel), [
    '1e-8',
    '0.0001',
    '0.001',
    '0.03',
    '1',
    '1000',
    '1e5',
  ]);
});

test('decades enclose the values and are never empty', () => {
  assert.equal(decades([]), undefined);
  assert.equal(decades([0.002, 30]), { min: 0.001, max: 100, interval: 1 });
  assert.equal(decades([0.1, 0.001]), { min: 0.001, max: 0.1, interval: 1 });
  assert.equal(decades([10]), { min: 10, max: 100, interval: 1 });
  assert.is(decades([1e-13, 1])!.interval, 2);
});

test('long names lose their middle', () => {
  assert.is(shorten('short', 5), 'short');
  assert.is(shorten('abcdefghij', 7), 'abc…hij');
  assert.is(shorten('x'.repeat(100)).length, 40);
});

test.run();
