import {
  type AnyTensor,
  ArgumentError,
  batchMetrics,
  callbacks,
  DataError,
  DTypeError,
  data,
  evaluate,
  type FitOptions,
  fit,
  losses,
  nn,
  optim,
  predict,
  ShapeError,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { any, testMistakes } from './mistakes.ts';

const model = () => nn.sequential([nn.dense(3)]).build([4]);
const variables = () => model().variables;
const numbers = (count: number, of: (i: number) => number) =>
  Int32Array.from({ length: count }, (_, i) => of(i));
/** Ten examples of three classes, the labels changed as asked. */
const set = (label = (i: number) => i % 3) =>
  data.fromTensors(zeros([10, 4]), tensor(numbers(10, label), [10]));
const regression = (target = 0) => data.fromArrays([[1], [2], [3]], [[0], [target], [1]]);
const line = () => nn.sequential([nn.dense(1)]).build([1]);

function train(change: object, on: unknown = set(), what: unknown = model()) {
  const options = { loss: losses.crossEntropy, optimizer: 'adam', ...change };
  return fit(any(what), any(on), any(options) as FitOptions);
}

testMistakes('fit', {
  'no options': [() => any(fit)(model(), set()), ArgumentError, /fit: options must be.*undefined/],
  'no data': [() => any(fit)(model()), ArgumentError, /fit: the examples.*fromArrays.*undefined/],
  'data as arrays (Keras)': [
    () => train({}, [[1, 2]]),
    ArgumentError,
    /fit: the examples.*an array/,
  ],
  'data as a tensor': [() => train({}, zeros([10, 4])), ArgumentError, /fit: the examples.*Tensor/],
  'data as an object': [() => train({}, { x: 1, y: 2 }), ArgumentError, /an object of x, y/],
  'data in batches': [
    () => train({}, set().batch(2)),
    ArgumentError,
    /not in batches.*BatchedDataset/,
  ],
  'data that are to come': [() => train({}, Promise.resolve(set())), ArgumentError, /await/],
  'data that have no examples': [() => train({}, set().take(0)), DataError, /no examples/],
  'data in the place of the model': [
    () => any(fit)(set(), model(), {}),
    ArgumentError,
    /fit: the model.*Dataset/,
  ],
  'layers in an array': [
    () => train({}, set(), [nn.dense(3)]),
    ArgumentError,
    /nn\.sequential.*an array/,
  ],
  'a layer that is not called': [
    () => train({}, set(), nn.relu),
    ArgumentError,
    /fit: the model.*function/,
  ],
  'no model': [() => any(fit)(undefined, set(), {}), ArgumentError, /fit: the model.*undefined/],
  'no loss': [
    () => train({ loss: undefined }),
    ArgumentError,
    /fit: loss must be.*crossEntropy.*undefined/,
  ],
  'a loss of Keras by name': [
    () => train({ loss: 'sparse_categorical_crossentropy' }),
    ArgumentError,
    /no loss 'sparse_categorical_crossentropy'\. Did you mean 'crossEntropy'/,
  ],
  'a loss by its initials': [
    () => train({ loss: 'mse' }),
    ArgumentError,
    /Did you mean 'meanSquaredError'/,
  ],
  'a loss misspelt': [
    () => train({ loss: 'crossentropy' }),
    ArgumentError,
    /Did you mean 'crossEntropy'/,
  ],
  'a loss that gives a number': [() => train({ loss: () => 1 }), ArgumentError, /The loss.*1/],
  'a loss that is to come': [
    () => train({ loss: async (y: never, t: never) => losses.crossEntropy(y, t) }),
    ArgumentError,
    /The loss.*await/,
  ],
  'a loss that gives the mean': [
    () => train({ loss: (y: never, t: never) => losses.crossEntropy(y, t) }),
    ShapeError,
    /one value for each of the 10 examples.*reduction 'none'/,
  ],
  'a loss called already': [
    () => train({ loss: losses.crossEntropy(zeros([1, 3]), tensor([1], { dtype: 'i32' })) }),
    ArgumentError,
    /loss must be a function.*Tensor/,
  ],
  'no optimizer': [
    () => train({ optimizer: undefined }),
    ArgumentError,
    /optimizer must be.*'adam'.*undefined/,
  ],
  'an optimizer not called': [
    () => train({ optimizer: optim.adam }),
    ArgumentError,
    /optimizer must be.*function adam/,
  ],
  'an optimizer misspelt': [
    () => train({ optimizer: 'Adam' }),
    ArgumentError,
    /no optimizer 'Adam'\. Did you mean 'adam'/,
  ],
  'an optimizer unknown': [
    () => train({ optimizer: 'lbfgs' }),
    ArgumentError,
    /Known: adadelta, adagrad, adam/,
  ],
  'an optimizer of another model': [
    () => train({ optimizer: optim.adam(variables()) }),
    ArgumentError,
    /variables of this model/,
  ],
  'a rate beside the optimizer': [() => train({ lr: 0.1 }), ArgumentError, /no option 'lr'/],
  batch_size: [() => train({ batch_size: 2 }), ArgumentError, /Did you mean 'batchSize'/],
  validation_data: [
    () => train({ validation_data: set() }),
    ArgumentError,
    /Did you mean 'validation'/,
  ],
  metric: [() => train({ metric: ['accuracy'] }), ArgumentError, /Did you mean 'metrics'/],
  verbose: [() => train({ verbose: 1 }), ArgumentError, /no option 'verbose'/],
  'a metric by itself': [
    () => train({ metrics: 'accuracy' }),
    ArgumentError,
    /metrics are an array/,
  ],
  'a metric misspelt': [
    () => train({ metrics: ['acuracy'] }),
    ArgumentError,
    /Did you mean 'accuracy'/,
  ],
  'a metric of the host': [
    () => train({ metrics: { accuracy: () => 0.5 } }),
    ArgumentError,
    /The metric 'accuracy'.*0\.5/,
  ],
  'a metric as a function in an array': [
    () => train({ metrics: [batchMetrics.accuracy] }),
    ArgumentError,
    /functions under names/,
  ],
  'a metric that gives the mean': [
    () => train({ metrics: { mean: (y: AnyTensor) => y.mean() } }),
    ShapeError,
    /The metric 'mean'.*\[10\].*\[\]/,
  ],
  'a metric that gives all outputs': [
    () => train({ metrics: { all: (y: AnyTensor) => y } }),
    ShapeError,
    /The metric 'all'.*\[10,3\]/,
  ],
  'a metric of booleans': [
    () =>
      train({
        metrics: { hit: (y: AnyTensor) => y.greater(0).slice([0, 0], [undefined, 1]).squeeze(1) },
      }),
    DTypeError,
    /The metric 'hit'.*cast\('f32'\)/,
  ],
  'a metric that is no function': [
    () => train({ metrics: { top3: 3 } }),
    ArgumentError,
    /'top3' must be a function/,
  ],
  'a metric called loss': [
    () => train({ metrics: { loss: batchMetrics.accuracy } }),
    ArgumentError,
    /Rename/,
  ],
  'no epochs to speak of': [() => train({ epochs: -1 }), ArgumentError, /epochs -1/],
  'half an epoch': [() => train({ epochs: 0.5 }), ArgumentError, /epochs 0\.5/],
  'epochs as text': [() => train({ epochs: '5' }), ArgumentError, /epochs '5'/],
  'a batch of nothing': [() => train({ batchSize: 0 }), ArgumentError, /batchSize 0/],
  'a batch of text': [() => train({ batchSize: '32' }), ArgumentError, /batchSize '32'/],
  'null for a batch': [() => train({ batchSize: null }), ArgumentError, /batchSize null/],
  'a split in percent': [() => train({ validationSplit: 20 }), ArgumentError, /validationSplit/],
  'validation twice': [
    () => train({ validation: set(), validationSplit: 0.1 }),
    ArgumentError,
    /not both/,
  ],
  'validation as arrays': [
    () => train({ validation: [[1], [2]] }),
    ArgumentError,
    /validation must be a data set/,
  ],
  'shuffle by number': [
    () => train({ shuffle: 1 }),
    ArgumentError,
    /shuffle 1 must be true or false/,
  ],
  'a callback by itself': [
    () => train({ callbacks: callbacks.progress() }),
    ArgumentError,
    /array of callbacks/,
  ],
  'a callback not called': [
    () => train({ callbacks: [callbacks.earlyStopping] }),
    ArgumentError,
    /callbacks\.progress\(\).*function earlyStopping/,
  ],
  'resume as a flag': [
    () => train({ resume: true }),
    ArgumentError,
    /path of a checkpoint; got true/,
  ],
  'a seed of text': [() => train({ seed: 'abc' }), DataError, /abc/],
  'class weights as an object (Keras)': [
    () => train({ classWeights: { 0: 1, 1: 2 } }),
    ArgumentError,
    /classWeights: takes an array/,
  ],
  'class weights too few': [() => train({ classWeights: [1, 2] }), ShapeError, /2 classWeights/],
  'labels as f32': [
    () => train({}, data.fromTensors(zeros([4, 4]), zeros([4]))),
    DTypeError,
    /cast\('i32'\)/,
  ],
  'labels in a column': [
    () => train({}, data.fromTensors(zeros([4, 4]), zeros([4, 1], { dtype: 'i32' }))),
    ShapeError,
    /one label for each row/,
  ],
  'labels from 1': [
    () =>
      train(
        {},
        set((i) => (i % 3) + 1),
      ),
    ShapeError,
    /example 2 has label 3.*3 classes, from 0 to 2.*start at 1/,
  ],
  'a label that is missing': [
    () =>
      train(
        {},
        set((i) => (i === 7 ? -1 : 1)),
      ),
    ShapeError,
    /example 7 has label -1/,
  ],
  'a label too high, in bytes': [
    () => train({}, data.fromTensors(zeros([4, 4]), tensor(Uint8Array.of(0, 1, 255, 2), [4]))),
    ShapeError,
    /example 2 has label 255/,
  ],
  'a target that is NaN': [
    () => train({ loss: 'meanSquaredError' }, regression(Number.NaN), line()),
    DataError,
    /example 1 has the target NaN/,
  ],
  'one-hot labels of too many classes': [
    () => train({}, data.fromTensors(zeros([4, 4]), zeros([4, 5]))),
    ShapeError,
    /crossEntropy: outputs \[4,3\].*\[4,5\]/,
  ],
  'softmax and cross-entropy of logits': [
    () => train({}, set(), nn.sequential([nn.dense(3), nn.softmax()])),
    ArgumentError,
    /come from a softmax.*from: 'probabilities'/,
  ],
  'sigmoid and cross-entropy of logits': [
    () =>
      train(
        { loss: 'binaryCrossEntropy' },
        regression(),
        nn.sequential([nn.dense(1, { activation: 'sigmoid' })]),
      ),
    ArgumentError,
    /come from a sigmoid/,
  ],
  'accuracy of one output': [
    () => train({ loss: 'meanSquaredError', metrics: ['accuracy'] }, regression(), line()),
    ShapeError,
    /binaryAccuracy/,
  ],
  'more classes asked of top k than there are': [
    () => train({ metrics: { top5: batchMetrics.topK(5) } }),
    ArgumentError,
    /k = 5/,
  ],
});

testMistakes('evaluate and predict', {
  'evaluate without options': [
    () => any(evaluate)(model(), set()),
    ArgumentError,
    /evaluate: options/,
  ],
  'evaluate without a loss': [
    () => evaluate(model(), set(), any({})),
    ArgumentError,
    /evaluate: loss/,
  ],
  'evaluate arrays': [
    () => evaluate(model(), any([1]), { loss: 'crossEntropy' }),
    ArgumentError,
    /evaluate: the examples/,
  ],
  'evaluate a function': [
    () =>
      evaluate(
        any(() => 1),
        set(),
        { loss: 'crossEntropy' },
      ),
    ArgumentError,
    /evaluate: the model/,
  ],
  'evaluate wrong labels': [
    () =>
      evaluate(
        model(),
        set(() => 9),
        { loss: 'crossEntropy' },
      ),
    ShapeError,
    /evaluate: example 0 has label 9/,
  ],
  'evaluate nothing': [
    () => evaluate(model(), set().take(0), { loss: 'crossEntropy' }),
    DataError,
    /no examples/,
  ],
  'predict a tensor': [
    () => predict(model(), any(zeros([2, 4]))),
    ArgumentError,
    /predict: the examples/,
  ],
  'predict a batch of 0': [
    () => predict(model(), set(), { batchSize: 0 }),
    ArgumentError,
    /size 0/,
  ],
  'predict by a number': [
    () => predict(model(), set(), any(32)),
    ArgumentError,
    /predict: options/,
  ],
});

testMistakes('callbacks', {
  'patience of -1': [() => callbacks.earlyStopping({ patience: -1 }), ArgumentError, /patience -1/],
  'patience as text': [
    () => callbacks.earlyStopping({ patience: any('3') }),
    ArgumentError,
    /patience '3'/,
  ],
  'patience by itself': [() => callbacks.earlyStopping(any(3)), ArgumentError, /options must be/],
  'a mode of Keras': [
    () => callbacks.earlyStopping({ mode: any('auto') }),
    ArgumentError,
    /'min', 'max'/,
  ],
  'a metric whose direction is unknown': [
    () => callbacks.earlyStopping({ monitor: 'foo' }),
    ArgumentError,
    /mode: 'min' or 'max'/,
  ],
  'a metric that is no name': [
    () => callbacks.earlyStopping({ monitor: any(1) }),
    ArgumentError,
    /name of a metric/,
  ],
  val_loss: [
    () => train({ callbacks: [callbacks.earlyStopping({ monitor: 'val_loss' })] }),
    ArgumentError,
    /no metric 'val_loss'.*loss/,
  ],
  restore_best_weights: [
    () => callbacks.earlyStopping(any({ restore_best_weights: true })),
    ArgumentError,
    /Did you mean 'restoreBest'/,
  ],
  'a checkpoint without a file': [
    () => any(callbacks.checkpoint)(),
    ArgumentError,
    /checkpoint: file/,
  ],
  'a checkpoint to keep the first': [
    () => callbacks.checkpoint('a', { keep: any('first') }),
    ArgumentError,
    /'last', 'best'/,
  ],
  'a checkpoint of every 0 epochs': [
    () => callbacks.checkpoint('a', { everyEpochs: 0 }),
    ArgumentError,
    /everyEpochs 0/,
  ],
  'a rate in the place of a schedule': [
    () => callbacks.learningRate(any(0.1)),
    ArgumentError,
    /schedule must be a function/,
  ],
  'a factor above 1': [() => callbacks.reduceOnPlateau({ factor: 2 }), ArgumentError, /factor/],
  'a plateau in a wrong direction': [
    () => callbacks.reduceOnPlateau({ mode: any('up') }),
    ArgumentError,
    /'min', 'max'/,
  ],
  'guarded every 0 steps': [
    () => callbacks.nanGuard({ everySteps: 0 }),
    ArgumentError,
    /everySteps 0/,
  ],
  'a log without a file': [() => any(callbacks.csvLog)(), ArgumentError, /csvLog: file/],
  'a log of lines without a file': [
    () => any(callbacks.jsonLinesLog)(),
    ArgumentError,
    /jsonLinesLog: file/,
  ],
  'progress on a stream that is none': [
    () => callbacks.progress({ stream: any('stderr') }),
    ArgumentError,
    /progress: stream/,
  ],
});

testMistakes('optimizers and schedules', {
  'a model for its variables': [
    () => optim.adam(any(model())),
    ArgumentError,
    /adam: .*model\.variables/,
  ],
  'one variable': [() => optim.sgd(any(new Variable(zeros([2])))), ArgumentError, /sgd: .*\[v\]/],
  tensors: [() => optim.sgd(any([zeros([2])])), ArgumentError, /sgd: .*Tensor/],
  'options first': [
    () => optim.adam(any({ lr: 0.1 })),
    ArgumentError,
    /adam: takes an array of variables/,
  ],
  nothing: [() => any(optim.adam)(), ArgumentError, /adam: takes an array of variables.*undefined/],
  'a model not built': [() => optim.adam(nn.dense(2).variables), ArgumentError, /build\(/],
  'a rate by itself': [
    () => optim.adam(variables(), any(0.01)),
    ArgumentError,
    /adam: options must be.*0\.01/,
  ],
  learningRate: [
    () => optim.adam(variables(), any({ learningRate: 0.1 })),
    ArgumentError,
    /Did you mean 'lr'/,
  ],
  'a rate as text': [() => optim.adam(variables(), { lr: any('0.1') }), ArgumentError, /lr '0\.1'/],
  'a negative rate': [() => optim.adam(variables(), { lr: -1 }), ArgumentError, /lr -1/],
  'a rate of NaN': [() => optim.adam(variables(), { lr: Number.NaN }), ArgumentError, /lr NaN/],
  'null for a rate': [() => optim.adam(variables(), { lr: any(null) }), ArgumentError, /lr null/],
  betas: [
    () => optim.adam(variables(), any({ betas: [0.9, 0.999] })),
    ArgumentError,
    /Did you mean 'beta1'/,
  ],
  'a beta of 1': [() => optim.adam(variables(), { beta1: 1 }), ArgumentError, /beta1 1/],
  'an epsilon as text': [
    () => optim.adam(variables(), { epsilon: any('1') }),
    ArgumentError,
    /epsilon '1'/,
  ],
  'a negative epsilon': [
    () => optim.rmsprop(variables(), { epsilon: -1 }),
    ArgumentError,
    /epsilon -1/,
  ],
  'a smoothing of 2': [() => optim.rmsprop(variables(), { alpha: 2 }), ArgumentError, /alpha 2/],
  'a decay as text': [
    () => optim.adamW(variables(), { weightDecay: any('0') }),
    ArgumentError,
    /weightDecay '0'/,
  ],
  'a momentum as text': [
    () => optim.sgd(variables(), { momentum: any('0.9') }),
    ArgumentError,
    /momentum '0\.9'/,
  ],
  'nesterov without momentum': [
    () => optim.sgd(variables(), { nesterov: true }),
    ArgumentError,
    /momentum/,
  ],
  'nesterov as a number': [
    () => optim.sgd(variables(), { momentum: 0.9, nesterov: any(1) }),
    ArgumentError,
    /nesterov 1/,
  ],
  'a dampening as text': [
    () => optim.sgd(variables(), { momentum: 0.9, dampening: any('0') }),
    ArgumentError,
    /dampening '0'/,
  ],
  'a norm of 0': [() => optim.sgd(variables(), { clipNorm: 0 }), ArgumentError, /clipNorm/],
  'a norm as text': [
    () => optim.sgd(variables(), { clipNorm: any('1') }),
    ArgumentError,
    /clipNorm '1'/,
  ],
  'a step against a number': [() => optim.sgd(variables()).step(any(0.5)), ArgumentError, /0\.5/],
  'a step against a promise': [
    () => optim.sgd(variables()).step(any(Promise.resolve(1))),
    ArgumentError,
    /await/,
  ],
  'a step without gradients': [() => optim.sgd(variables()).step(), ArgumentError, /backward\(\)/],
  'a step against several numbers': [
    () => optim.sgd(variables()).step(zeros([3])),
    ShapeError,
    /sum\(\)/,
  ],
  'too few gradients': [() => optim.sgd(variables()).apply([]), ArgumentError, /gradients/],
  'gradients that are arrays': [
    () => optim.sgd(variables()).apply(any([[1], [2]])),
    ArgumentError,
    /tensor/,
  ],
  'steps of -1': [
    () => {
      optim.sgd(variables()).steps = -1;
    },
    ArgumentError,
    /steps -1/,
  ],
  'a schedule of epochs as text': [
    () => optim.schedules.step(0.1, any('30')),
    ArgumentError,
    /every '30'/,
  ],
  'a schedule of a negative rate': [
    () => optim.schedules.constant(any('x')),
    ArgumentError,
    /constant: lr/,
  ],
  'a schedule without end': [
    () => any(optim.schedules.cosine)(0.1, 0),
    ArgumentError,
    /steps undefined/,
  ],
  'a schedule that gives no number': [
    () => optim.sgd(variables(), { lr: any(() => undefined) }).lr,
    ArgumentError,
    /lr at step 0 undefined/,
  ],
});

async function withoutAwait(next: (what: ReturnType<typeof model>) => Promise<unknown>) {
  const what = model();
  const optimizer = optim.sgd(what.variables);
  const training = fit(what, set(), { loss: 'crossEntropy', optimizer });
  try {
    await next(what);
  } finally {
    await training;
  }
}

testMistakes('a fit that nobody waits for, optimizers of other libraries, callbacks', {
  'evaluate right after it': [
    () => withoutAwait((what) => evaluate(what, set(), { loss: 'crossEntropy' })),
    ArgumentError,
    /evaluate: fit of this model has only just begun.*await fit/,
  ],
  'predict right after it': [
    () => withoutAwait((what) => predict(what, set())),
    ArgumentError,
    /predict: fit of this model .*await fit/,
  ],
  'another fit right after it': [
    () => withoutAwait((what) => fit(what, set(), { loss: 'crossEntropy', optimizer: 'adam' })),
    ArgumentError,
    /await fit/,
  ],
  'optimizer.zeroGrad()': [
    () => any(optim.sgd(variables())).zeroGrad(),
    ArgumentError,
    /step\(loss\)/,
  ],
  'optimizer.minimize()': [
    () => any(optim.sgd(variables())).minimize(),
    ArgumentError,
    /step\(loss\)/,
  ],
  'optimizer.learningRate = 1': [
    () => {
      any(optim.sgd(variables())).learningRate = 1;
    },
    ArgumentError,
    /use lr/,
  ],
  'a controller for its signal': [
    () => train({ signal: new AbortController() }),
    ArgumentError,
    /signal must be an AbortSignal, such as controller\.signal; got an AbortController/,
  ],
  'predict with a controller': [
    () => predict(model(), set(), { signal: any(new AbortController()) }),
    ArgumentError,
    /predict: signal must be/,
  ],
  'a callback with a misspelt method': [
    () => train({ callbacks: [{ name: 'a', onEpochEnded() {} }] }),
    ArgumentError,
    /callback 'a': there is no method 'onEpochEnded'.*onEpochEnd'\?/,
  ],
  'a callback of a class, as in Keras': [
    () =>
      train({
        callbacks: [
          new (class {
            name = 'a';
            on_epoch_end() {}
          })(),
        ],
      }),
    ArgumentError,
    /no method 'on_epoch_end'.*onEpochEnd'\?/,
  ],
});
