// Every function that `wgrad` exports is written as ONNX, or stands on a list of those that are not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as wgrad from '../../../src/index.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import type { AnyTensor, Tensor } from '../../../src/tensor/tensor.ts';
import { rejection } from '../../data/tiny-images.ts';
import { wave } from './numbers.ts';
import { type Outputs, sameElsewhere } from './same-elsewhere.ts';

const test = suite('ONNX export of every op');

type Example = readonly [
  compute: (x: Tensor) => Outputs,
  shape: readonly number[],
  open?: readonly number[],
];

const whole = (x: AnyTensor, below: number) => x.abs().mul(50).cast('i32').mod(below);
const weights = (...shape: number[]) => tensor(wave(shape.reduce((a, b) => a * b)), shape);
/** By what is 0 in places, of floats and of whole numbers. */
const divided = (x: AnyTensor) => {
  const whole = x.mul(5).cast('i32');
  return { floats: wgrad.divNoNan(x, x.relu()), whole: wgrad.divNoNan(whole, whole.mod(3)) };
};
const named = (tensors: readonly AnyTensor[]) =>
  Object.fromEntries(tensors.map((x, i) => [`part${i}`, x]));
const row = wgrad.sort(weights(9).mul(3));
const labels = tensor([2, 0, 1], { dtype: 'i32' });

const examples: Readonly<Record<string, Example>> = {
  adaptiveAvgPool1d: [(x) => wgrad.adaptiveAvgPool1d(x, 3), [2, 7, 3]],
  adaptiveAvgPool2d: [(x) => wgrad.adaptiveAvgPool2d(x, 2), [2, 6, 5, 3]],
  adaptiveAvgPool3d: [(x) => wgrad.adaptiveAvgPool3d(x, 2), [2, 4, 5, 4, 2]],
  adaptiveMaxPool1d: [(x) => wgrad.adaptiveMaxPool1d(x, 3), [2, 7, 3]],
  adaptiveMaxPool2d: [(x) => wgrad.adaptiveMaxPool2d(x, 2), [2, 6, 5, 3]],
  adaptiveMaxPool3d: [(x) => wgrad.adaptiveMaxPool3d(x, 2), [2, 4, 5, 4, 2]],
  arange: [(x) => x.add(wgrad.arange(5)), [3, 5]],
  argSort: [(x) => wgrad.argSort(x), [3, 5]],
  avgPool1d: [(x) => wgrad.avgPool1d(x, { filterSize: 2 }), [2, 6, 3]],
  avgPool2d: [(x) => wgrad.avgPool2d(x, { filterSize: 2 }), [2, 6, 4, 3]],
  avgPool3d: [(x) => wgrad.avgPool3d(x, { filterSize: 2 }), [2, 4, 4, 6, 2]],
  batchNorm: [(x) => wgrad.batchNorm(x, weights(3), weights(3)).output, [5, 3], []],
  batchNormInference: [
    (x) =>
      wgrad.batchNormInference(
        x,
        { mean: weights(3), variance: weights(3).abs().add(1) },
        weights(3),
        weights(3),
      ),
    [2, 4, 5, 3],
  ],
  batchToSpaceND: [
    (x) =>
      wgrad.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 1],
        ],
      ),
    [4, 3, 3, 2],
    [],
  ],
  bincount: [(x) => wgrad.bincount(whole(x, 4).reshape([-1]), 4), [12], []],
  cdist: [(x) => wgrad.cdist(x, weights(4, 5)), [3, 5], []],
  concat: [(x) => wgrad.concat([x, x.mul(2)], 1), [2, 3]],
  confusionMatrix: [(x) => wgrad.confusionMatrix(whole(x, 3), whole(x.mul(2), 3), 3), [12], []],
  conv1d: [(x) => wgrad.conv1d(x, weights(3, 2, 4)), [2, 7, 2]],
  conv1dTranspose: [(x) => wgrad.conv1dTranspose(x, weights(3, 4, 2), { strides: 2 }), [2, 5, 2]],
  conv2d: [(x) => wgrad.conv2d(x, weights(3, 3, 2, 4), { padding: 'same' }), [2, 6, 5, 2]],
  conv2dTranspose: [
    (x) => wgrad.conv2dTranspose(x, weights(3, 3, 4, 2), { strides: 2 }),
    [2, 4, 3, 2],
  ],
  conv3d: [(x) => wgrad.conv3d(x, weights(2, 2, 2, 2, 3)), [2, 4, 3, 4, 2]],
  conv3dTranspose: [(x) => wgrad.conv3dTranspose(x, weights(2, 2, 2, 3, 2)), [2, 3, 3, 2, 2]],
  cosineSimilarity: [(x) => wgrad.cosineSimilarity(x, x.square()), [3, 5]],
  countNonZero: [(x) => wgrad.countNonZero(x.relu(), 1), [3, 5]],
  cropAndResize: [
    (x) =>
      wgrad.cropAndResize(
        x,
        tensor([
          [0, 0, 0.7, 0.8],
          [0.1, 0.3, 1, 1],
        ]),
        tensor([1, 0], { dtype: 'i32' }),
        [3, 4],
      ),
    [2, 6, 5, 3],
    [],
  ],
  crossEntropy: [(x) => wgrad.crossEntropy(x, labels), [3, 4], []],
  cumMax: [(x) => wgrad.cumMax(x, 1), [3, 5]],
  cumMin: [(x) => wgrad.cumMin(x, 0), [4, 5], []],
  cumProd: [(x) => wgrad.cumProd(x, 1), [3, 5]],
  cumSum: [(x) => wgrad.cumSum(x, 1), [3, 5]],
  customGradient: [
    (x) => {
      const twice = wgrad.customGradient((a: Tensor) => ({
        value: a.mul(2),
        gradFunc: (g: AnyTensor) => [g],
      }));
      return twice(x) as AnyTensor;
    },
    [3, 5],
  ],
  denseBincount: [(x) => wgrad.denseBincount(whole(x, 4), 4), [3, 6], []],
  depthToSpace: [(x) => wgrad.depthToSpace(x, 2), [2, 3, 2, 8]],
  depthwiseConv2d: [(x) => wgrad.depthwiseConv2d(x, weights(3, 3, 2, 1)), [2, 6, 5, 2]],
  determinant: [(x) => wgrad.determinant(x), [2, 3, 3]],
  diag: [(x) => wgrad.diag(x), [4], []],
  diagonal: [
    (x) => ({ main: wgrad.diagonal(x), above: wgrad.diagonal(x, 1), below: wgrad.diagonal(x, -2) }),
    [3, 4, 5],
  ],
  diff: [(x) => wgrad.diff(x, 2), [3, 5]],
  digamma: [(x) => wgrad.digamma(x.mul(3)), [7, 9]],
  dilation2d: [(x) => wgrad.dilation2d(x, weights(2, 2, 3)), [2, 5, 4, 3]],
  divNoNan: [(x) => divided(x), [3, 5]],
  dot: [(x) => wgrad.dot(x, x.square()), [7], []],
  dropout: [(x) => wgrad.dropout(x, 0), [3, 5]],
  einsum: [(x) => wgrad.einsum('bij,bkj->bik', [x, x.square()]), [2, 3, 4]],
  erfinv: [(x) => wgrad.erfinv(x.tanh()), [3, 5]],
  extractPatches: [(x) => wgrad.extractPatches(x, 2), [2, 4, 5, 2]],
  eye: [(x) => x.add(wgrad.eye(4)), [4, 4], []],
  fft: [(x) => ({ ...wgrad.fft(x) }), [3, 10], []],
  fold: [(x) => wgrad.fold(x, [5, 4], 2, { strides: 1 }), [2, 4, 3, 8], []],
  full: [(x) => x.add(wgrad.full([5], 3)), [3, 5]],
  fullLike: [(x) => wgrad.fullLike(x, 3).add(x), [3, 5]],
  gather: [(x) => wgrad.gather(x, labels, 1), [4, 3]],
  gatherND: [(x) => wgrad.gatherND(x, tensor([[1], [0]], { dtype: 'i32' })), [2, 3], []],
  gridSample: [(x) => wgrad.gridSample(x, weights(2, 3, 3, 2)), [2, 4, 5, 3], []],
  ifft: [(x) => ({ ...wgrad.ifft({ real: x, imag: x.square() }) }), [3, 10], []],
  inTopK: [(x) => wgrad.inTopK(x, labels as AnyTensor, 2), [3, 4], []],
  irfft: [(x) => wgrad.irfft({ real: x, imag: x.square() }, { axis: 0 }), [4, 3], []],
  kron: [(x) => wgrad.kron(x, x.square()), [2, 3], []],
  kthValue: [(x) => ({ ...wgrad.kthValue(x, 2, { axis: 1 }) }), [3, 5]],
  lerp: [(x) => wgrad.lerp(x, weights(5), x.sigmoid()), [3, 5]],
  lgamma: [(x) => wgrad.lgamma(x.mul(3)), [7, 9]],
  linspace: [(x) => x.add(wgrad.linspace(0, 1, 5)), [3, 5]],
  localResponseNormalization: [(x) => wgrad.localResponseNormalization(x), [2, 3, 3, 12]],
  logCumSumExp: [(x) => wgrad.logCumSumExp(x, 1), [3, 5]],
  logSoftmax: [(x) => wgrad.logSoftmax(x, 1), [3, 5, 2]],
  lowerBound: [(x) => wgrad.lowerBound(row, x), [3, 5]],
  matMul: [(x) => wgrad.matMul(x, weights(5, 4)), [3, 5]],
  maxPool1d: [(x) => wgrad.maxPool1d(x, { filterSize: 2 }), [2, 6, 3]],
  maxPool2d: [(x) => wgrad.maxPool2d(x, { filterSize: 2 }), [2, 6, 4, 3]],
  maxPool3d: [(x) => wgrad.maxPool3d(x, { filterSize: 2 }), [2, 4, 4, 6, 2]],
  maxPoolWithArgmax: [(x) => ({ ...wgrad.maxPoolWithArgmax(x, { filterSize: 2 }) }), [2, 6, 4, 3]],
  median: [(x) => wgrad.median(x, 1), [3, 5]],
  meshgrid: [(x) => named(wgrad.meshgrid([x, weights(3)])), [4], []],
  moments: [(x) => ({ ...wgrad.moments(x, [1]) }), [3, 5]],
  nanMean: [(x) => wgrad.nanMean(x.sqrt(), 1), [3, 5]],
  nanSum: [(x) => wgrad.nanSum(x.sqrt(), 1), [3, 5]],
  norm: [(x) => wgrad.norm(x, 2, 1), [3, 5]],
  oneHot: [(x) => wgrad.oneHot(whole(x, 4), 4), [3, 5]],
  ones: [(x) => x.add(wgrad.ones([5])), [3, 5]],
  onesLike: [(x) => x.add(wgrad.onesLike(x)), [3, 5]],
  outer: [(x) => wgrad.outer(x, weights(3)), [4], []],
  polygamma: [
    (x) => ({ first: wgrad.polygamma(1, x.mul(3)), fourth: wgrad.polygamma(4, x.mul(3)) }),
    [7, 9],
  ],
  quantile: [(x) => wgrad.quantile(x, 0.3, 1), [3, 5]],
  repeat: [(x) => wgrad.repeat(x, 2, 1), [3, 5]],
  resizeBilinear: [(x) => wgrad.resizeBilinear(x, [7, 3]), [2, 4, 5, 3]],
  resizeNearestNeighbor: [(x) => wgrad.resizeNearestNeighbor(x, [7, 3]), [2, 4, 5, 3]],
  rfft: [(x) => ({ ...wgrad.rfft(x) }), [3, 70], []],
  rgbToGrayscale: [(x) => wgrad.rgbToGrayscale(x), [2, 4, 5, 3]],
  roll: [(x) => wgrad.roll(x, 2, 1), [3, 5]],
  rot90: [(x) => wgrad.rot90(x), [3, 5], []],
  scaledDotProductAttention: [
    (x) => wgrad.scaledDotProductAttention(x, x.mul(2), x.square(), { causal: true }),
    [2, 2, 5, 4],
  ],
  scatterAdd: [(x) => wgrad.scatterAdd(x, labels, 4, 1), [4, 3]],
  scatterAlongAxis: [(x) => wgrad.scatterAlongAxis(x, whole(x, 4), 4, 1), [4, 3]],
  scatterND: [(x) => wgrad.scatterND(tensor([[1], [3]], { dtype: 'i32' }), x, [4, 3]), [2, 3], []],
  searchSorted: [
    (x) => ({
      row: wgrad.searchSorted(row, x, { side: 'right' }),
      rows: wgrad.searchSorted(wgrad.sort(x.mul(2)), x),
      words: wgrad.searchSorted(
        tensor(Uint32Array.of(1, 2 ** 31, 2 ** 32 - 1), [3]),
        wgrad.where(x.greater(0), 3e9, 5).cast('u32'),
      ),
      unordered: wgrad.searchSorted(tensor([0, 1, Number.NaN]), x.sub(1).sqrt()),
      unorderedRight: wgrad.searchSorted(tensor([0, 1, Number.NaN]), x.sub(1).sqrt(), {
        side: 'right',
      }),
    }),
    [3, 5],
    [],
  ],
  separableConv2d: [
    (x) => wgrad.separableConv2d(x, weights(3, 3, 2, 1), weights(1, 1, 2, 4)),
    [2, 6, 5, 2],
  ],
  softmax: [(x) => wgrad.softmax(x, 1), [3, 5, 2]],
  sort: [(x) => wgrad.sort(x), [3, 5]],
  spaceToBatchND: [
    (x) =>
      wgrad.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [1, 0],
        ],
      ),
    [2, 4, 5, 2],
    [],
  ],
  spaceToDepth: [(x) => wgrad.spaceToDepth(x, 2), [2, 4, 6, 3]],
  split: [(x) => named(wgrad.split(x, [2, 3], 1)), [3, 5]],
  stack: [(x) => wgrad.stack([x, x.square()], 1), [3, 5]],
  std: [(x) => wgrad.std(x, 1), [3, 5]],
  stopGradient: [(x) => wgrad.stopGradient(x), [3, 5]],
  takeAlongAxis: [(x) => wgrad.takeAlongAxis(x, wgrad.argSort(x), 1), [3, 5]],
  tensor: [(x) => x.add(tensor([1, 2, 3, 4, 5])), [3, 5]],
  tensordot: [(x) => wgrad.tensordot(x, weights(5, 4), 1), [3, 5]],
  tile: [(x) => wgrad.tile(x, [1, 2]), [3, 5]],
  topK: [(x) => ({ ...wgrad.topK(x, 2) }), [3, 5]],
  trace: [(x) => wgrad.trace(x), [4, 4], []],
  tril: [(x) => wgrad.tril(x), [4, 5], []],
  triu: [(x) => wgrad.triu(x, 1), [4, 5], []],
  tensorScatterUpdate: [
    (x) => wgrad.tensorScatterUpdate(x, wgrad.tensor([[2], [0]], { dtype: 'i32' }), weights(2, 5)),
    [3, 5],
    [],
  ],
  unsortedSegmentSum: [(x) => wgrad.unsortedSegmentSum(x, labels, 4), [3, 5], []],
  unstack: [(x) => named(wgrad.unstack(x, 1)), [3, 4]],
  upperBound: [(x) => wgrad.upperBound(row, x), [3, 5]],
  where: [(x) => wgrad.where(x.greater(0), x, 1), [3, 5]],
  zeros: [(x) => x.add(wgrad.zeros([5])), [3, 5]],
  zerosLike: [(x) => x.add(wgrad.zerosLike(x)), [3, 5]],
};

const positive = (x: Tensor) => x.matMul(x.transpose()).add(wgrad.eye(3).mul(5));

/** ONNX has nothing that solves equations or takes matrices apart, and nothing random. */
const notExported: Readonly<Record<string, (x: Tensor) => AnyTensor>> = {
  cholesky: (x) => wgrad.cholesky(positive(x)),
  inverse: (x) => wgrad.inverse(x),
  logDeterminant: (x) => wgrad.logDeterminant(positive(x)).logAbs,
  randomBernoulli: (x) => x.add(wgrad.randomBernoulli([3], 0.5)),
  randomNormal: (x) => x.add(wgrad.randomNormal([3])),
  randomTruncatedNormal: (x) => x.add(wgrad.randomTruncatedNormal([3])),
  randomUniform: (x) => x.add(wgrad.randomUniform([3])),
  solve: (x) => wgrad.solve(x, weights(3, 2)),
  triangularSolve: (x) => wgrad.triangularSolve(x, weights(3, 2)),
};

/** Functions that are no ops, wait for values, or are losses, which nobody exports. */
const others = [
  ...['Variable', 'booleanMask', 'closeDevice', 'compile', 'device', 'evaluate', 'explain', 'fit'],
  ...['grad', 'gradcheck', 'nonZero', 'openDevice', 'openWasm', 'openWebGpu', 'predict', 'profile'],
  ...['randomPermutation', 'randomState', 'realize', 'setDevice', 'setRandomState', 'setSeed'],
  ...['unique', 'binaryCrossEntropy', 'hinge', 'huber', 'klDivergence', 'meanAbsoluteError'],
  'meanSquaredError',
];

const words = (x: AnyTensor) => x.add(3).mul(7e8).cast('u32');

/** On words without a sign on both sides of 2³¹, and on whole numbers with one. */
const onWords: Readonly<Record<string, (a: AnyTensor, b: AnyTensor) => Outputs>> = {
  comparisons: (a, b) => ({
    less: a.less(b),
    lessEqual: a.lessEqual(b),
    greater: a.greater(b),
    greaterEqual: a.greaterEqual(b),
    equal: a.equal(b),
    extremes: a.maximum(b).sub(a.minimum(b)),
  }),
  'sorts and extremes of axes': (a) => ({
    sorted: wgrad.sort(a),
    largest: wgrad.topK(a, 2).values,
    places: a.argMax(-1),
    most: a.max(-1),
    least: a.min(0),
    highest: wgrad.cumSum(a, 1),
  }),
  bits: (a, b) => ({
    not: a.bitwiseNot(),
    and: a.bitwiseAnd(b),
    or: a.bitwiseOr(b),
    xor: a.bitwiseXor(b),
    up: a.bitwiseLeftShift(b),
    down: a.bitwiseRightShift(b),
  }),
};
for (const [name, compute] of Object.entries(onWords)) {
  test(`${name} of words`, () =>
    sameElsewhere((x) => compute(words(x), words(x.flip([1]))), [3, 6]));
  test(`${name} of whole numbers`, () => {
    const wholes = (x: AnyTensor) => x.mul(7e8).cast('i32');
    return sameElsewhere((x) => compute(wholes(x), wholes(x.flip([1]))), [3, 6]);
  });
}

test('each function that is exported has an example, or is known to have none', () => {
  const isClass = (value: unknown) => String(value).startsWith('class');
  const functions = Object.entries(wgrad).flatMap(([name, value]) =>
    typeof value === 'function' && !isClass(value) ? [name] : [],
  );
  const known = [...Object.keys(examples), ...Object.keys(notExported), ...others];
  assert.equal(
    functions.filter((name) => !known.includes(name)),
    [],
  );
});

for (const [name, [compute, shape, open]] of Object.entries(examples)) {
  test(`${name} computes the same elsewhere`, () =>
    sameElsewhere((x) => compute(x as Tensor), shape, open));
}

for (const [name, compute] of Object.entries(notExported)) {
  test(`${name} is refused by name`, async () => {
    const error = await rejection(onnx.encode(({ x }) => compute(x as Tensor), { x: [3, 3] }));
    assert.match(error.message, /^onnx: (the op \w+|a random number) cannot be exported/);
  });
}

test.run();
