import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as wgrad from '../../src/index.ts';
import * as node from '../../src/node.ts';
import { rejects } from '../tensor/refusal.ts';

const test = suite('mistakes: unknown options');

const { callbacks, data, io, losses, metrics, nn, optim, random } = wgrad;
const { report } = node;

// Whatever the types say: programs in JavaScript are not told by a compiler.
// biome-ignore lint/suspicious/noExplicitAny: see above
const wrong: any = { colour: 'red' };
const image = () => wgrad.zeros([1, 4, 4, 2]);
const volume = () => wgrad.zeros([1, 4, 4, 4, 2]);
const filter = () => wgrad.zeros([2, 2, 2, 3]);
const x = () => wgrad.tensor([0.5, 0.25]);
const weights = () => [new wgrad.Variable(wgrad.zeros([2]))];
const model = () => nn.sequential([nn.dense(2)]).build([3]);
const digits = () => data.syntheticDigits({ train: 3, test: 0, seed: 0 }).train;
const set = () => data.fromTensors(wgrad.zeros([4, 3]), wgrad.zeros([4, 2]));
const training = () => ({
  loss: losses.meanSquaredError,
  optimizer: optim.sgd(weights()),
  ...wrong,
});

/** Every public function that takes options, called with one that there is not. */
const calls: Readonly<Record<string, () => unknown>> = {
  Variable: () => new wgrad.Variable(x(), wrong),
  tensor: () => wgrad.tensor([1, 2], wrong),
  'tensor of a typed array': () => wgrad.tensor(Float32Array.of(1, 2), [2], wrong),
  full: () => wgrad.full([2], 1, wrong),
  zeros: () => wgrad.zeros([2], wrong),
  ones: () => wgrad.ones([2], wrong),
  arange: () => wgrad.arange(0, 4, 1, wrong),
  conv1d: () => wgrad.conv1d(wgrad.zeros([1, 4, 2]), wgrad.zeros([3, 2, 5]), wrong),
  conv1dTranspose: () =>
    wgrad.conv1dTranspose(wgrad.zeros([1, 4, 2]), wgrad.zeros([3, 5, 2]), wrong),
  conv3d: () => wgrad.conv3d(volume(), wgrad.zeros([3, 3, 3, 2, 5]), wrong),
  conv3dTranspose: () => wgrad.conv3dTranspose(volume(), wgrad.zeros([3, 3, 3, 5, 2]), wrong),
  maxPool1d: () => wgrad.maxPool1d(wgrad.zeros([1, 4, 2]), wrong),
  avgPool1d: () => wgrad.avgPool1d(wgrad.zeros([1, 4, 2]), wrong),
  maxPool3d: () => wgrad.maxPool3d(volume(), wrong),
  avgPool3d: () => wgrad.avgPool3d(volume(), wrong),
  conv2d: () => wgrad.conv2d(image(), filter(), wrong),
  conv2dTranspose: () => wgrad.conv2dTranspose(image(), filter().transpose([0, 1, 3, 2]), wrong),
  depthwiseConv2d: () => wgrad.depthwiseConv2d(image(), filter(), wrong),
  separableConv2d: () => wgrad.separableConv2d(image(), filter(), wgrad.zeros([1, 1, 6, 2]), wrong),
  dilation2d: () => wgrad.dilation2d(image(), wgrad.zeros([2, 2, 2]), wrong),
  extractPatches: () => wgrad.extractPatches(image(), 2, wrong),
  localResponseNormalization: () => wgrad.localResponseNormalization(image(), wrong),
  maxPoolWithArgmax: () => wgrad.maxPoolWithArgmax(image(), wrong),
  maxPool2d: () => wgrad.maxPool2d(image(), wrong),
  avgPool2d: () => wgrad.avgPool2d(image(), wrong),
  dropout: () => wgrad.dropout(x(), 0.5, wrong),
  variance: () => x().variance(0, wrong),
  std: () => wgrad.std(x(), 0, wrong),
  meshgrid: () => wgrad.meshgrid([x()], wrong),
  sort: () => wgrad.sort(x(), wrong),
  argSort: () => wgrad.argSort(x(), wrong),
  topK: () => wgrad.topK(x(), 1, wrong),
  fft: () => wgrad.fft(x(), wrong),
  ifft: () => wgrad.ifft(x(), wrong),
  rfft: () => wgrad.rfft(x(), wrong),
  irfft: () => wgrad.irfft(x(), wrong),
  fold: () => wgrad.fold(image(), 8, 2, wrong),
  gridSample: () => wgrad.gridSample(image(), wgrad.zeros([1, 2, 2, 2]), wrong),
  kthValue: () => wgrad.kthValue(x(), 1, wrong),
  resizeBilinear: () => wgrad.resizeBilinear(image(), [2, 2], wrong),
  resizeNearestNeighbor: () => wgrad.resizeNearestNeighbor(image(), [2, 2], wrong),
  cropAndResize: () =>
    wgrad.cropAndResize(
      image(),
      wgrad.zeros([1, 4]),
      wgrad.zeros([1], { dtype: 'i32' }),
      [2, 2],
      wrong,
    ),
  cumSum: () => wgrad.cumSum(x(), 0, wrong),
  cumProd: () => wgrad.cumProd(x(), 0, wrong),
  cumMax: () => wgrad.cumMax(x(), 0, wrong),
  cumMin: () => wgrad.cumMin(x(), 0, wrong),
  logCumSumExp: () => wgrad.logCumSumExp(x(), 0, wrong),
  searchSorted: () => wgrad.searchSorted(x(), x(), wrong),
  bincount: () => wgrad.bincount(wgrad.tensor([1, 2], { dtype: 'i32' }), 3, wrong),
  denseBincount: () => wgrad.denseBincount(wgrad.tensor([1, 2], { dtype: 'i32' }), 3, wrong),
  triangularSolve: () => wgrad.triangularSolve(wgrad.eye(2), wgrad.eye(2), wrong),
  oneHot: () => wgrad.oneHot(wgrad.tensor([1, 2], { dtype: 'i32' }), 3, wrong),
  scaledDotProductAttention: () => {
    const rows = wgrad.zeros([2, 3]);
    return wgrad.scaledDotProductAttention(rows, rows, rows, wrong);
  },
  gradcheck: () => wgrad.gradcheck((a) => a, [x()], wrong),
  profile: () => wgrad.profile(() => x().relu().data(), wrong),
  'random.uniform': () => random.uniform([2], wrong),
  'random.normal': () => random.normal([2], wrong),
  'random.truncatedNormal': () => random.truncatedNormal([2], wrong),
  'random.bernoulli': () => random.bernoulli([2], 0.5, wrong),
  'random.categorical': () => random.categorical(x(), 2, wrong),
  'random.gamma': () => random.gamma([2], 1, wrong),
  'random.poisson': () => random.poisson([2], 1, wrong),
  'random.permutation': () => random.permutation(2, wrong),
  'nn.dense': () => nn.dense(2, wrong),
  'nn.normalization': () => nn.normalization(wrong),
  'nn.prelu': () => nn.prelu(wrong),
  'nn.conv1d': () => nn.conv1d(2, 3, wrong),
  'nn.conv1dTranspose': () => nn.conv1dTranspose(2, 3, wrong),
  'nn.conv3d': () => nn.conv3d(2, 3, wrong),
  'nn.conv3dTranspose': () => nn.conv3dTranspose(2, 3, wrong),
  'nn.depthwiseConv1d': () => nn.depthwiseConv1d(3, wrong),
  'nn.separableConv1d': () => nn.separableConv1d(2, 3, wrong),
  'nn.maxPool1d': () => nn.maxPool1d(2, wrong),
  'nn.avgPool1d': () => nn.avgPool1d(2, wrong),
  'nn.maxPool3d': () => nn.maxPool3d(2, wrong),
  'nn.avgPool3d': () => nn.avgPool3d(2, wrong),
  'nn.conv2d': () => nn.conv2d(2, 3, wrong),
  'nn.conv2dTranspose': () => nn.conv2dTranspose(2, 3, wrong),
  'nn.depthwiseConv2d': () => nn.depthwiseConv2d(3, wrong),
  'nn.separableConv2d': () => nn.separableConv2d(2, 3, wrong),
  'nn.embedding': () => nn.embedding(2, 3, wrong),
  'nn.batchNorm': () => nn.batchNorm(wrong),
  'nn.layerNorm': () => nn.layerNorm(wrong),
  'nn.groupNorm': () => nn.groupNorm(2, wrong),
  'nn.maxPool2d': () => nn.maxPool2d(2, wrong),
  'nn.avgPool2d': () => nn.avgPool2d(2, wrong),
  'nn.upsampling2d': () => nn.upsampling2d(2, wrong),
  'nn.lstm': () => nn.lstm(2, wrong),
  'nn.lstmCell': () => nn.lstmCell(2, wrong),
  'nn.gruCell': () => nn.gruCell(2, wrong),
  'nn.gru': () => nn.gru(2, wrong),
  'nn.simpleRNN': () => nn.simpleRNN(2, wrong),
  'nn.bidirectional': () => nn.bidirectional(nn.lstm(2), wrong),
  'nn.multiHeadAttention': () => nn.multiHeadAttention(2, wrong),
  'nn.positionalEmbedding': () => nn.positionalEmbedding(4, wrong),
  'nn.transformerBlock': () => nn.transformerBlock({ heads: 2, hidden: 4, ...wrong }),
  'nn.copyWeights': () => nn.copyWeights(model(), model(), wrong),
  'nn.gelu': () => nn.gelu(wrong),
  'losses.crossEntropy': () => losses.crossEntropy(x(), x(), wrong),
  'losses.binaryCrossEntropy': () => losses.binaryCrossEntropy(x(), x(), wrong),
  'losses.hinge': () => losses.hinge(x(), x(), wrong),
  'losses.huber': () => losses.huber(x(), x(), wrong),
  'losses.klDivergence': () => losses.klDivergence(x(), x(), wrong),
  'losses.meanAbsoluteError': () => losses.meanAbsoluteError(x(), x(), wrong),
  'losses.meanSquaredError': () => losses.meanSquaredError(x(), x(), wrong),
  'optim.sgd': () => optim.sgd(weights(), wrong),
  'optim.adam': () => optim.adam(weights(), wrong),
  'optim.adamW': () => optim.adamW(weights(), wrong),
  'optim.rmsprop': () => optim.rmsprop(weights(), wrong),
  'optim.adagrad': () => optim.adagrad(weights(), wrong),
  'optim.adadelta': () => optim.adadelta(weights(), wrong),
  'optim.adamax': () => optim.adamax(weights(), wrong),
  'optim.lamb': () => optim.lamb(weights(), wrong),
  'optim.lars': () => optim.lars(weights(), wrong),
  'optim.lion': () => optim.lion(weights(), wrong),
  'optim.nadam': () => optim.nadam(weights(), wrong),
  'optim.radam': () => optim.radam(weights(), wrong),
  'optim, a group': () => optim.sgd([{ variables: weights(), ...wrong }]),
  'optim.reduceOnPlateau': () => optim.reduceOnPlateau(wrong),
  'optim.ema': () => optim.ema(weights(), wrong),
  'optim.schedules.warmUp': () => optim.schedules.warmUp(10, 0.1, wrong),
  'optim.schedules.oneCycle': () => optim.schedules.oneCycle(0.1, 10, wrong),
  fit: () => wgrad.fit(model(), set(), training()),
  evaluate: () => wgrad.evaluate(model(), set(), { loss: losses.meanSquaredError, ...wrong }),
  predict: () => wgrad.predict(model(), set(), wrong),
  'callbacks.ema': () => callbacks.ema(wrong),
  'callbacks.earlyStopping': () => callbacks.earlyStopping(wrong),
  'callbacks.checkpoint': () => callbacks.checkpoint('file', wrong),
  'callbacks.inspect': () => callbacks.inspect(wrong),
  'callbacks.nanGuard': () => callbacks.nanGuard(wrong),
  'callbacks.progress': () => callbacks.progress(wrong),
  'callbacks.reduceOnPlateau': () => callbacks.reduceOnPlateau(wrong),
  'metrics.classificationReport': () => metrics.classificationReport([0], [0], wrong),
  'data.fromTensors': () => data.fromTensors(wgrad.zeros([1, 1]), wgrad.zeros([1]), wrong),
  'nn.input': () => nn.input([1], wrong),
  ...Object.fromEntries(
    (['add', 'average', 'maximum', 'minimum', 'multiply', 'subtract'] as const).map((name) => [
      `nn.${name}`,
      () => nn[name]([nn.input([1]), nn.input([1])], wrong),
    ]),
  ),
  'nn.concat': () => nn.concat([nn.input([1])], -1, wrong),
  'nn.dot': () => nn.dot([nn.input([1]), nn.input([1])], wrong),
  'data.fromImages': () => data.fromImages(digits(), wrong),
  'data.fromArrays': () => data.fromArrays([[1]], [1], wrong),
  'data.loadMnist': () => data.loadMnist(wrong),
  'data.readIdxImages': () => data.readIdxImages(new Blob([]), new Blob([]), wrong),
  'data.loadFashionMnist': () => data.loadFashionMnist(wrong),
  'data.loadCifar10': () => data.loadCifar10(wrong),
  'data.readCifar10': () => data.readCifar10(new Blob([]), wrong),
  'data.syntheticDigits': () => data.syntheticDigits({ train: 1, test: 1, seed: 1, ...wrong }),
  'data.zip': () => data.zip({ a: set() }, { targets: 'a', ...wrong }),
  'data.standardize': () => data.standardize(set(), wrong),
  'Dataset.window': () => set().window(2, wrong),
  'Dataset.split': () => set().split(0.5, wrong),
  'Dataset.shuffle': () => set().shuffle(wrong),
  'Dataset.batch': () => set().batch(2, wrong),
  'BatchedDataset.epoch': () => set().batch(2).epoch(0, wrong),
  'io.saveWeights': () => io.saveWeights('file', model(), wrong),
  'io.readSafetensors': () => io.readSafetensors('file', wrong),
  'io.loadWeights': () => io.loadWeights('file', model(), wrong),
  'io.setWeights': () => io.setWeights(model(), new Map(), wrong),
  'io.importPytorch': () => io.importPytorch(model(), new Map(), wrong),
  openWasm: () => wgrad.openWasm(wrong),
  openWebGpu: () => wgrad.openWebGpu(wrong),
  'keras.decode': () => node.keras.decode(new Uint8Array(), wrong),
  'keras.load': () => node.keras.load('file', wrong),
  'tfjs.decode': () => node.tfjs.decode('{}', async () => new Uint8Array(), wrong),
  'tfjs.load': () => node.tfjs.load('folder', wrong),
  'tfjs.encode': () => node.tfjs.encode(model(), wrong),
  'tfjs.save': () => node.tfjs.save('folder', model(), wrong),
  'onnx.encode': () => node.onnx.encode(model(), [null, 3], wrong),
  'onnx.save': () => node.onnx.save('file', model(), [null, 3], wrong),
  csv: () => node.csv('file', { inputs: ['a'], target: 'b', ...wrong }),
  imageFolder: () => node.imageFolder('folder', { height: 8, width: 8, ...wrong }),
  openEvents: () => node.openEvents('folder', wrong),
  tensorBoard: () => node.tensorBoard('folder', wrong),
  'report.confusionMatrix': () => report.confusionMatrix([[1]], ['a'], wrong),
  'report.sampleGrid': () => report.sampleGrid([], wrong),
  'report.savePicture': () => report.savePicture('a.svg', report.curves('', '', []), wrong),
};

for (const [name, call] of Object.entries(calls)) {
  test(`${name}: an option that there is not is refused, and those there are named`, () =>
    rejects(
      async () => call(),
      wgrad.ArgumentError,
      /^\S+: there is no option 'colour'\. Known: [a-zA-Z0-9]+/,
    ));
}

// A new function with options and without a call above fails here.
test('no exported function that has options is left out', () => {
  const called = Object.keys(calls);
  const missing: string[] = [];
  const walk = (path: string, namespace: object) => {
    for (const [name, value] of Object.entries(namespace)) {
      if (typeof value === 'object' && value !== null) walk(`${path}${name}.`, value);
      const takesOptions =
        typeof value === 'function' && /^[^{]*\b[oO]ptions\b/.test(String(value));
      if (takesOptions && !called.includes(`${path}${name}`)) missing.push(`${path}${name}`);
    }
  };
  walk('', wgrad);
  walk('', node);
  const isFormerName = (name: string) =>
    Object.values({ ...losses, ...random }).includes(Reflect.get(wgrad, name));
  assert.equal(
    missing.filter((name) => !isFormerName(name)),
    [],
  );
});

test.run();
