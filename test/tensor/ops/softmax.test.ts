import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type CrossEntropyOptions,
  crossEntropy,
  DTypeError,
  ShapeError,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { mean, sum } from '../../reference/reductions.ts';
import {
  logSoftmax as logSoftmaxOf,
  crossEntropy as referenceLoss,
  softmax as softmaxOf,
} from '../../reference/softmax.ts';
import { choices, shapes, spread, whole } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: softmax and cross-entropy');

const references = { softmax: softmaxOf, logSoftmax: logSoftmaxOf };
const loss = crossEntropy as unknown as (
  logits: AnyTensor,
  labels: AnyTensor,
  options?: CrossEntropyOptions,
) => AnyTensor;

for (const name of ['softmax', 'logSoftmax'] as const) {
  test(`${name} along any axis`, async () => {
    await holds(
      [shapes({ min: 1 }), choices, fc.boolean()],
      async (shape, pick, fromEnd) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference, name: how } = arrange(shape, pick);
        const x = spread(base, pick[5]!, [-20, 20]);
        const actual = view(upload(x))[name](fromEnd ? axis - shape.length : axis) as AnyTensor;
        const expected = references[name](reference(x), axis);
        const closeness = name === 'softmax' ? { relative: 1e-5 } : { relative: 1e-6, scale: 20 };
        assertClose(await download(actual), expected, closeness, `${name} along ${axis} of ${how}`);
      },
      5,
    );
  });

  test(`${name} of what would overflow`, async () => {
    const inf = Number.POSITIVE_INFINITY;
    const x = NdArray.from([
      [1000, 1001, 999],
      [-1000, -1001, -1e30],
      [-inf, 0, 1],
      [0, 0, 0],
    ]);
    const actual = await download(upload(x)[name]() as AnyTensor);
    assertClose(actual, references[name](x), { relative: 1e-5, scale: 1e-30 }, name);
  });

  test(`${name}: gradients`, async () => {
    for (const [shape, axis] of [
      [[3, 5], -1],
      [[2, 4, 3], 1],
      [[6], 0],
    ] as [number[], number][]) {
      const subject = {
        name: `${name} along ${axis} of [${shape}]`,
        f: (x: AnyTensor) => x[name](axis) as AnyTensor,
        reference: (x: NdArray) => references[name](x, axis),
        inputs: [spread(shape, 1, [-2, 2])],
      };
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  });
}

test('softmax of nothing', () => {
  assert.equal(upload(new NdArray([0, 3])).softmax().shape, [0, 3]);
  assert.equal(upload(new NdArray([2, 0])).logSoftmax().shape, [2, 0]);
});

const reduced = (losses: NdArray, { reduction = 'mean' }: CrossEntropyOptions) => {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? mean(losses) : sum(losses);
};

for (const reduction of ['mean', 'sum', 'none'] as const) {
  test(`cross-entropy, reduction '${reduction}'`, async () => {
    await holds(
      [shapes({ max: 2, size: 60 }), fc.integer({ min: 1, max: 13 }), choices],
      async (examples, classes, pick) => {
        const { base, view, reference, name } = arrange([...examples, classes], pick);
        const logits = spread(base, pick[1]!, [-6, 6]);
        const labels = whole(examples, pick[2]!, 0, classes - 1);
        const dtype = (['i32', 'u32', 'u8'] as const)[pick[3]! % 3]!;
        const actual = loss(view(upload(logits)), upload(labels, dtype), { reduction });
        const losses = referenceLoss(reference(logits), labels.data);
        const expected = reduced(losses, { reduction });
        const scale = 6 * (reduction === 'sum' ? losses.size : 1);
        assertClose(await download(actual), expected, { relative: 2e-6, scale }, name);
      },
      4,
    );
  });

  test(`cross-entropy, reduction '${reduction}': gradients`, async () => {
    const labels = new NdArray([2, 3], [0, 4, 2, 2, 1, 3]);
    const subject = {
      name: reduction,
      f: (x: AnyTensor) => loss(x, upload(labels, 'u8'), { reduction }),
      reference: (x: NdArray) => reduced(referenceLoss(x, labels.data), { reduction }),
      inputs: [spread([2, 3, 5], 1, [-2, 2])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  });
}

test('the mean is what is taken when nothing is said', async () => {
  const logits = spread([4, 3], 1, [-2, 2]);
  const labels = upload(new NdArray([4], [0, 1, 2, 0]), 'i32');
  const [plain, said] = [
    loss(upload(logits), labels),
    loss(upload(logits), labels, { reduction: 'mean' }),
  ];
  assert.is(await plain.item(), await said.item());
});

test('logits that would overflow', async () => {
  const logits = NdArray.from([
    [1000, 0],
    [-1000, 1000],
  ]);
  const actual = await download(
    loss(upload(logits), upload(new NdArray([2], [0, 0]), 'i32'), { reduction: 'none' }),
  );
  assertClose(actual, NdArray.from([0, 2000]));
});

test('labels computed on the device that are no class give NaN', async () => {
  const labels = upload(new NdArray([3], [0, 3, -1]), 'i32').add(0) as AnyTensor;
  const losses = await download(loss(upload(new NdArray([3, 3])), labels, { reduction: 'none' }));
  assertClose(losses, NdArray.from([Math.log(3), Number.NaN, Number.NaN]));
});

test('what does not fit', () => {
  const x = (...shape: number[]) => upload(new NdArray(shape));
  const labels = (values: number[], dtype: 'i32' | 'f32' | 'bool' = 'i32') =>
    upload(new NdArray([values.length], values), dtype);
  refuses(() => loss(x(2, 3), labels([0, 3])), ShapeError, /label 3 is no class; .*\[2,3\] have 3/);
  refuses(() => loss(x(2, 3), labels([0, -1])), ShapeError, /label -1 is no class/);
  refuses(() => loss(x(2, 3), labels([0])), ShapeError, /\[2,3\] need one label for each row/);
  refuses(() => loss(x(), labels([0])), ShapeError, /^crossEntropy/);
  refuses(() => loss(x(2, 3), labels([0, 1], 'f32')), DTypeError, /labels are class numbers.*f32/);
  refuses(() => loss(x(2, 3), labels([0, 1], 'bool')), DTypeError, /bool/);
  refuses(() => loss(x(2, 3).cast('i32') as AnyTensor, labels([0, 1])), DTypeError, /takes f32/);
  refuses(() => x(2, 3).softmax(2), ShapeError, /^softmax: axis 2 does not exist/);
  refuses(() => x().logSoftmax(), ShapeError, /^logSoftmax: axis -1.*a scalar has no axes/);
  refuses(() => (x(2).cast('i32') as AnyTensor).softmax(), DTypeError, /^softmax takes f32/);
});

test.run();
