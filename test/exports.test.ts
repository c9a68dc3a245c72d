import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as index from '../src/index.ts';
import * as node from '../src/node.ts';

const test = suite('exports');

// What the entries and their namespaces export, deprecated names among it. Whoever takes a name
// away takes it from users: it stays for a release as a deprecated one, and CHANGELOG.md says so.
const exported: Readonly<Record<string, string>> = {
  index: `
    ArgumentError CheckpointError DTypeError DataError DeviceError DeviceLostError FileError
    GradcheckError History MissingPackageError OutOfMemoryError ShapeError StaleTensorError
    Tensor Variable WgradError arange avgPool2d batchMetrics batchNorm batchNormInference
    binaryCrossEntropy callbacks closeDevice compile concat conv2d conv2dTranspose crossEntropy data
    device dropout evaluate explain eye fit full gather grad gradcheck hinge huber io klDivergence
    linspace logSoftmax losses matMul maxPool2d meanAbsoluteError meanSquaredError metrics nn
    oneHot ones openDevice openWasm openWebGpu optim predict profile random randomBernoulli randomNormal
    randomPermutation randomState randomTruncatedNormal randomUniform realize scatterAdd
    setDevice setRandomState setSeed softmax split stack stopGradient tensor where zeros
  `,
  'index.batchMetrics': `
    accuracy binaryAccuracy meanAbsoluteError meanSquaredError namedMetrics topK
  `,
  'index.callbacks': `
    checkpoint csvLog earlyStopping inspect jsonLinesLog learningRate nanGuard progress
    reduceOnPlateau
  `,
  'index.data': `
    CIFAR10_CLASSES Dataset DownloadError FASHION_MNIST_CLASSES augment cutout fromArrays
    fromImages fromTensors loadCifar10 loadFashionMnist loadMnist randomCrop randomFlip
    randomRotation randomShift readIdx readIdxFile syntheticDigits
  `,
  'index.io': `
    decodeSafetensors encodeSafetensors importPytorch loadWeights readSafetensors saveWeights
    setWeights weightsOf writeSafetensors
  `,
  'index.losses': `
    binaryCrossEntropy crossEntropy hinge huber klDivergence meanAbsoluteError meanSquaredError
  `,
  'index.metrics': `
    accuracy auc averagePrecision classificationReport classificationScores confusionMatrix
    f1Scores formatConfusionMatrix logLoss meanAveragePrecision precisionRecallCurve
    precisionRecallF1 rocAuc rocCurve topKAccuracy
  `,
  'index.nn': `
    Layer activation avgPool2d batchNorm concat conv2d conv2dTranspose dense depthwiseConv2d
    dropout elu embedding flatten gelu globalAveragePool2d globalMaxPool2d groupNorm
    initializers l1 l1l2 l2 layerNorm leakyRelu logSigmoid maxPool2d namedVariables relu residual
    separableConv2d sequential sigmoid silu softmax softplus summary tanh traceLayers
    upsampling2d variables zeroPadding2d
  `,
  'index.nn.initializers': `
    constant glorotNormal glorotUniform heNormal heUniform lecunNormal lecunUniform normal ones
    orthogonal uniform zeros
  `,
  'index.optim': `
    Optimizer adagrad adam adamW reduceOnPlateau rmsprop schedules sgd
  `,
  'index.optim.schedules': `
    constant cosine describeRate exponential linear oneCycle step warmUp
  `,
  'index.random': `
    bernoulli normal permutation seed setState state truncatedNormal uniform
  `,
  node: `
    csv imageFolder openEvents progressBar report tensorBoard
  `,
  'node.report': `
    RUN_FILES confusionMatrix createRun curves f1Bars filters gradientNorms histograms
    learningRateSweep pngDataUrl readRun readRuns resumeRun roc sampleGrid savePicture saveRunPicture
    themes toSvg writeIndex writeJson writeReport
  `,
};

const isNamespace = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === '[object Module]';

/** Adds a test of a namespace and of those that it exports. */
function testNames(name: string, namespace: object): void {
  test(`${name} exports what it did`, () => {
    const names = (exported[name] ?? '').trim().split(/\s+/);
    assert.equal(Object.keys(namespace).sort(), names);
  });
  for (const [inner, value] of Object.entries(namespace)) {
    if (isNamespace(value)) testNames(`${name}.${inner}`, value);
  }
}

testNames('index', index);
testNames('node', node);

test.run();
