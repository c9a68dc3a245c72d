import { suite } from 'uvu';
import { NdArray } from './array.ts';
import { assertClose, assertGradient, scattered } from './check-gradient.ts';
import {
  batchNormInference,
  batchNormInferenceGradient,
  batchNormTraining,
  batchNormTrainingGradient,
} from './normalization.ts';
import { mean, variance } from './reductions.ts';

const test = suite('reference: batchNorm');

const epsilon = 1e-3;
const x = scattered([2, 3, 4, 3], 1);
const gamma = scattered([3], 2);
const beta = scattered([3], 3);

test('a normalised channel has mean beta and variance gamma²', () => {
  const { output } = batchNormTraining(x, gamma, beta, 0);
  assertClose(mean(output, [0, 1, 2]), beta, 1e-14);
  assertClose(
    variance(output, [0, 1, 2]),
    gamma.map((g) => g * g),
    1e-14,
  );
});

test('a hand-computed case', () => {
  const { output, ...moments } = batchNormTraining(
    new NdArray([2, 1], [1, 5]),
    NdArray.from([3]),
    NdArray.from([10]),
    0,
  );
  assertClose(output, new NdArray([2, 1], [7, 13]));
  assertClose(moments.mean, NdArray.from([3]));
  assertClose(moments.variance, NdArray.from([4]));
});

test('gradients in training', () => {
  const of = (dy: NdArray) => batchNormTrainingGradient(x, gamma, dy, epsilon);
  assertGradient(
    (input) => batchNormTraining(input, gamma, beta, epsilon).output,
    x,
    (dy) => of(dy).input,
  );
  assertGradient(
    (g) => batchNormTraining(x, g, beta, epsilon).output,
    gamma,
    (dy) => of(dy).gamma,
  );
  assertGradient(
    (b) => batchNormTraining(x, gamma, b, epsilon).output,
    beta,
    (dy) => of(dy).beta,
  );
});

test('gradients in inference', () => {
  const center = scattered([3], 4);
  const spread = NdArray.from([0.5, 2, 1.25]);
  const of = (dy: NdArray) => batchNormInferenceGradient(x, center, spread, gamma, dy, epsilon);
  assertGradient(
    (input) => batchNormInference(input, center, spread, gamma, beta, epsilon),
    x,
    (dy) => of(dy).input,
  );
  assertGradient(
    (m) => batchNormInference(x, m, spread, gamma, beta, epsilon),
    center,
    (dy) => of(dy).mean,
  );
  assertGradient(
    (v) => batchNormInference(x, center, v, gamma, beta, epsilon),
    spread,
    (dy) => of(dy).variance,
  );
  assertGradient(
    (g) => batchNormInference(x, center, spread, g, beta, epsilon),
    gamma,
    (dy) => of(dy).gamma,
  );
  assertGradient(
    (b) => batchNormInference(x, center, spread, gamma, b, epsilon),
    beta,
    (dy) => of(dy).beta,
  );
});

test.run();
