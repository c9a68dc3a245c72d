import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, nn, ShapeError } from '../../../src/index.ts';
import { assertGradients } from '../../autograd/differentiation.ts';
import type { NdArray } from '../../reference/array.ts';
import { conv2d, conv2dInputGradient } from '../../reference/convolution.ts';
import { samePadding } from '../../reference/window.ts';
import { spread } from '../../tensor/arbitraries.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { refuses } from '../../tensor/refusal.ts';
import { download, upload } from '../../tensor/transfer.ts';
import { scatterVariables } from './layer-values.ts';

const test = suite('nn: transposed, depthwise and separable convolutions');

const closeness = { relative: 1e-5, scale: 4 };
const add = (x: NdArray, bias: NdArray) => x.zip(bias, (a, b) => a + b);
const shapesOf = (layer: nn.Layer) =>
  [...layer.namedVariables()].map(([name, { shape }]) => [name, [...shape]]);

test('conv2dTranspose hands images along its filters, adds a bias and activates', async () => {
  const layer = nn.conv2dTranspose(5, [3, 2], {
    strides: 2,
    padding: 'same',
    activation: 'tanh',
  });
  layer.build([3, 4, 2]);
  assert.equal(shapesOf(layer), [
    ['weight', [3, 2, 5, 2]],
    ['bias', [5]],
  ]);
  assert.is(layer.parameterCount, 3 * 2 * 5 * 2 + 5);
  const [weight, bias] = (await scatterVariables(layer)) as [NdArray, NdArray];
  const x = spread([2, 3, 4, 2], 1, [-1, 1]);
  const shape = [2, 6, 8, 5];
  const padding = samePadding(shape, [3, 2], [2, 2]);
  const sum = conv2dInputGradient(shape, weight, x, { strides: [2, 2], padding });
  const expected = add(sum, bias).map(Math.tanh);
  assertClose(await download(layer.forward(upload(x))), expected, closeness);
});

test('depthwiseConv2d convolves each channel by itself', async () => {
  const layer = nn.depthwiseConv2d(3, { depthMultiplier: 2, strides: [2, 1] }).build([6, 5, 3]);
  assert.equal(shapesOf(layer), [
    ['weight', [3, 3, 1, 6]],
    ['bias', [6]],
  ]);
  assert.is(layer.parameterCount, 3 * 3 * 3 * 2 + 6);
  const [weight, bias] = (await scatterVariables(layer)) as [NdArray, NdArray];
  const reference = (x: NdArray) => add(conv2d(x, weight, { strides: [2, 1], groups: 3 }), bias);
  const inputs = [spread([2, 6, 5, 3], 1, [-1, 1])] as const;
  assertClose(await download(layer.forward(upload(inputs[0]))), reference(inputs[0]), closeness);
  await assertGradients({ f: (x) => layer.forward(x) as AnyTensor, reference, inputs });
});

test('the former name of depthMultiplier works for a release', () => {
  const shapes = (layer: nn.Layer) => shapesOf(layer.build([4, 5, 3]));
  const [former, present] = [{ multiplier: 3 }, { depthMultiplier: 3 }];
  assert.equal(shapes(nn.depthwiseConv2d(2, former)), shapes(nn.depthwiseConv2d(2, present)));
  assert.equal(shapes(nn.separableConv2d(4, 2, former)), shapes(nn.separableConv2d(4, 2, present)));
  assert.equal(shapes(nn.depthwiseConv2d(2, { ...former, depthMultiplier: 2 })), [
    ['weight', [2, 2, 1, 6]],
    ['bias', [6]],
  ]);
});

test('separableConv2d mixes the channels after a depthwise convolution', async () => {
  const layer = nn.separableConv2d(4, [2, 3], { depthMultiplier: 2, activation: 'tanh' });
  layer.build([4, 5, 3]);
  assert.equal(shapesOf(layer), [
    ['depthwise.weight', [2, 3, 1, 6]],
    ['pointwise.weight', [1, 1, 6, 4]],
    ['pointwise.bias', [4]],
  ]);
  assert.is(layer.parameterCount, 2 * 3 * 3 * 2 + 6 * 4 + 4);
  const [depthwise, pointwise, bias] = (await scatterVariables(layer)) as [
    NdArray,
    NdArray,
    NdArray,
  ];
  const reference = (x: NdArray) =>
    add(conv2d(conv2d(x, depthwise, { groups: 3 }), pointwise), bias).map(Math.tanh);
  const inputs = [spread([2, 4, 5, 3], 1, [-0.3, 0.3])] as const;
  assertClose(await download(layer.forward(upload(inputs[0]))), reference(inputs[0]), closeness);
  await assertGradients({ f: (x) => layer.forward(x) as AnyTensor, reference, inputs });
});

test('separableConv2d strides and pads once', () => {
  const layer = nn.separableConv2d(4, 3, { strides: 2, padding: 'same' });
  assert.equal(layer.forward(upload(spread([1, 7, 8, 3], 1, [0, 1]))).shape, [1, 4, 4, 4]);
});

test('what does not fit', () => {
  refuses(() => nn.conv2dTranspose(0, 3), ArgumentError, /^conv2dTranspose: filters 0 must be/);
  refuses(() => nn.conv2dTranspose(2, 3).build([4]), ShapeError, /^conv2dTranspose: needs images/);
  refuses(() => nn.depthwiseConv2d(0), ArgumentError, /^depthwiseConv2d: kernelSize 0 must be/);
  refuses(() => nn.depthwiseConv2d(3).build([4]), ShapeError, /^depthwiseConv2d: needs images/);
  refuses(() => nn.depthwiseConv2d(3).build([2, 2, 1]), ShapeError, /3×3 does not fit/);
  refuses(
    () => nn.depthwiseConv2d(3, { depthMultiplier: 0.5 }),
    ArgumentError,
    /^depthwiseConv2d: depthMultiplier 0\.5 must be a whole number of 1 or more/,
  );
});

test.run();
