import {
  ArgumentError,
  DTypeError,
  losses,
  nn,
  ShapeError,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { any, testMistakes } from './mistakes.ts';

const images = () => zeros([1, 8, 8, 3]);

testMistakes('layers and models', {
  'no units': [() => any(nn.dense)(), ArgumentError, /dense: units undefined/],
  'units of 0': [() => nn.dense(0), ArgumentError, /units 0/],
  'half a unit': [() => nn.dense(2.5), ArgumentError, /units 2\.5/],
  'units as text': [() => nn.dense(any('10')), ArgumentError, /units '10'/],
  'units as BigInt': [() => nn.dense(any(10n)), ArgumentError, /BigInt/],
  'units as options': [
    () => nn.dense(any({ units: 10 })),
    ArgumentError,
    /dense: units an object of units/,
  ],
  'inputs and outputs (PyTorch)': [
    () => nn.dense(784, any(10)),
    ArgumentError,
    /dense: options must be.*10/,
  ],
  'an activation in the place of options': [
    () => nn.dense(3, any('relu')),
    ArgumentError,
    /dense: options.*'relu'/,
  ],
  'an activation misspelt': [
    () => nn.dense(3, { activation: any('rleu') }),
    ArgumentError,
    /'rleu'.*relu/,
  ],
  'an activation in capitals': [
    () => nn.dense(3, { activation: any('ReLU') }),
    ArgumentError,
    /'ReLU'.*'relu'/,
  ],
  'an activation that is a layer': [
    () => nn.dense(3, { activation: any(nn.relu()) }),
    ArgumentError,
    /activation/,
  ],
  'an activation that makes a layer': [
    () => nn.dense(3, { activation: any(nn.relu) }).forward(zeros([1, 2])),
    ArgumentError,
    /dense: .*takes a tensor|dense: .*Layer/,
  ],
  'an initializer misspelt': [
    () => nn.dense(3, { kernelInitializer: any('he_normal') }),
    ArgumentError,
    /'heNormal'/,
  ],
  'a regularizer by name': [
    () => nn.dense(3, { kernelRegularizer: any('l2') }),
    ArgumentError,
    /kernelRegularizer must be a function/,
  ],
  'a bias as a number': [
    () => nn.dense(3, { bias: any(0) }),
    ArgumentError,
    /bias 0 must be true or false/,
  ],
  use_bias: [() => nn.dense(3, any({ use_bias: false })), ArgumentError, /Did you mean 'bias'/],
  'dense of images': [() => nn.dense(3).forward(tensor([1, 2])), ShapeError, /flatten/],
  'dense built for other features': [
    () =>
      nn
        .dense(3)
        .build([4])
        .forward(zeros([1, 5])),
    ShapeError,
    /inner dimensions 5 and 4/,
  ],
  'filters without a size': [() => any(nn.conv2d)(8), ArgumentError, /kernelSize undefined/],
  'a size of three': [() => nn.conv2d(8, any([3, 3, 3])), ArgumentError, /kernelSize \[3, 3, 3\]/],
  'a size of one': [() => nn.conv2d(8, any([3])), ArgumentError, /kernelSize \[3\]/],
  'a size of text': [() => nn.conv2d(8, any('3x3')), ArgumentError, /kernelSize '3x3'/],
  'channels in and out (PyTorch)': [
    () => any(nn.conv2d)(3, 8, 3),
    ArgumentError,
    /conv2d: options must be.*3/,
  ],
  'padding of capitals': [
    () => nn.conv2d(8, 3, { padding: any('SAME') }).forward(images()),
    ShapeError,
    /'same'/,
  ],
  'images with channels first': [
    () =>
      nn
        .conv2d(8, 3)
        .build([3, 32, 32])
        .forward(zeros([1, 32, 32, 3])),
    ShapeError,
    /conv2d: /,
  ],
  'vectors for images': [
    () => nn.conv2d(8, 3).forward(zeros([1, 784])),
    ShapeError,
    /\[N, H, W, C\].*\[1,784\]/,
  ],
  'a pool of options': [
    () => nn.maxPool2d(any({ poolSize: 2 })),
    ArgumentError,
    /poolSize an object/,
  ],
  'a pool of 0': [() => nn.maxPool2d(0), ArgumentError, /poolSize 0/],
  'dropout in percent': [() => nn.dropout(50), ArgumentError, /rate 50/],
  'dropout without rate': [() => any(nn.dropout)(), ArgumentError, /rate undefined/],
  'a leak of text': [() => nn.leakyRelu(any('0.1')), ArgumentError, /slope '0\.1'/],
  'a leak of options': [
    () => nn.leakyRelu(any({ alpha: 0.1 })),
    ArgumentError,
    /slope an object of alpha/,
  ],
  'an alpha of text': [() => nn.elu(any('1')), ArgumentError, /alpha '1'/],
  'an axis of text': [() => nn.softmax(any('last')), ArgumentError, /axis 'last'/],
  'an activation layer of nothing': [() => any(nn.activation)(), ArgumentError, /activation/],
  'an embedding without size': [() => any(nn.embedding)(10), ArgumentError, /size undefined/],
  'words as f32': [
    () => any(nn.embedding(5, 2)).forward(tensor([1, 2])),
    DTypeError,
    /cast\('i32'\)/,
  ],
  'features to normalise (PyTorch)': [
    () => nn.batchNorm(any(32)),
    ArgumentError,
    /batchNorm: options.*32/,
  ],
  'groups that do not divide': [
    () => nn.groupNorm(3).build([4, 4, 8]),
    ShapeError,
    /3 equal groups/,
  ],
  'upsampling by half': [() => nn.upsampling2d(0.5), ArgumentError, /size 0\.5/],
  'padding of -1': [() => nn.zeroPadding2d(-1), ShapeError, /padding -1/],
  'layers one by one': [
    () => any(nn.sequential)(nn.flatten(), nn.dense(2)),
    ArgumentError,
    /sequential: takes an array of layers/,
  ],
  'a layer that is not called': [
    () => nn.sequential([any(nn.flatten), nn.dense(2)]),
    ArgumentError,
    /layer 0.*flatten/,
  ],
  'a layer that is undefined': [
    () => nn.sequential([nn.dense(2), any(undefined)]),
    ArgumentError,
    /layer 1.*undefined/,
  ],
  'a name for a layer': [() => nn.sequential([any('relu')]), ArgumentError, /layer 0.*'relu'/],
  'a residual of nothing': [() => any(nn.residual)(), ArgumentError, /residual: /],
  'a residual of a function': [
    () => nn.residual(any((x: unknown) => x)),
    ArgumentError,
    /residual: /,
  ],
  'branches one by one': [
    () => any(nn.concat)(nn.dense(2), nn.dense(2)),
    ArgumentError,
    /concat: takes an array of layers/,
  ],
  'forward of an array': [
    () => nn.dense(2).forward(any([[1, 2]])),
    ArgumentError,
    /dense: takes a tensor.*tensor\(/,
  ],
  'forward of nothing': [
    () => any(nn.dense(2)).forward(),
    ArgumentError,
    /dense: takes a tensor.*undefined/,
  ],
  'forward of a promise': [
    () => nn.dense(2).forward(any(Promise.resolve())),
    ArgumentError,
    /await/,
  ],
  'forward of a variable': [
    () => nn.dense(2).forward(any(new Variable(zeros([1, 2])))),
    ArgumentError,
    /\.value/,
  ],
  'forward with true for training': [
    () => nn.dense(2).forward(zeros([1, 2]), any(true)),
    ArgumentError,
    /\{ training: true \}/,
  ],
  'forward with train: true': [
    () => nn.dense(2).forward(zeros([1, 2]), any({ train: true })),
    ArgumentError,
    /\{ training: true \}/,
  ],
  'build of numbers one by one': [
    () => any(nn.dense(2)).build(28, 28),
    ArgumentError,
    /build: a shape is an array/,
  ],
  'build of nothing': [() => any(nn.dense(2)).build(), ArgumentError, /build: a shape is an array/],
  'build with the batch axis as null': [
    () => nn.dense(2).build(any([null, 4])),
    ShapeError,
    /build: \[null,4\]/,
  ],
  'a summary without a shape': [
    () => any(nn.summary)(nn.dense(2)),
    ArgumentError,
    /summary: a shape is an array/,
  ],
  'a summary of a function': [() => nn.summary(any(nn.dense), [2]), ArgumentError, /summary: /],
  'a factor of text': [() => nn.l2(any('0.1')), ArgumentError, /factor '0\.1'/],
});

testMistakes('losses', {
  'labels as an array': [
    () => losses.crossEntropy(zeros([2, 3]), any([0, 1])),
    ArgumentError,
    /crossEntropy: takes a tensor.*tensor\(/,
  ],
  'no labels': [
    () => any(losses.crossEntropy)(zeros([2, 3])),
    ArgumentError,
    /crossEntropy: .*undefined/,
  ],
  'labels first (Keras)': [
    () => losses.crossEntropy(tensor([0, 1], { dtype: 'i32' }), zeros([2, 3])),
    DTypeError,
    /crossEntropy takes f32/,
  ],
  'a label that is no class': [
    () => losses.crossEntropy(zeros([2, 3]), tensor([1, 3], { dtype: 'i32' })),
    ShapeError,
    /label 3 at .*is no class.*have 3, from 0 to 2/,
  ],
  'an ignored index (PyTorch)': [
    () =>
      losses.crossEntropy(
        zeros([1, 3]),
        tensor([1], { dtype: 'i32' }),
        any({ ignore_index: -100 }),
      ),
    ArgumentError,
    /no option 'ignore_index'/,
  ],
  'from_logits (Keras)': [
    () => losses.crossEntropy(zeros([1, 3]), zeros([1, 3]), any({ from_logits: true })),
    ArgumentError,
    /Did you mean 'from'/,
  ],
  'a reduction by its name in PyTorch': [
    () => losses.meanSquaredError(zeros([2]), zeros([2]), { reduction: any('batchmean') }),
    ArgumentError,
    /'mean', 'sum', 'none'/,
  ],
  'a reduction by itself': [
    () => losses.meanSquaredError(zeros([2]), zeros([2]), any('sum')),
    ArgumentError,
    /options must be/,
  ],
  'a scale that there is not': [
    () => losses.crossEntropy(zeros([1, 3]), zeros([1, 3]), { from: any('softmax') }),
    ArgumentError,
    /'logits', 'probabilities'/,
  ],
  'smoothing of 1': [
    () => losses.crossEntropy(zeros([1, 3]), zeros([1, 3]), { labelSmoothing: 1 }),
    ArgumentError,
    /labelSmoothing 1/,
  ],
  'class weights as an object': [
    () => losses.crossEntropy(zeros([1, 3]), zeros([1, 3]), { classWeights: any({ 0: 1 }) }),
    ArgumentError,
    /classWeights/,
  ],
  'targets in a column': [
    () => losses.meanSquaredError(zeros([4, 1]), zeros([4])),
    ShapeError,
    /\[4,1\].*\[4\]/,
  ],
  'targets as numbers': [
    () => losses.meanSquaredError(zeros([1]), any(3)),
    ArgumentError,
    /meanSquaredError: takes a tensor, got 3/,
  ],
  'a negative delta': [
    () => losses.huber(zeros([1]), zeros([1]), { delta: -1 }),
    ArgumentError,
    /delta -1/,
  ],
  'probabilities of a scalar': [
    () => losses.klDivergence(zeros([]), zeros([])),
    ShapeError,
    /scalar/,
  ],
  'binary targets that are class numbers': [
    () => losses.binaryCrossEntropy(zeros([3]), tensor([0, 1, 2])),
    ArgumentError,
    /target 2 at position 2 of targets \[3\] must be from 0 to 1/,
  ],
  'binary targets of −1 and 1': [
    () => losses.binaryCrossEntropy(zeros([2]), tensor([1, -1])),
    ArgumentError,
    /target -1 at position 1/,
  ],
  'a hinge of targets 0 and 1': [
    () => losses.hinge(zeros([2]), tensor([1, 0])),
    ArgumentError,
    /target 0 at position 1 .*t\.mul\(2\)\.sub\(1\)/,
  ],
});

const built = () => any(nn.sequential([nn.dense(2)]).build([3]));
testMistakes('models as other libraries have them', {
  'model.predict(x)': [
    () => built().predict(zeros([1, 3])),
    ArgumentError,
    /predict\(model, examples\).*model\.forward/,
  ],
  'model.fit(x, y)': [
    () => built().fit([], []),
    ArgumentError,
    /use fit\(model, examples, options\)/,
  ],
  'model.compile({ … })': [() => built().compile({}), ArgumentError, /loss, optimizer, metrics/],
  'model.evaluate()': [() => built().evaluate(), ArgumentError, /evaluate\(model, examples/],
  'model.summary()': [() => built().summary(), ArgumentError, /nn\.summary\(model, shape\)/],
  'model.add(layer)': [() => built().add(nn.dense(2)), ArgumentError, /nn\.sequential/],
  'model.parameters()': [() => built().parameters(), ArgumentError, /model\.variables/],
  'model.train()': [() => built().train(), ArgumentError, /training: true/],
  'model.eval()': [() => built().eval(), ArgumentError, /model\.forward\(x\)/],
  'model.save(file)': [() => built().save('a'), ArgumentError, /io\.saveWeights\(file, model\)/],
});
