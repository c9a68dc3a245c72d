import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, io, nn, ShapeError } from '../../../../src/index.ts';
import { assertGradients } from '../../../autograd/differentiation.ts';
import type { NdArray } from '../../../reference/array.ts';
import { type Axis, convolve, convolveBack } from '../../../reference/windows.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';
import { scatterVariables } from '../layer-values.ts';

const test = suite('nn: convolutions along one and three axes');

type Reference = (x: NdArray, weight: NdArray) => NdArray;

const causal: Axis = { stride: 2, dilation: 2, before: 4 };
const uneven: Axis = { stride: 2, after: 1 };
const once: Axis = {};

/** A layer for inputs of a shape, the shape of its weight here and in PyTorch, and what it convolves. */
const layers: Readonly<
  Record<string, [make: () => nn.Layer, x: number[], ours: number[], theirs: number[], Reference]>
> = {
  conv1d: [
    () => nn.conv1d(4, 3, { padding: 'causal', strides: 2, dilations: 2, groups: 2 }),
    [2, 7, 6],
    [3, 3, 4],
    [4, 3, 3],
    (x, w) => convolve(x, w, [causal], 2),
  ],
  conv1dTranspose: [
    () => nn.conv1dTranspose(5, 3, { strides: 2, padding: 1, outputPadding: 1 }),
    [2, 4, 3],
    [3, 5, 3],
    [3, 5, 3],
    (x, w) => convolveBack(x, w, [{ stride: 2, before: 1 }], [8]),
  ],
  conv3d: [
    () => nn.conv3d(4, [2, 3, 1], { strides: [2, 1, 1], padding: [0, 1, 0, 0, 0, 0] }),
    [2, 3, 4, 2, 3],
    [2, 3, 1, 3, 4],
    [4, 3, 2, 3, 1],
    (x, w) => convolve(x, w, [uneven, once, once]),
  ],
  conv3dTranspose: [
    () => nn.conv3dTranspose(6, [2, 1, 3], { strides: [2, 1, 1], groups: 3 }),
    [1, 2, 2, 2, 3],
    [2, 1, 3, 2, 3],
    [3, 2, 2, 1, 3],
    (x, w) => convolveBack(x, w, [{ stride: 2 }, once, once], [4, 2, 4], 3),
  ],
  depthwiseConv1d: [
    () => nn.depthwiseConv1d(3, { depthMultiplier: 2, padding: 'causal' }),
    [2, 5, 3],
    [3, 1, 6],
    [6, 1, 3],
    (x, w) => convolve(x, w, [{ before: 2 }], 3),
  ],
};

const add = (x: NdArray, bias: NdArray) => x.zip(bias, (a, b) => a + b);
const closeness = { relative: 1e-5, scale: 4 };

for (const [name, [make, shape, ours, , convolved]] of Object.entries(layers)) {
  test(`${name} convolves, adds a bias and activates`, async () => {
    const layer = make().build(shape.slice(1));
    assert.is(layer.type, name);
    const shapes = [...layer.namedVariables()].map(([of, variable]) => [of, [...variable.shape]]);
    const [weight, bias] = (await scatterVariables(layer)) as [NdArray, NdArray];
    assert.equal(shapes, [
      ['weight', ours],
      ['bias', bias.shape],
    ]);
    const reference = (x: NdArray) => add(convolved(x, weight), bias);
    const x = spread(shape, 1, [-1, 1]);
    assertClose(await download(layer.forward(upload(x))), reference(x), closeness);
    await assertGradients({ f: (t) => layer.forward(t) as AnyTensor, reference, inputs: [x] });
  });

  test(`${name} takes its weight from PyTorch, turned`, async () => {
    const [, , , theirs] = layers[name]!;
    const layer = make().build(shape.slice(1));
    const file = spread(theirs, 2, [-1, 1]);
    const biases = layer.namedVariables().get('bias')!.shape;
    const entry = ({ data, shape }: NdArray) =>
      ({ dtype: 'f32', shape: [...shape], data: Float32Array.from(data) }) as const;
    await io.importPytorch(
      layer,
      new Map([
        ['weight', entry(file)],
        ['bias', entry(spread(biases, 3, [-1, 1]))],
      ]),
    );
    // [out, in, window] → [window, in, out], and [in, out, window] → [window, out, in].
    const axes = theirs.map((_, axis) => axis);
    const expected = file.transpose([...axes.slice(2), 1, 0]);
    assertClose(await download(layer.namedVariables().get('weight')!.value), expected);
  });
}

test('separableConv1d mixes the channels after a depthwise convolution', async () => {
  const layer = nn.separableConv1d(4, 3, { depthMultiplier: 2, strides: 2 }).build([7, 3]);
  const [depthwise, pointwise, bias] = (await scatterVariables(layer)) as NdArray[];
  assert.equal(
    [depthwise!.shape, pointwise!.shape],
    [
      [3, 1, 6],
      [1, 6, 4],
    ],
  );
  const x = spread([2, 7, 3], 1, [-1, 1]);
  const expected = convolve(convolve(x, depthwise!, [{ stride: 2 }], 3), pointwise!, [once]);
  assertClose(await download(layer.forward(upload(x))), add(expected, bias!), closeness);
});

test('what does not fit', () => {
  refuses(() => nn.conv1d(0, 3), ArgumentError, /^conv1d: filters 0 must be/);
  refuses(
    () => nn.conv1d(2, [3, 3] as never),
    ArgumentError,
    /^conv1d: kernelSize \[3, 3\] must be/,
  );
  refuses(() => nn.conv3d(2, [3, 3] as never), ArgumentError, /or three of them/);
  refuses(
    () => nn.conv1d(2, 3).build([4, 4, 1]),
    ShapeError,
    /^conv1d: needs sequences \[N, L, C\]/,
  );
  refuses(() => nn.conv3d(2, 3).build([4, 4, 1]), ShapeError, /^conv3d: needs volumes/);
  refuses(() => nn.conv3d(3, 1, { groups: 2 }).build([1, 1, 1, 2]), ShapeError, /2 equal groups/);
});

test.run();
