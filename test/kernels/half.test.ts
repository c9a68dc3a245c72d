import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { byteSize, fromDevice, toDevice } from '../../src/kernels/dtype.ts';
import { halfBits, halfRounded, halfValue } from '../../src/kernels/half.ts';
import { everyHalf, nearestHalf } from '../reference/half.ts';

const test = suite('kernels: f16 on the host');

test('codes and values are the same in both directions', () => {
  everyHalf.forEach((value, i) => {
    const code = i <= 0x7c00 ? i : 0x8000 + i - 0x7c01;
    if (halfBits(value) !== code || !Object.is(halfValue(code), value)) {
      assert.unreachable(`${value} is ${halfBits(value)}, ${code} is ${halfValue(code)}`);
    }
  });
  assert.ok(Number.isNaN(halfValue(halfBits(Number.NaN))));
  assert.ok(Number.isNaN(halfValue(0xfc01)));
});

test('numbers become the nearest, those in the middle the even one', () => {
  const positive = everyHalf.slice(0, 0x7c00);
  positive.forEach((below, i) => {
    const above = positive[i + 1] ?? 65536;
    const middle = (below + above) / 2;
    // As a double, not as an f32, is a number judged: one beside the middle is on its side.
    for (const x of [below, middle * (1 - 2 ** -52), middle, middle * (1 + 2 ** -52)]) {
      for (const signed of [x, -x]) {
        if (!Object.is(halfRounded(signed), nearestHalf(signed))) {
          assert.unreachable(`${signed}: ${halfRounded(signed)}, not ${nearestHalf(signed)}`);
        }
      }
    }
  });
  for (const huge of [65519, 65520, 1e5, 3e38, 1e300, Infinity]) {
    assert.is(halfRounded(huge), nearestHalf(huge));
  }
});

test('a device keeps two bytes of each', () => {
  const values = Float32Array.of(1, -0, 2 ** -24, 65504, -Infinity);
  assert.is(byteSize(1000, 'f16'), 2000);
  const bytes = new Uint8Array(16);
  const stored = toDevice(values, 'f16');
  assert.is(stored.byteLength, 10);
  bytes.set(new Uint8Array(stored.buffer));
  assert.equal([...fromDevice(bytes.buffer, 5, 'f16')], [...values]);
});

test.run();
