import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as distributed from '../src/distributed.ts';
import * as index from '../src/index.ts';
import * as node from '../src/node.ts';

const test = suite('exports');

// What the entries and their namespaces export, deprecated names among it. Whoever takes a name
// away takes it from users: it stays for a release as a deprecated one, and CHANGELOG.md says so.
const exported: Readonly<Record<string, string>> = {
  index: `
    ArgumentError CheckpointError DTypeError DataError DeviceError DeviceLostError
    DistributedError FileError
    GradcheckError History MissingPackageError OutOfMemoryError ShapeError StaleTensorError
    Tensor Variable WgradError adaptiveAvgPool1d adaptiveAvgPool2d adaptiveAvgPool3d
    adaptiveMaxPool1d adaptiveMaxPool2d adaptiveMaxPool3d arange argSort avgPool1d avgPool2d
    avgPool3d batchMetrics batchNorm batchNormInference batchToSpaceND binaryCrossEntropy
    bincount booleanMask callbacks cdist cholesky closeDevice compile concat confusionMatrix conv1d
    conv1dTranspose conv2d conv2dTranspose conv3d conv3dTranspose cosineSimilarity countNonZero
    cropAndResize crossEntropy cumMax cumMin cumProd cumSum customGradient data denseBincount depthToSpace
    depthwiseConv2d determinant device diag diagonal diff digamma dilation2d divNoNan dot dropout einsum erfinv evaluate
    explain extractPatches eye fft fit fold full fullLike gather gatherND grad gradcheck gridSample hinge huber ifft
    inTopK inverse io irfft klDivergence kron kthValue lerp lgamma linspace localResponseNormalization
    logCumSumExp logDeterminant logSoftmax losses lowerBound matMul maxPool1d maxPool2d maxPool3d
    maxPoolWithArgmax meanAbsoluteError meanSquaredError median meshgrid metrics moments nanMean nanSum nn
    nonZero norm oneHot ones onesLike openDevice openWasm openWebGpu optim outer polygamma predict profile
    quantile random randomBernoulli randomNormal randomPermutation randomState
    randomTruncatedNormal randomUniform realize repeat resizeBilinear resizeNearestNeighbor
    rfft rgbToGrayscale roll rot90 scaledDotProductAttention scatterAdd scatterAlongAxis scatterND
    searchSorted separableConv2d setDevice setRandomState setSeed softmax solve sort
    spaceToBatchND spaceToDepth split stack std stopGradient takeAlongAxis tensor tensorScatterUpdate tensordot tile
    topK trace triangularSolve tril triu unique unsortedSegmentSum unstack upperBound where
    zeros zerosLike
  `,
  'index.batchMetrics': `
    accuracy binaryAccuracy meanAbsoluteError meanSquaredError namedMetrics topK
  `,
  'index.callbacks': `
    checkpoint csvLog earlyStopping ema inspect jsonLinesLog learningRate nanGuard progress rankTimes
    reduceOnPlateau
  `,
  'index.data': `
    CIFAR10_CLASSES Dataset DownloadError FASHION_MNIST_CLASSES augment characterTokenizer cutout
    fromArrays fromImages fromTensors loadCifar10 loadFashionMnist loadMnist randomCrop randomFlip
    randomRotation randomShift readCifar10 readIdx readIdxFile readIdxImages standardize syntheticDigits zip
  `,
  'index.io': `
    decodeSafetensors encodeSafetensors importPytorch loadWeights openStore readSafetensors saveWeights
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
    Layer activation adaptiveAvgPool1d adaptiveAvgPool2d adaptiveAvgPool3d
    adaptiveMaxPool1d adaptiveMaxPool2d adaptiveMaxPool3d add average avgPool1d avgPool2d avgPool3d
    batchNorm bidirectional celu concat conv1d conv1dTranspose conv2d conv2dTranspose conv3d
    conv3dTranspose copyWeights cropping1d cropping2d cropping3d dense depthwiseConv1d
    depthwiseConv2d dot dropout elu embedding flatten gaussianDropout gaussianNoise gelu globalAveragePool1d
    globalAveragePool2d globalAveragePool3d globalMaxPool1d globalMaxPool2d globalMaxPool3d
    groupNorm gru gruCell identity initializers input l1 l1l2 l2 lambda layerNorm leakyRelu logSigmoid lstm lstmCell masked
    maxPool1d maxPool2d maxPool3d maximum minimum model multiHeadAttention multiply namedVariables
    normalization permute positionalEmbedding prelu relu repeatVector rescaling reshape residual
    separableConv1d separableConv2d sequential sigmoid silu simpleRNN sinusoidalPositions softmax
    softplus spatialDropout1d spatialDropout2d spatialDropout3d stepMask subtract summary tanh
    thresholdedRelu timeDistributed traceLayers transformerBlock upsampling1d upsampling2d upsampling3d variables
    zeroPadding1d zeroPadding2d zeroPadding3d
  `,
  'index.nn.initializers': `
    constant glorotNormal glorotUniform heNormal heUniform lecunNormal lecunUniform normal ones
    orthogonal uniform zeros
  `,
  'index.optim': `
    Optimizer adadelta adagrad adam adamW adamax averaged ema lamb lars lion nadam radam reduceOnPlateau
    rmsprop schedules sgd
  `,
  'index.optim.schedules': `
    constant cosine cosineRestarts describeRate exponential linear multiStep oneCycle polynomial
    sequential step warmUp
  `,
  'index.random': `
    bernoulli categorical gamma normal permutation poisson seed setState state truncatedNormal uniform
  `,
  distributed: 'World mpi',
  node: `
    csv imageFolder keras onnx openEvents progressBar report tensorBoard tfjs
  `,
  'node.keras': `
    decode load
  `,
  'node.onnx': `
    OnnxModel decode encode load save
  `,
  'node.tfjs': `
    decode encode load save
  `,
  'node.report': `
    RUN_FILES confusionMatrix createRun curves f1Bars filters gradientNorms histograms
    learningRateSweep pngDataUrl rankShares readRun readRuns resumeRun roc sampleGrid savePicture saveRunPicture
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
testNames('distributed', distributed);

test.run();
