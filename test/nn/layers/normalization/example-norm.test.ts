import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, nn, ShapeError } from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import type { NdArray } from '../../../reference/array.ts';
import { groupNormalized, layerNormalized } from '../../../reference/group-normalization.ts';
import { extents, spread } from '../../../tensor/arbitraries.ts';
import { assertClose } from '../../../tensor/closeness.ts';
import { holds } from '../../../tensor/property.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';
import { scatterVariables } from '../layer-values.ts';

const test = suite('nn: normalisation of examples');

const small = (max: number) => fc.integer({ min: 1, max });
const affine = (normal: NdArray, weight: NdArray, bias: NdArray) =>
  normal.zip(weight, (a, b) => a * b).zip(bias, (a, b) => a + b);
const closeness = { relative: 1e-5, scale: 4 };

test('layerNorm normalises the last axis, in training and inference', async () => {
  await holds([fc.array(small(4), { minLength: 1, maxLength: 3 }), extents], async (lead, c) => {
    const shape = [...lead, c];
    const layer = nn.layerNorm().build(shape.slice(1));
    assert.equal([...layer.namedVariables().keys()], ['weight', 'bias']);
    assert.is(layer.parameterCount, 2 * c);
    const [weight, bias] = (await scatterVariables(layer)) as [NdArray, NdArray];
    const x = spread(shape, 1, [-3, 5]);
    const expected = affine(layerNormalized(x, 1e-3), weight, bias);
    for (const training of [false, true]) {
      const actual = await download(layer.forward(upload(x), { training }));
      assertClose(actual, expected, closeness, `[${shape}]`);
    }
  });
});

test('groupNorm normalises groups of channels over the image', async () => {
  const shapes = fc.tuple(small(3), small(5), small(4), small(3), small(4));
  await holds([shapes], async ([n, h, w, groups, perGroup]) => {
    const shape = [n, h, w, groups * perGroup];
    const layer = nn.groupNorm(groups, { epsilon: 1e-2 }).build(shape.slice(1));
    assert.is(layer.parameterCount, 2 * groups * perGroup);
    const [weight, bias] = (await scatterVariables(layer)) as [NdArray, NdArray];
    const x = spread(shape, 1, [-3, 5]);
    const expected = affine(groupNormalized(x, groups, 1e-2), weight, bias);
    const actual = await download(layer.forward(upload(x)));
    assertClose(actual, expected, closeness, `[${shape}] in ${groups} groups`);
  });
});

test('numbers as large as 1e30, and as small', async () => {
  const wave = spread([3, 4, 4, 8], 1, [-3, 5]);
  for (const size of [1e30, 1e-30]) {
    const x = wave.map((x) => Math.fround(x * size));
    for (const epsilon of [1e-3, 1e-5]) {
      const layer = nn.layerNorm({ epsilon }).build([4, 4, 8]);
      const grouped = nn.groupNorm(2, { epsilon }).build([4, 4, 8]);
      const close = { relative: 1e-5, scale: size > 1 ? 1 : size };
      assertClose(await download(layer.forward(upload(x))), layerNormalized(x, epsilon), close);
      const expected = groupNormalized(x, 2, epsilon);
      assertClose(await download(grouped.forward(upload(x))), expected, close);
    }
  }
});

test('gradients', async () => {
  for (const [layer, reference] of [
    [nn.layerNorm({ epsilon: 0.1 }), (x: NdArray) => layerNormalized(x, 0.1)],
    [nn.groupNorm(2, { epsilon: 0.1 }), (x: NdArray) => groupNormalized(x, 2, 0.1)],
  ] as const) {
    const shape = [2, 3, 2, 4];
    layer.build(shape.slice(1));
    const [weight, bias] = (await scatterVariables(layer)) as [NdArray, NdArray];
    const subject = {
      name: layer.type,
      f: (x: AnyTensor) => layer.forward(x),
      reference: (x: NdArray) => affine(reference(x), weight, bias),
      inputs: [spread(shape, 1, [-1, 1])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test('what does not fit', () => {
  refuses(
    () => nn.layerNorm({ epsilon: 0 }),
    ArgumentError,
    /^layerNorm: epsilon 0 must be a number above 0/,
  );
  refuses(() => nn.layerNorm().build([]), ShapeError, /^layerNorm: needs inputs/);
  refuses(() => nn.groupNorm(0), ArgumentError, /^groupNorm: groups 0 must be a whole number/);
  refuses(() => nn.groupNorm(3).build([2, 2, 4]), ShapeError, /4 channels .* 3 equal groups/);
});

test.run();
