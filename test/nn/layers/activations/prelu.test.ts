import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, grad, nn, ShapeError } from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import type { NdArray } from '../../../reference/array.ts';
import { leakyRelu } from '../../../reference/elementwise.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose, assertSame } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';
import { scatterVariables } from '../layer-values.ts';

const test = suite('nn: prelu');

const sloped = (x: NdArray, slopes: NdArray) => x.zip(slopes, (a, slope) => leakyRelu(a, slope));

test('a slope for each feature, or for each channel', async () => {
  const x = spread([3, 4, 5, 2], 1, [-2, 2]);
  for (const [sharedAxes, shape] of [
    [[], [4, 5, 2]],
    [
      [1, 2],
      [1, 1, 2],
    ],
    [[3], [4, 5, 1]],
  ] as const) {
    const layer = nn.prelu({ sharedAxes }).build([4, 5, 2]);
    assert.equal(
      [...layer.namedVariables()].map(([name]) => name),
      ['weight'],
    );
    assert.equal(
      layer.trainableVariables.map((weight) => [...weight.shape]),
      [[...shape]],
    );
    const [weight] = (await scatterVariables(layer)) as [NdArray];
    const actual = await download(layer.forward(upload(x)));
    assertClose(actual, sloped(x, weight), { relative: 1e-6 });
  }
});

test('begins as relu, or with slopes of its own', async () => {
  const x = spread([3, 4], 1, [-2, 2]);
  assertSame(
    await download(nn.prelu().forward(upload(x))),
    x.map((v) => Math.max(v, 0)),
  );
  const initializer = nn.initializers.constant(0.25);
  const quarter = await download(nn.prelu({ initializer }).forward(upload(x)));
  assertClose(
    quarter,
    x.map((v) => leakyRelu(v, 0.25)),
    { relative: 1e-6 },
  );
});

test('gradients of the input and of the slopes', async () => {
  const layer = nn.prelu({ sharedAxes: [1] }).build([4, 2]);
  const subject = {
    f: (x: AnyTensor, slopes: AnyTensor) => {
      layer.variables[0]?.assign(slopes);
      return layer.forward(x);
    },
    reference: sloped,
    inputs: [spread([3, 4, 2], 1, [-2, 2]), spread([1, 2], 2, [0.1, 0.5])],
  };
  const [x, slopes] = subject.inputs.map((value) => upload(value)) as [AnyTensor, AnyTensor];
  subject.f(x, slopes);
  const [slope] = grad(layer.forward(x).sum(), layer.trainableVariables);
  const [expected] = grad(x.prelu(slopes).sum(), [slopes]);
  assertSame(await download(slope!), await download(expected!));
  const direct = { ...subject, f: (x: AnyTensor, slopes: AnyTensor) => x.prelu(slopes) };
  await assertGradients(direct);
  await assertSecondGradients(direct);
});

test('its slopes are regularized', async () => {
  const initializer = nn.initializers.constant(0.5);
  const layer = nn.prelu({ initializer, regularizer: nn.l2(0.1) }).build([4]);
  assert.ok(Math.abs((await layer.penalty()!.item()) - 0.1 * 4 * 0.25) < 1e-6);
});

test('what does not fit', () => {
  refuses(() => nn.prelu({ sharedAxes: [0] }), ArgumentError, /^prelu: sharedAxes/);
  refuses(
    () => nn.prelu({ sharedAxes: [3] }).build([4, 4]),
    ShapeError,
    /^prelu: \[1,4,4\] has no/,
  );
  refuses(() => nn.prelu({ initializer: 'one' as 'ones' }), ArgumentError, /'one'/);
});

test.run();
