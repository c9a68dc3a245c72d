import {
  ArgumentError,
  avgPool2d,
  batchNorm,
  batchNormInference,
  concat,
  conv2d,
  conv2dTranspose,
  DTypeError,
  dropout,
  gather,
  grad,
  gradcheck,
  matMul,
  maxPool2d,
  ShapeError,
  scatterAdd,
  softmax,
  split,
  stack,
  stopGradient,
  tensor,
  Variable,
  where,
  zeros,
} from '../../src/index.ts';
import { any, testMistakes } from './mistakes.ts';

const vector = () => tensor([1, 2, 3]);
const matrix = () => zeros([2, 3]);
const variable = () => new Variable(vector());
const images = () => zeros([1, 4, 4, 2]);
const filters = () => zeros([2, 2, 2, 3]);
const indices = () => tensor([0, 2], { dtype: 'i32' });
const later = () => Promise.resolve(vector());

testMistakes('ops of tensors', {
  'adding an array': [
    () => vector().add(any([1, 2, 3])),
    ArgumentError,
    /add: .*an array.*tensor\(/,
  ],
  'adding a typed array': [
    () => vector().add(any(Float32Array.of(1))),
    ArgumentError,
    /add: .*Float32Array.*tensor\(/,
  ],
  'adding nothing': [() => any(vector()).add(), ArgumentError, /add: .*undefined/],
  'adding null': [() => vector().add(any(null)), ArgumentError, /add: .*null/],
  'adding a text': [() => vector().add(any('1')), ArgumentError, /add: .*'1'/],
  'adding a BigInt': [() => vector().add(any(1n)), ArgumentError, /add: .*BigInt/],
  'adding a variable': [() => vector().add(any(variable())), ArgumentError, /\.value/],
  'adding a promise': [() => vector().add(any(later())), ArgumentError, /await/],
  'adding tensors of other shapes': [
    () => vector().add(any(zeros([2]))),
    ShapeError,
    /add: .*\[3\].*\[2\].*broadcast/,
  ],
  'adding other dtypes': [() => vector().add(any(indices())), DTypeError, /Cast/],
  'a fraction to whole numbers': [() => indices().mul(0.5), DTypeError, /0\.5/],
  'the root of whole numbers': [() => any(indices()).sqrt(), DTypeError, /sqrt .*cast\('f32'\)/],
  'clipping without an upper bound': [
    () => any(vector()).clip(0),
    ArgumentError,
    /clip: .*undefined/,
  ],
  'clipping by options': [
    () => any(vector()).clip({ min: 0 }),
    ArgumentError,
    /clip: low an object of min/,
  ],
  'clipping the wrong way round': [() => vector().clip(1, 0), ArgumentError, /clip: low 1.*high 0/],
  'a cast to a dtype of PyTorch': [
    () => vector().cast(any('float32')),
    ArgumentError,
    /'float32'.*'f32'/,
  ],
  'a cast to nothing': [() => any(vector()).cast(), ArgumentError, /cast: dtype undefined/],
  'a dimension for a text': [() => matrix().sum(any('1')), ArgumentError, /sum: .*axis.*'1'/],
  'options of a sum (NumPy)': [
    () => matrix().sum(any({ axis: 1 })),
    ArgumentError,
    /sum: .*x\.sum\(1, true\)|sum: .*axis.*object of axis/,
  ],
  'options for keepDims': [
    () => matrix().sum(1, any({ keepDims: true })),
    ArgumentError,
    /sum: keepDims .*true or false/,
  ],
  'options of a mean': [
    () => matrix().mean(any({ axis: 0, keepDims: true })),
    ArgumentError,
    /mean: .*axis/,
  ],
  'two axes one by one': [() => matrix().sum(any(0), any(1)), ArgumentError, /sum: keepDims 1/],
  'an axis that there is not': [() => matrix().sum(any(2)), ShapeError, /axis 2 .*-2 to 1/],
  'half an axis': [() => matrix().max(any(0.5)), ShapeError, /axis 0\.5/],
  'an axis twice': [() => matrix().sum([0, -2]), ShapeError, /twice/],
  'null for all axes (NumPy)': [() => matrix().sum(any(null)), ArgumentError, /sum: .*null/],
  'the largest of several axes': [
    () => matrix().argMax(any([0, 1])),
    ShapeError,
    /argMax: axis \[0, 1\]/,
  ],
  'the mean of whole numbers': [() => any(indices()).mean(), DTypeError, /cast\('f32'\)/],
  'the largest of nothing': [() => zeros([0]).max(), ShapeError, /no elements/],
  'a variance with keepDims in its place': [
    () => matrix().variance(0, any(true)),
    ArgumentError,
    /variance: options must be an object of keepDims/,
  ],
  'a correction of text': [
    () => matrix().variance(0, { correction: any('1') }),
    ArgumentError,
    /variance: correction '1'/,
  ],
  'a softmax of options': [() => matrix().softmax(any({ axis: 1 })), ShapeError, /softmax: .*axis/],
  'a softmax of an array': [() => softmax(any([1, 2])), ArgumentError, /softmax: .*tensor\(/],
  'a softmax of whole numbers': [() => softmax(indices()), DTypeError, /cast\('f32'\)/],
  'a reshape of separate numbers': [
    () => any(matrix()).reshape(3, 2),
    ArgumentError,
    /reshape: a shape is an array/,
  ],
  'a reshape to nothing': [() => any(matrix()).reshape(), ArgumentError, /reshape: .*undefined/],
  'a reshape to another size': [() => matrix().reshape(any([4, 2])), ShapeError, /6 elements/],
  'a reshape with two unknowns': [
    () => matrix().reshape([-1, -1]),
    ShapeError,
    /one of them may be -1/,
  ],
  'an unknown beside 0': [() => zeros([0, 2]).reshape([0, -1]), ShapeError, /-1 .*any/],
  'a reshape to text': [() => matrix().reshape(any(['3', '2'])), ShapeError, /'3'/],
  'a reshape to null (Keras)': [() => matrix().reshape(any([null, 3])), ShapeError, /null/],
  'a transpose of two axes one by one': [
    () => any(matrix()).transpose(0, 1),
    ArgumentError,
    /transpose: .*\[/,
  ],
  'a transpose that leaves an axis out': [
    () => zeros([2, 3, 4]).transpose(any([1, 0])),
    ShapeError,
    /each of the 3 axes/,
  ],
  'an expansion of separate numbers': [() => any(vector()).expand(2, 3), ArgumentError, /expand: /],
  'a slice of numbers': [() => any(vector()).slice(0, 2), ArgumentError, /slice: .*\[0\]/],
  'a slice with text': [() => any(vector()).slice(['0']), ShapeError, /slice: .*'0'/],
  'a slice with null': [() => any(vector()).slice([null], [2]), ShapeError, /slice: .*null/],
  'a slice without a step': [
    () => vector().slice([0], [3], [0]),
    ShapeError,
    /slice: steps \[0\] must be whole numbers, and not 0/,
  ],
  'a slice of too many axes': [() => vector().slice([0, 0]), ShapeError, /slice: .*1 axes/],
  'three widths of an axis': [
    () => tensor([1, 2]).pad(any([[2, 2, 2]])),
    ShapeError,
    /pad: .*\[before, after\]/,
  ],
  'one width of an axis': [
    () => tensor([1, 2]).pad(any([[2]])),
    ShapeError,
    /pad: .*\[before, after\]/,
  ],
  'one width for all': [() => any(vector()).pad(1), ShapeError, /pad: .*\[before, after\]/],
  'a pair that is not in a list': [
    () => any(vector()).pad([1, 1]),
    ShapeError,
    /pad: .*\[before, after\]/,
  ],
  'no width': [() => any(vector()).pad(), ShapeError, /pad: .*undefined/],
  'padding with a text': [() => vector().pad([[1, 1]], any('0')), ArgumentError, /pad: value '0'/],
  'padding with negative widths': [() => vector().pad([[-1, 0]]), ShapeError, /pad: /],
  'an axis squeezed that is no 1': [() => matrix().squeeze(0), ShapeError, /size 2, not 1/],
  'a new axis nowhere': [() => any(matrix()).unsqueeze(), ShapeError, /unsqueeze: axis undefined/],
  'a new axis too far': [() => matrix().unsqueeze(4), ShapeError, /axis 4/],
  'an axis flipped by name': [
    () => matrix().flip(any('horizontal')),
    ArgumentError,
    /flip: .*'horizontal'/,
  ],
  'tensors joined one by one': [
    () => any(concat)(vector(), vector()),
    ArgumentError,
    /concat: .*\[a, b\]/,
  ],
  'nothing joined': [() => concat([]), ShapeError, /at least one/],
  'arrays joined': [() => concat(any([[1, 2], [3]])), ArgumentError, /concat: .*an array/],
  'a promise joined': [() => concat(any([vector(), later()])), ArgumentError, /await/],
  'an axis of options': [() => concat([vector()], any({ axis: 0 })), ShapeError, /concat: .*axis/],
  'stacked one by one': [() => any(stack)(vector(), vector()), ArgumentError, /stack: .*\[a, b\]/],
  'stacked of other shapes': [() => stack([vector(), any(matrix())]), ShapeError, /must be equal/],
  'split into no equal parts': [() => split(vector(), 2), ShapeError, /3 elements, not 2/],
  'split into -1 parts': [() => split(vector(), -1), ShapeError, /split: /],
  'split into 0 parts': [() => split(zeros([0]), 0), ShapeError, /split: /],
  'split into parts of NaN': [() => split(vector(), Number.NaN), ShapeError, /split: /],
  'split by a text': [() => split(vector(), any('3')), ShapeError, /split: .*'3'|"3"/],
  'a product of vectors': [() => matMul(vector(), any(vector())), ShapeError, /two or more axes/],
  'a product that does not fit': [
    () => matMul(matrix(), any(matrix())),
    ShapeError,
    /inner dimensions 3 and 2/,
  ],
  'a product with an array': [
    () => matrix().matMul(any([[1]])),
    ArgumentError,
    /matMul: .*tensor\(/,
  ],
  'a product with a variable': [() => matrix().matMul(any(variable())), ArgumentError, /\.value/],
  'gathered by an array': [
    () => gather(vector(), any([0, 1])),
    ArgumentError,
    /gather: .*tensor\(/,
  ],
  'gathered by numbers as f32': [
    () => gather(vector(), any(tensor([0, 1]))),
    DTypeError,
    /cast\('i32'\)/,
  ],
  'gathered out of range': [
    () => gather(vector(), tensor([3], { dtype: 'i32' })),
    ShapeError,
    /index 3 .*0 to 2/,
  ],
  'gathered from the end (NumPy)': [
    () => gather(vector(), tensor([-1], { dtype: 'i32' })),
    ShapeError,
    /index -1/,
  ],
  'scattered to a size of NaN': [
    () => scatterAdd(tensor([1, 2]), indices(), Number.NaN),
    ShapeError,
    /scatterAdd: .*NaN/,
  ],
  'scattered to a shape': [
    () => scatterAdd(tensor([1, 2]), indices(), any([3])),
    ShapeError,
    /scatterAdd: .*3/,
  ],
  'scattered to no size': [
    () => any(scatterAdd)(tensor([1, 2]), indices()),
    ShapeError,
    /undefined/,
  ],
  'a condition of numbers': [() => where(any(vector()), vector(), vector()), DTypeError, /bool/],
  'a choice between lists': [
    () => where(vector().greater(0), any([1]), any([0])),
    ArgumentError,
    /where: .*tensor\(/,
  ],
  'a condition of JavaScript': [
    () => where(any(true), vector(), vector()),
    ArgumentError,
    /where: .*true/,
  ],
  'a dropout in percent': [() => dropout(vector(), 50), ArgumentError, /rate 50/],
  'a dropout without rate': [() => any(dropout)(vector()), ArgumentError, /rate undefined/],
  'a gradient stopped of an array': [() => stopGradient(any([1])), ArgumentError, /stopGradient: /],
  'normalised by epsilon alone': [
    () => any(batchNorm)(matrix(), 1e-3),
    ArgumentError,
    /batchNorm: .*0\.001/,
  ],
  'normalised by a text': [
    () => batchNorm(matrix(), zeros([3]), zeros([3]), any('0')),
    ArgumentError,
    /batchNorm: epsilon '0'/,
  ],
  'normalised by a negative epsilon': [
    () => batchNorm(matrix(), zeros([3]), zeros([3]), -1),
    ArgumentError,
    /epsilon -1/,
  ],
  'normalised by no statistics': [
    () => batchNormInference(matrix(), any(undefined), zeros([3]), zeros([3])),
    ArgumentError,
    /batchNormInference: .*mean, variance/,
  ],
});

testMistakes('convolutions and pooling', {
  'filters of height 0': [
    () => conv2d(images(), zeros([0, 2, 2, 1])),
    ShapeError,
    /conv2d: .*\[0,2,2,1\]/,
  ],
  'filters of width 0': [() => conv2d(images(), zeros([2, 0, 2, 1])), ShapeError, /conv2d: /],
  'transposed filters of height 0': [
    () => conv2dTranspose(images(), zeros([0, 2, 3, 2])),
    ShapeError,
    /conv2dTranspose: .*\[0,2,3,2\]/,
  ],
  'images with channels first (PyTorch)': [
    () => conv2d(zeros([1, 3, 8, 8]), zeros([3, 3, 3, 4])),
    ShapeError,
    /conv2d: .*\[1,3,8,8\]/,
  ],
  'filters as PyTorch has them': [
    () => conv2d(zeros([1, 8, 8, 3]), zeros([4, 3, 3, 3, 1])),
    ShapeError,
    /\[KH, KW, C, O\]/,
  ],
  'a single image': [() => conv2d(zeros([8, 8, 3]), filters()), ShapeError, /\[N, H, W, C\]/],
  'strides of 0': [
    () => conv2d(images(), filters(), { strides: 0 }),
    ShapeError,
    /strides: .*0.*1 or more/,
  ],
  'strides of half': [() => conv2d(images(), filters(), { strides: 1.5 }), ShapeError, /strides/],
  'strides of text': [
    () => conv2d(images(), filters(), { strides: any('2') }),
    ShapeError,
    /strides: .*'2'/,
  ],
  'strides of null': [
    () => conv2d(images(), filters(), { strides: any({}) }),
    ShapeError,
    /strides/,
  ],
  'three strides': [
    () => conv2d(images(), filters(), { strides: any([1, 1, 1]) }),
    ShapeError,
    /strides/,
  ],
  'dilations of -1': [
    () => conv2d(images(), filters(), { dilations: -1 }),
    ShapeError,
    /dilations/,
  ],
  'padding in capitals': [
    () => conv2d(images(), filters(), { padding: any('SAME') }),
    ShapeError,
    /SAME.*'same'/,
  ],
  'padding of -1': [() => conv2d(images(), filters(), { padding: -1 }), ShapeError, /padding -1/],
  'padding of two': [
    () => conv2d(images(), filters(), { padding: any([1, 1]) }),
    ShapeError,
    /\[top, bottom, left, right\]/,
  ],
  'padding of NaN': [
    () => conv2d(images(), filters(), { padding: Number.NaN }),
    ShapeError,
    /padding NaN/,
  ],
  'a window larger than the image': [
    () => conv2d(images(), zeros([5, 5, 2, 1])),
    ShapeError,
    /does not fit/,
  ],
  'groups of 0': [() => conv2d(images(), filters(), { groups: 0 }), ShapeError, /groups?/],
  'groups that do not divide': [
    () => conv2d(images(), filters(), { groups: 3 }),
    ShapeError,
    /groups/,
  ],
  'filters for an array of images': [
    () => conv2d(any([[1]]), filters()),
    ArgumentError,
    /conv2d: .*tensor\(/,
  ],
  'filters that are a variable': [
    () => conv2d(images(), any(new Variable(filters()))),
    ArgumentError,
    /\.value/,
  ],
  'options in the place of filters': [
    () => any(conv2d)(images(), { strides: 2 }),
    ArgumentError,
    /conv2d: takes a tensor.*strides/,
  ],
  'pools of a size in the place of options': [
    () => maxPool2d(images(), any(2)),
    ArgumentError,
    /maxPool2d: options must be an object of filterSize/,
  ],
  'pools of size 0': [() => maxPool2d(images(), { filterSize: 0 }), ShapeError, /filterSize/],
  'pools as Keras names them': [
    () => maxPool2d(images(), any({ poolSize: 2 })),
    ArgumentError,
    /no option 'poolSize'/,
  ],
  'padding as wide as the window': [
    () => avgPool2d(images(), { filterSize: 2, padding: 2 }),
    ShapeError,
    /smaller than the window/,
  ],
  'pools of a matrix': [() => avgPool2d(matrix()), ShapeError, /\[N, H, W, C\]/],
});

testMistakes('gradients', {
  'of several numbers': [() => grad(vector(), [vector()]), ShapeError, /sum\(\)/],
  'with respect to one tensor': [
    () => grad(vector().sum(), any(vector())),
    ArgumentError,
    /grad: .*\[x\]/,
  ],
  'with respect to a model': [
    () => grad(vector().sum(), any({ variables: [] })),
    ArgumentError,
    /grad: .*variables/,
  ],
  'with respect to nothing': [() => any(grad)(vector().sum()), ArgumentError, /grad: .*undefined/],
  'with respect to numbers': [() => grad(vector().sum(), any([1])), ArgumentError, /grad: /],
  'of a number': [() => grad(any(3), [vector()]), ArgumentError, /grad: takes a tensor, got 3/],
  'of a function (JAX)': [
    () =>
      grad(
        any((x: unknown) => x),
        [vector()],
      ),
    ArgumentError,
    /grad: .*function/,
  ],
  'of a promise': [() => grad(any(later()), [vector()]), ArgumentError, /await/],
  'of whole numbers': [() => grad(any(indices().sum()), [vector()]), DTypeError, /cast/],
  'seeded by a number': [
    () => grad(vector(), [vector()], any(1)),
    ArgumentError,
    /grad: .*tensor\(/,
  ],
  'backward of several numbers': [() => vector().backward(), ShapeError, /sum\(\)/],
  'checked of no function': [
    () => gradcheck(any(vector()), [vector()]),
    ArgumentError,
    /gradcheck: .*function/,
  ],
  'checked at one tensor': [
    () => gradcheck((x) => x, any(vector())),
    ArgumentError,
    /gradcheck: .*\[x\]/,
  ],
  'checked with a function that gives a number': [
    () =>
      gradcheck(
        any(() => 1),
        [vector()],
      ),
    ArgumentError,
    /gradcheck: .*1/,
  ],
  'checked in steps of 0': [
    () => gradcheck((x) => x, [vector()], { step: 0 }),
    ArgumentError,
    /step 0/,
  ],
});
