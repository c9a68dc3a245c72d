import {
  ArgumentError,
  DataError,
  DTypeError,
  data,
  io,
  metrics,
  nn,
  openDevice,
  ShapeError,
  setDevice,
  tensor,
  zeros,
} from '../../src/index.ts';
import { csv, imageFolder, openEvents, progressBar, report, tensorBoard } from '../../src/node.ts';
import { any, testMistakes } from './mistakes.ts';

const set = () => data.fromTensors(zeros([4, 2]), zeros([4]));
const model = () => nn.dense(2).build([3]);

testMistakes('data sets', {
  'tensors that are arrays': [
    () => data.fromTensors(any([[1]]), any([1])),
    ArgumentError,
    /fromTensors: takes a tensor.*tensor\(/,
  ],
  'one tensor': [
    () => any(data.fromTensors)(zeros([2])),
    ArgumentError,
    /fromTensors: .*undefined/,
  ],
  'tensors of other lengths': [
    () => data.fromTensors(zeros([2, 1]), zeros([3])),
    ShapeError,
    /first axis/,
  ],
  'arrays that are tensors': [
    () => data.fromArrays(any(zeros([2])), any(zeros([2]))),
    ArgumentError,
    /Tensor/,
  ],
  'arrays of other lengths': [() => data.fromArrays([[1], [2]], [1]), ShapeError, /first axis/],
  'arrays without targets': [() => any(data.fromArrays)([[1]]), ArgumentError, /undefined/],
  'both in one object': [
    () => any(data.fromArrays)({ inputs: [1], targets: [1] }),
    ArgumentError,
    /an object of inputs, targets/,
  ],
  'images of both parts': [
    () => data.fromImages(any(data.syntheticDigits({ train: 1, test: 1, seed: 1 }))),
    ArgumentError,
    /fromImages: .*train/,
  ],
  'images to come': [
    () => data.fromImages(any(Promise.resolve())),
    ArgumentError,
    /fromImages: .*await/,
  ],
  'images of nothing': [() => any(data.fromImages)(), ArgumentError, /fromImages: .*undefined/],
  'a scale of 0': [
    () => data.fromImages(data.syntheticDigits({ train: 1, test: 0, seed: 1 }).train, { scale: 0 }),
    ArgumentError,
    /scale/,
  ],
  'a source that is none': [() => new data.Dataset(any([1, 2])), ArgumentError, /Dataset: /],
  'batches of 0': [() => set().batch(0), ArgumentError, /size 0/],
  'batches of nothing': [() => any(set()).batch(), ArgumentError, /size undefined/],
  'batches of text': [() => set().batch(any('32')), ArgumentError, /size '32'/],
  'batches by option': [() => set().batch(any({ batchSize: 2 })), ArgumentError, /size an object/],
  'a split in percent': [() => set().split(20), ArgumentError, /fraction.*20/],
  'a split as text': [() => set().split(any('0.5')), ArgumentError, /fraction.*0\.5/],
  'shuffled by a number': [() => set().shuffle(any(42)), ArgumentError, /shuffle: options.*42/],
  'taken without number': [() => any(set()).take(), ArgumentError, /count undefined/],
  'half an example': [() => set().take(0.5), ArgumentError, /count 0\.5/],
  'skipped backwards': [() => set().skip(-1), ArgumentError, /count -1/],
  'a map of nothing': [() => any(set()).map(), ArgumentError, /map: change must be a function/],
  'a map of an augmentation': [
    () => set().map(any([data.randomFlip()])),
    ArgumentError,
    /map: change must be a function.*an array/,
  ],
  'a filter of single examples': [
    () => set().filter(any(() => true)),
    ArgumentError,
    /filter: keep must return .*bool\[4\].*got true/,
  ],
  'a filter of numbers': [
    () => set().filter(({ targets }) => targets),
    ArgumentError,
    /got f32\[4\]/,
  ],
  'a filter of nothing': [() => any(set()).filter(), ArgumentError, /keep must be a function/],
  'a selection of one number': [() => any(set()).select(2), ArgumentError, /select: .*\[0, 2, 5\]/],
  'a selection of what there is not': [() => set().select([4]), ArgumentError, /below 4/],
  'a selection of halves': [() => set().select([0.5]), ArgumentError, /whole numbers/],
  'windows without size': [() => any(set()).window(), ArgumentError, /size undefined/],
  'windows of more than there is': [
    () => set().window(4),
    ArgumentError,
    /take 5 examples, and the data set has 4/,
  ],
  'targets before the window': [() => set().window(2, { offset: -3 }), ArgumentError, /offset -3/],
  'windows of shuffled examples': [
    () => set().shuffle().window(2),
    ArgumentError,
    /Use window first, then shuffle/,
  ],
  'a filter of shuffled examples': [
    () =>
      set()
        .shuffle()
        .take(2)
        .filter(({ targets }) => targets.equal(0)),
    ArgumentError,
    /Use filter first, then shuffle/,
  ],
  'data sets in a row': [() => any(data.zip)(set(), set()), ArgumentError, /zip: .*by name/],
  'data sets of other lengths': [
    () => data.zip({ a: set(), b: set().take(3) }),
    ArgumentError,
    /'a' has 4, 'b' has 3/,
  ],
  'a shuffled one beside another': [
    () => data.zip({ a: set(), b: set().shuffle() }),
    ArgumentError,
    /'b' is shuffled/,
  ],
  'targets of nobody': [
    () => data.zip({ left: set() }, { targets: any('lefft') }),
    ArgumentError,
    /targets 'lefft' must be one of 'left'/,
  ],
  'several inputs side by side': [
    () =>
      data.zip({ a: any(data.fromTensors({ x: zeros([2]) }, zeros([2]))) }).get(Int32Array.of(0)),
    ArgumentError,
    /inputs of 'a' are several/,
  ],
  'a tensor to standardize': [
    () => data.standardize(any(zeros([2]))),
    ArgumentError,
    /standardize: takes a data set/,
  ],
  'no numbers to standardize': [
    () => data.standardize(set().map((b) => ({ ...b, inputs: b.inputs.cast('i32') }))),
    DTypeError,
    /inputs have no f32/,
  ],
  'nothing to standardize': [() => data.standardize(set().take(0)), DataError, /no examples/],
  'a value that is missing': [
    () => data.standardize(data.fromArrays([[1, Number.NaN]], [0])),
    DataError,
    /feature 1 of inputs has values that are not finite/,
  ],
  'joined to an array': [() => set().concat(any([1])), ArgumentError, /concat: .*an array/],
  'an example by its number': [() => set().get(any(3)), ArgumentError, /get: .*3/],
  'an example that there is not': [
    () => set().get(Int32Array.of(9)),
    ArgumentError,
    /no example 9/,
  ],
  'an epoch without number': [() => any(set().batch(2)).epoch(), ArgumentError, /epoch undefined/],
  'an augmentation by itself': [
    () => data.augment(any(data.randomFlip())),
    ArgumentError,
    /augment: takes an array/,
  ],
  'an augmentation as a number': [
    () => data.augment([any(4)]),
    ArgumentError,
    /augment: an augmentation must be a function/,
  ],
  'a crop without padding': [() => any(data.randomCrop)(), ArgumentError, /padding undefined/],
  'a shift in pixels': [() => data.randomShift(4), ArgumentError, /fraction 4/],
  'digits without a seed': [
    () => any(data.syntheticDigits)({ train: 1, test: 1 }),
    ArgumentError,
    /seed undefined/,
  ],
  'digits by number': [
    () => any(data.syntheticDigits)(100),
    ArgumentError,
    /syntheticDigits: options/,
  ],
  'digits of nothing': [
    () => any(data.syntheticDigits)(),
    ArgumentError,
    /syntheticDigits: options/,
  ],
  'a folder in the place of options': [
    () => data.loadMnist(any('data')),
    ArgumentError,
    /options must be.*'data'/,
  ],
});

testMistakes('files, weights, metrics, reports and devices', {
  'a table without options': [() => any(csv)('a.csv'), ArgumentError, /csv: options/],
  'a table without inputs': [
    () => csv('a.csv', any({ target: 'y' })),
    ArgumentError,
    /csv: .*inputs/,
  ],
  'a table with one input as text': [
    () => csv('a.csv', { inputs: any('x'), target: 'y' }),
    ArgumentError,
    /csv: .*inputs/,
  ],
  'a table without a target': [
    () => csv('a.csv', any({ inputs: ['x'] })),
    ArgumentError,
    /csv: target undefined/,
  ],
  'a table that is not there': [
    () => csv('no-such.csv', { inputs: ['x'], target: 'y' }),
    DataError,
    /no-such\.csv/,
  ],
  'a table without a name': [
    () => csv(any(undefined), { inputs: ['x'], target: 'y' }),
    ArgumentError,
    /csv: file undefined/,
  ],
  'a target type that there is not': [
    () => csv('a.csv', { inputs: ['x'], target: 'y', targetType: any('regression') }),
    ArgumentError,
    /'class', 'number'/,
  ],
  'a folder of images without size': [
    () => imageFolder('f', any({})),
    ArgumentError,
    /height undefined/,
  ],
  'a folder of images without options': [
    () => any(imageFolder)('f'),
    ArgumentError,
    /imageFolder: options/,
  ],
  'images of four channels': [
    () => imageFolder('f', { height: 1, width: 1, channels: any(4) }),
    ArgumentError,
    /channels/,
  ],
  'a folder of images without a name': [
    () => imageFolder(any(undefined), { height: 1, width: 1 }),
    ArgumentError,
    /folder undefined/,
  ],
  'events without a folder': [
    () => any(openEvents)(),
    ArgumentError,
    /openEvents: folder undefined/,
  ],
  'weights saved, model first (Keras)': [
    () => io.saveWeights(any(model()), any('file')),
    ArgumentError,
    /saveWeights: file/,
  ],
  'weights saved nowhere': [
    () => io.saveWeights(any(undefined), model()),
    ArgumentError,
    /saveWeights: file undefined/,
  ],
  'weights of no model': [
    () => io.saveWeights('file', any(undefined)),
    ArgumentError,
    /takes a model.*undefined/,
  ],
  'weights of variables in an array': [
    () => io.weightsOf(any(model().variables)),
    ArgumentError,
    /weightsOf: .*an array/,
  ],
  'weights loaded, model first': [
    () => io.loadWeights(any(model()), any('file')),
    ArgumentError,
    /loadWeights: file/,
  ],
  'weights set from an object': [
    () => io.setWeights(model(), any({})),
    ArgumentError,
    /setWeights: .*Map/,
  ],
  'weights set from a promise': [
    () => io.setWeights(model(), any(io.weightsOf(model()))),
    ArgumentError,
    /await/,
  ],
  'predictions and labels of other lengths': [
    () => metrics.accuracy([0, 1], [0]),
    ShapeError,
    /2 labels/,
  ],
  'predictions that are tensors': [
    () => metrics.accuracy(any(tensor([0, 1])), any(tensor([0, 1]))),
    ArgumentError,
    /accuracy: .*await .*data\(\)/,
  ],
  'labels to come': [
    () => metrics.accuracy(any(Promise.resolve([0])), [0]),
    ArgumentError,
    /await/,
  ],
  'classes left out of a confusion matrix': [
    () => any(metrics.confusionMatrix)([0], [0]),
    ArgumentError,
    /classes undefined/,
  ],
  'classes left out of a ROC': [
    () => any(metrics.rocAuc)([0], [0.1]),
    ArgumentError,
    /classes undefined/,
  ],
  'logits for probabilities': [() => metrics.logLoss([0], [3, -1], 2), DataError, /softmax/],
  'a theme that there is not': [
    () => report.savePicture('a.svg', report.curves('', '', []), { theme: any('blue') }),
    ArgumentError,
    /'light'/,
  ],
  'a picture of another kind': [
    () => report.savePicture('a.jpg', report.curves('', '', [])),
    ArgumentError,
    /\.svg/,
  ],
  'a device that there is not': [() => openDevice(any('gpu')), ArgumentError, /'gpu'.*webgpu/],
  'a device of PyTorch': [() => setDevice(any('cuda')), ArgumentError, /'cuda'/],
  'a device of nothing': [() => any(setDevice)(), ArgumentError, /setDevice: /],
});

testMistakes('data sets as other libraries have them', {
  'dataset.length': [() => any(set()).length, ArgumentError, /use dataset\.count/],
  'dataset[0]': [() => any(set())[0], ArgumentError, /dataset\.get\(/],
  'dataset.repeat()': [() => any(set()).repeat(2), ArgumentError, /fit's epochs/],
  'dataset.forEach()': [() => any(set()).forEach(() => {}), ArgumentError, /for await.*epoch\(0\)/],
  'dataset.toArray()': [() => any(set()).toArray(), ArgumentError, /dataset\.take/],
  'for (const example of dataset)': [() => [...any(set())], ArgumentError, /for await.*epoch\(0\)/],
  'for await (const batch of dataset)': [
    async () => {
      for await (const _ of any(set())) break;
    },
    ArgumentError,
    /dataset\.batch\(size\)\.epoch\(0\)/,
  ],
  'for await (const batch of batches)': [
    async () => {
      for await (const _ of any(set().batch(2))) break;
    },
    ArgumentError,
    /batches\.epoch\(0\)/,
  ],
  'batched twice': [() => any(set().batch(2)).batch(2), ArgumentError, /batch\(size\) once/],
  'shuffled in batches': [() => any(set().batch(2)).shuffle(), ArgumentError, /shuffle\(\)\.batch/],
  'a map that returns nothing': [
    () =>
      set()
        .map(any(() => {}))
        .get(Int32Array.of(0)),
    ArgumentError,
    /map: change must return a batch.*undefined/,
  ],
  'a map that is to come': [
    () =>
      set()
        .map(any(async (batch: unknown) => batch))
        .get(Int32Array.of(0)),
    ArgumentError,
    /map: change must return a batch at once.*Promise/,
  ],
  'weights of a model not built, saved': [
    () => io.saveWeights('weights.safetensors', nn.sequential([nn.dense(2)])),
    ArgumentError,
    /no weights.*model\.build\(shape\)/,
  ],
  'accuracy of probabilities': [
    () => metrics.accuracy([0, 1], [0.2, 0.8]),
    DataError,
    /0\.2 at position 0 is no class.*topKAccuracy/,
  ],
  'accuracy of rows': [
    () => metrics.accuracy([1], any([[0.1, 0.9]])),
    DataError,
    /\[0\.1, 0\.9\] at position 0/,
  ],
  'a TensorBoard without a folder': [() => any(tensorBoard)(), ArgumentError, /folder undefined/],
  'a bar on a number': [() => any(progressBar)(5), ArgumentError, /stream\.write/],
  'a run without a name': [() => any(report.createRun)('runs'), ArgumentError, /model undefined/],
  'curves of nothing': [() => any(report.curves)('a', 'b'), ArgumentError, /curves: .*undefined/],
  'threads of a device to be opened': [
    () => any(openDevice)('wasm', { threads: 2 }),
    ArgumentError,
    /openWasm\(options\)/,
  ],
});
