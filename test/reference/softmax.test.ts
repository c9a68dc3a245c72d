import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NdArray } from './array.ts';
import { assertClose, assertGradient, scattered } from './check-gradient.ts';
import { mean, sum } from './reductions.ts';
import {
  crossEntropy,
  crossEntropyGradient,
  logSoftmax,
  logSoftmaxGradient,
  softmax,
  softmaxGradient,
} from './softmax.ts';

const test = suite('reference: softmax and cross-entropy');

const x = scattered([3, 4, 5]).map((value) => 3 * value);

test('shares sum to 1, and large logits do not overflow', () => {
  assertClose(sum(softmax(x, 1), 1), NdArray.full([3, 5], 1), 1e-14);
  const large = NdArray.from([1000, 1000 + Math.log(3)]);
  assertClose(softmax(large), NdArray.from([0.25, 0.75]), 1e-12);
  assertClose(logSoftmax(NdArray.from([0, -1000])), NdArray.from([0, -1000]), 1e-15);
});

test('cross-entropy of hand-computed rows', () => {
  const logits = NdArray.from([
    [0, Math.log(3)],
    [0, 0],
  ]);
  assertClose(crossEntropy(logits, [1, 0]), NdArray.from([Math.log(4 / 3), Math.LN2]), 1e-14);
  assert.throws(() => crossEntropy(logits, [2, 0]), /label 2/);
  assert.throws(() => crossEntropy(logits, [1]), /row 1/);
});

test('gradients', () => {
  for (const axis of [0, 1, -1]) {
    assertGradient(
      (input) => softmax(input, axis),
      x,
      (dy) => softmaxGradient(x, dy, axis),
    );
    assertGradient(
      (input) => logSoftmax(input, axis),
      x,
      (dy) => logSoftmaxGradient(x, dy, axis),
    );
  }
  const labels = Array.from({ length: 12 }, (_, row) => (row * 3) % 5);
  assertGradient(
    (input) => crossEntropy(input, labels),
    x,
    (dy) => crossEntropyGradient(x, labels, dy),
  );
  assertGradient(
    (input) => mean(crossEntropy(input, labels)),
    x,
    (dy) => crossEntropyGradient(x, labels).map((d) => d * dy.item()),
  );
});

test.run();
