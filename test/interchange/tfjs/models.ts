// Models of TensorFlow.js, by what they are about.
import type * as Layers from '@tensorflow/tfjs-layers';

type Library = typeof Layers;
type AnyLayer = Parameters<Layers.Sequential['add']>[0];

/** One after the other, behind an input of a shape. */
function chain(
  inputShape: (number | null)[],
  make: (layers: Library['layers']) => AnyLayer[],
): (library: Library) => Layers.LayersModel {
  return ({ sequential, layers }) => {
    const model = sequential();
    const dtype = inputShape[0] === null ? 'int32' : 'float32';
    model.add(layers.inputLayer({ inputShape, dtype }));
    for (const layer of make(layers)) model.add(layer);
    return model;
  };
}

const image = [9, 8, 3];

export const models: Readonly<Record<string, (library: Library) => Layers.LayersModel>> = {
  'dense layers': chain([6], (l) => [
    l.dense({ units: 5, activation: 'relu' }),
    l.dropout({ rate: 0.5 }),
    l.dense({ units: 3, useBias: false, activation: 'softmax' }),
  ]),
  ...Object.fromEntries(
    (
      [
        'elu',
        'hardSigmoid',
        'linear',
        'relu',
        'relu6',
        'selu',
        'sigmoid',
        'softmax',
        'softplus',
        'softsign',
        'tanh',
        'swish',
        'mish',
        'gelu',
        'gelu_new',
      ] as const
    ).map((activation) => [
      `activation ${activation}`,
      chain([6], (l) => [l.dense({ units: 7 }), l.activation({ activation })]),
    ]),
  ),
  'activation layers': chain([7, 6], (l) => [
    l.reLU(),
    l.dense({ units: 5 }),
    l.leakyReLU({ alpha: 0.2 }),
    l.dense({ units: 5 }),
    l.elu(),
    l.dense({ units: 5 }),
    l.thresholdedReLU({ theta: 0.3 }),
    l.reLU({ maxValue: 2 }),
    l.softmax({ axis: -1 }),
  ]),
  conv1d: chain([11, 2], (l) => [
    l.conv1d({ filters: 3, kernelSize: 3, dilationRate: 2 }),
    l.conv1d({ filters: 4, kernelSize: 4, strides: 2, padding: 'same', activation: 'tanh' }),
    l.maxPooling1d({ poolSize: 2 }),
    l.conv1d({ filters: 4, kernelSize: 2 }),
    l.globalAveragePooling1d(),
  ]),
  conv2d: chain(image, (l) => [
    l.conv2d({
      filters: 4,
      kernelSize: [3, 2],
      padding: 'same',
      strides: [2, 1],
      activation: 'relu',
    }),
    l.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2 }),
    l.flatten(),
    l.dense({ units: 2 }),
  ]),
  conv3d: chain([5, 6, 4, 2], (l) => [
    l.conv3d({ filters: 3, kernelSize: [2, 3, 2], padding: 'same', strides: 2 }),
    l.conv3d({ filters: 2, kernelSize: 2 }),
  ]),
  conv2dTranspose: chain([4, 5, 3], (l) => [
    l.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
    l.conv2dTranspose({ filters: 2, kernelSize: [2, 3], strides: [1, 2], padding: 'valid' }),
  ]),
  conv3dTranspose: chain([3, 4, 2, 2], (l) => [
    l.conv3dTranspose({ filters: 3, kernelSize: 2, strides: 2, padding: 'same' }),
  ]),
  'depthwise and separable': chain(image, (l) => [
    l.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' }),
    l.separableConv2d({ filters: 4, kernelSize: [2, 3], activation: 'relu' }),
    l.depthwiseConv2d({ kernelSize: [2, 2], strides: [2, 2], useBias: false }),
  ]),
  pools: chain(image, (l) => [
    l.maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' }),
    l.averagePooling2d({ poolSize: 2, padding: 'same' }),
    l.averagePooling2d({ poolSize: [2, 2], strides: [1, 1] }),
    l.globalMaxPooling2d({}),
  ]),
  'pools of volumes': chain([5, 6, 4, 2], (l) => [
    l.maxPooling3d({ poolSize: 2, strides: [1, 2, 1], padding: 'same' }),
    l.averagePooling3d({ poolSize: 2 }),
  ]),
  'pools of sequences': chain([9, 3], (l) => [
    l.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' }),
    l.globalMaxPooling1d({}),
  ]),
  'global average of images': chain(image, (l) => [l.globalAveragePooling2d({})]),
  normalization: chain([4, 3, 6], (l) => [
    l.batchNormalization({ epsilon: 1e-2 }),
    l.layerNormalization(),
    l.batchNormalization({ scale: false, center: false }),
    l.layerNormalization({ scale: false }),
  ]),
  shapes: chain([4, 6], (l) => [
    l.permute({ dims: [2, 1] }),
    l.reshape({ targetShape: [2, 3, 4] }),
    l.zeroPadding2d({
      padding: [
        [1, 0],
        [2, 3],
      ],
    }),
    l.upSampling2d({ size: [2, 1] }),
    l.cropping2D({
      cropping: [
        [1, 0],
        [2, 1],
      ],
    }),
    l.upSampling2d({ size: [2, 2], interpolation: 'nearest' }),
    l.flatten(),
    l.repeatVector({ n: 3 }),
  ]),
  'recurrent layers': chain([5, 3], (l) => [
    l.simpleRNN({ units: 4, returnSequences: true }),
    l.lstm({ units: 3, recurrentActivation: 'sigmoid', returnSequences: true, goBackwards: true }),
    l.simpleRNN({ units: 2, activation: 'relu', useBias: false }),
  ]),
  'both ways': chain([5, 3], (l) => [
    l.bidirectional({
      layer: l.lstm({ units: 4, recurrentActivation: 'sigmoid', returnSequences: true }) as never,
      mergeMode: 'concat',
    }),
    l.bidirectional({ layer: l.simpleRNN({ units: 3 }) as never, mergeMode: 'ave' }),
  ]),
  'gated units, with hard gates': chain([5, 3], (l) => [
    l.gru({ units: 4, returnSequences: true }),
    l.lstm({ units: 3, activation: 'softsign', returnSequences: true }),
    l.bidirectional({
      layer: l.gru({ units: 3, returnSequences: true }) as never,
      mergeMode: 'sum',
    }),
    l.gru({ units: 2, recurrentActivation: 'sigmoid', activation: 'relu', useBias: false }),
  ]),
  'steps that are hidden': (library) => {
    const { input, layers: l, model } = library;
    const x = input({ shape: [5, 3] });
    const shown = l.masking({ maskValue: 0 }).apply(l.reLU().apply(x)) as Layers.SymbolicTensor;
    const all = l
      .gru({ units: 4, recurrentActivation: 'sigmoid', returnSequences: true })
      .apply(shown) as Layers.SymbolicTensor;
    const last = l.simpleRNN({ units: 2 }).apply(l.dense({ units: 3 }).apply(all));
    return model({ inputs: x, outputs: [all, last as Layers.SymbolicTensor, shown] });
  },
  'hidden words': chain([null], (l) => [
    l.embedding({ inputDim: 5, outputDim: 3, maskZero: true }),
    l.lstm({ units: 4, recurrentActivation: 'sigmoid' }),
  ]),
  'hidden words, both ways': chain([null], (l) => [
    l.embedding({ inputDim: 5, outputDim: 3, maskZero: true }),
    l.bidirectional({ layer: l.simpleRNN({ units: 4 }) as never, mergeMode: 'concat' }),
  ]),
  'steps by themselves': chain([4, 6, 5, 2], (l) => [
    l.timeDistributed({ layer: l.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 }) }),
    l.timeDistributed({ layer: l.batchNormalization({ scale: false }) }),
    l.timeDistributed({ layer: l.flatten() }),
    l.timeDistributed({ layer: l.dense({ units: 3, activation: 'tanh' }) }),
  ]),
  'learned slopes, noise and scales': chain([4, 5, 3], (l) => [
    l.rescaling({ scale: 0.5, offset: -0.25 }),
    l.prelu(),
    l.gaussianNoise({ stddev: 0.1 }),
    l.prelu({ sharedAxes: [1, 2] }),
    l.gaussianDropout({ rate: 0.3 }),
    l.reshape({ targetShape: [20, 3] }),
    l.spatialDropout1d({ rate: 0.2 }),
  ]),
  embedding: chain([null], (l) => [
    l.embedding({ inputDim: 5, outputDim: 3 }),
    l.globalAveragePooling1d(),
  ]),
  'branches that merge': (library) => {
    const { input, layers: l, model } = library;
    const x = input({ shape: [8, 8, 2], name: 'image' });
    const a = l
      .conv2d({ filters: 4, kernelSize: 3, padding: 'same' })
      .apply(x) as Layers.SymbolicTensor;
    const b = l.conv2d({ filters: 4, kernelSize: 1 }).apply(x) as Layers.SymbolicTensor;
    const merged = [l.add(), l.multiply(), l.average(), l.maximum(), l.minimum()].map(
      (layer) => layer.apply([a, b]) as Layers.SymbolicTensor,
    );
    const joined = l.concatenate({ axis: 2 }).apply(merged) as Layers.SymbolicTensor;
    return model({
      inputs: x,
      outputs: [joined, l.globalAveragePooling2d({}).apply(joined) as Layers.SymbolicTensor],
    });
  },
  'two inputs and a shared model': (library) => {
    const { input, layers: l, model, sequential } = library;
    const [x, y] = [input({ shape: [6] }), input({ shape: [4], dtype: 'int32' })];
    const embedded = l
      .flatten()
      .apply(l.embedding({ inputDim: 5, outputDim: 3 }).apply(y)) as Layers.SymbolicTensor;
    const tower = sequential({
      layers: [l.dense({ units: 4, inputShape: [6], activation: 'tanh' }), l.layerNormalization()],
    });
    const wide = l.dense({ units: 6 }).apply(embedded) as Layers.SymbolicTensor;
    const [a, b] = [tower.apply(x), tower.apply(wide)] as Layers.SymbolicTensor[];
    const similar = l.dot({ axes: 1, normalize: true }).apply([a!, b!]) as Layers.SymbolicTensor;
    return model({
      inputs: [x, y],
      outputs: [similar, l.concatenate().apply([a!, b!]) as Layers.SymbolicTensor],
    });
  },
  'a functional model within another': (library) => {
    const { input, layers: l, model } = library;
    const inside = input({ shape: [5] });
    const sum = l
      .add()
      .apply([
        inside,
        l.dense({ units: 5, activation: 'relu' }).apply(inside) as Layers.SymbolicTensor,
      ]);
    const block = model({ inputs: inside, outputs: sum as Layers.SymbolicTensor });
    const x = input({ shape: [5] });
    const y = block.apply(block.apply(x)) as Layers.SymbolicTensor;
    return model({ inputs: x, outputs: l.dense({ units: 2 }).apply(y) as Layers.SymbolicTensor });
  },
};
