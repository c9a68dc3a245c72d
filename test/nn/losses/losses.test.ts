import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  binaryCrossEntropy,
  DTypeError,
  grad,
  hinge,
  huber,
  klDivergence,
  type LossOptions,
  meanAbsoluteError,
  meanSquaredError,
  ShapeError,
  type Tensor,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { sigmoid } from '../../reference/elementwise.ts';
import * as reference from '../../reference/losses.ts';
import { logSoftmax, softmax } from '../../reference/softmax.ts';
import { shapes, spread, whole } from '../../tensor/arbitraries.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { holds } from '../../tensor/property.ts';
import { refuses } from '../../tensor/refusal.ts';
import { download, rounded, upload } from '../../tensor/transfer.ts';

const test = suite('losses');

interface Subject {
  readonly loss: (outputs: AnyTensor, targets: AnyTensor, options?: LossOptions) => Tensor;
  readonly expected: (outputs: NdArray, targets: NdArray) => NdArray;
  readonly outputs: (shape: readonly number[], seed: number) => NdArray;
  readonly targets: (shape: readonly number[], seed: number) => NdArray;
}

const between = (low: number, high: number) => (shape: readonly number[], seed: number) =>
  spread(shape, seed, [low, high]);
const wide = between(-4, 4);
const distributions = (shape: readonly number[], seed: number) =>
  rounded(softmax(wide(shape, seed)));

const subjects: Record<string, Subject> = {
  meanSquaredError: {
    loss: meanSquaredError,
    expected: reference.squaredError,
    outputs: wide,
    targets: wide,
  },
  meanAbsoluteError: {
    loss: meanAbsoluteError,
    expected: reference.absoluteError,
    outputs: wide,
    targets: wide,
  },
  huber: {
    loss: huber,
    expected: (y, t) => reference.huberError(y, t, 1),
    outputs: wide,
    targets: wide,
  },
  'huber with a delta of 2.5': {
    loss: (y, t, options) => huber(y, t, { ...options, delta: 2.5 }),
    expected: (y, t) => reference.huberError(y, t, 2.5),
    outputs: wide,
    targets: wide,
  },
  hinge: {
    loss: hinge,
    expected: reference.hingeLoss,
    outputs: wide,
    targets: (shape, seed) => whole(shape, seed, 0, 1).map((t) => 2 * t - 1),
  },
  'binaryCrossEntropy of logits': {
    loss: binaryCrossEntropy,
    expected: reference.binaryCrossEntropyOfLogits,
    outputs: between(-20, 20),
    targets: between(0, 1),
  },
  'binaryCrossEntropy of probabilities': {
    loss: (y, t, options) => binaryCrossEntropy(y, t, { ...options, from: 'probabilities' }),
    expected: reference.binaryCrossEntropy,
    outputs: between(0.01, 0.99),
    targets: between(0, 1),
  },
  'klDivergence of logits': {
    loss: klDivergence,
    expected: (y, t) => reference.divergence(logSoftmax(y), t),
    outputs: wide,
    targets: distributions,
  },
  'klDivergence of probabilities': {
    loss: (y, t, options) => klDivergence(y, t, { ...options, from: 'probabilities' }),
    expected: (y, t) => reference.divergence(reference.normalized(y).map(Math.log), t),
    outputs: between(0.1, 1),
    targets: distributions,
  },
};

for (const [name, { loss, expected, outputs, targets }] of Object.entries(subjects)) {
  test(`${name}, with each reduction`, async () => {
    await holds(
      [shapes({ min: 1, max: 3, size: 100 }), fc.constantFrom('mean', 'sum', 'none')],
      async (shape, reduction) => {
        const [y, t] = [outputs(shape, 1), targets(shape, 2)];
        const actual = await download(loss(upload(y), upload(t), { reduction }));
        const wanted = reference.reduced(expected(y, t), reduction);
        const scale = 20 * (reduction === 'sum' ? shape[0]! : 1);
        assertClose(actual, wanted, { relative: 3e-6, scale }, `${reduction} of [${shape}]`);
      },
      6,
    );
  });

  test(`${name}: gradients`, async () => {
    const inputs = [outputs([2, 5], 3), targets([2, 5], 4)];
    const subject = {
      name,
      f: (y: AnyTensor, t: AnyTensor) => loss(y, t),
      reference: (y: NdArray, t: NdArray) => reference.reduced(expected(y, t), 'mean'),
      inputs,
    };
    await assertGradients(subject);
    await assertSecondGradients({
      ...subject,
      f: (y) => loss(y, upload(inputs[1]!)),
      reference: (y) => subject.reference(y, inputs[1]!),
      inputs: [inputs[0]!],
    });
  });

  test(`${name} refuses outputs and targets of different shapes`, () => {
    const x = (...shape: number[]) => upload(new NdArray(shape));
    const op = name.split(' ')[0];
    refuses(
      () => loss(x(4, 1), x(4)),
      ShapeError,
      new RegExp(`^${op}: outputs \\[4,1\\] and targets \\[4\\]`),
    );
    refuses(() => loss(x(4).cast('i32'), x(4)), DTypeError, new RegExp(`^${op} takes f32`));
    const wrong = { reduction: 'average' } as unknown as LossOptions;
    refuses(() => loss(x(4, 2), x(4, 2), wrong), ArgumentError, /reduction 'average'/);
  });
}

test('targets may be whole numbers or truth values', async () => {
  const logits = upload(NdArray.from([0, 2, -3]));
  const expected = [Math.log(2), Math.log1p(Math.exp(-2)), Math.log1p(Math.exp(-3))];
  for (const dtype of ['u8', 'i32', 'bool'] as const) {
    const targets = upload(NdArray.from([1, 1, 0]), dtype);
    const losses = await download(binaryCrossEntropy(logits, targets, { reduction: 'none' }));
    assertClose(losses, NdArray.from(expected), { relative: 1e-5 }, dtype);
  }
});

test('what would overflow or be infinite', async () => {
  const each = { reduction: 'none' } as const;
  const logits = upload(NdArray.from([1e4, -1e4, 1e4]));
  const of = binaryCrossEntropy(logits, upload(NdArray.from([0, 0, 1])), each);
  assertClose(await download(of), NdArray.from([1e4, 0, 0]));
  const sure = upload(NdArray.from([0, 1]));
  const wrong = binaryCrossEntropy(sure, upload(NdArray.from([1, 0])), {
    from: 'probabilities',
    ...each,
  });
  const most = [...(await download(wrong)).data];
  assert.ok(
    most.every((loss) => loss > 15 && loss < 16.2),
    `${most}`,
  );
  const far = upload(NdArray.from([[1000, 0]]));
  assert.is(await klDivergence(far, upload(NdArray.from([[0, 1]]))).item(), 1000);
  assert.is(await klDivergence(far, upload(NdArray.from([[1, 0]]))).item(), 0);
});

test('the mean of nothing is 0', async () => {
  const x = upload(new NdArray([0, 3]));
  assert.is(await meanSquaredError(x, x).item(), 0);
  assert.equal(meanSquaredError(x, x, { reduction: 'none' }).shape, [0]);
});

test('options that make no sense', () => {
  const x = upload(new NdArray([2]));
  refuses(
    () => huber(x, x, { delta: 0 }),
    ArgumentError,
    /^huber: delta 0 must be a number above 0/,
  );
  const from = 'odds' as unknown as 'logits';
  refuses(() => binaryCrossEntropy(x, x, { from }), ArgumentError, /from 'odds'/);
  refuses(() => klDivergence(x, x, { from }), ArgumentError, /from 'odds'/);
  const scalar = upload(new NdArray([]));
  refuses(() => klDivergence(scalar, scalar), ShapeError, /^klDivergence: a scalar/);
});

test('small binary cross-entropies keep their digits, and so do their gradients', async () => {
  const x = NdArray.from([5, 10, 16, 20, 60, -5, -20, -60, 0, 3, 30]);
  const t = NdArray.from([1, 1, 1, 1, 1, 0, 0, 0, 1, 0.9999, 0.5]);
  const logits = upload(x);
  const loss = binaryCrossEntropy(logits, upload(rounded(t)), { reduction: 'none' });
  const expected = reference.binaryCrossEntropyOfLogits(x, rounded(t));
  assertClose(await download(loss), expected, { relative: 1e-6 }, 'loss');
  const [slope] = grad(loss.sum(), [logits]);
  const slopes = x.zip(rounded(t), (a, b) => (1 - b) * sigmoid(a) - b * sigmoid(-a));
  assertClose(await download(slope), slopes, { relative: 1e-6 }, 'gradient');

  const p = rounded(NdArray.from([1e-9, 1e-20, 1 - 2 ** -23, 0.5, 1e-3]));
  const labels = NdArray.from([0, 0, 1, 1, 0]);
  const options = { from: 'probabilities', reduction: 'none' } as const;
  const losses = binaryCrossEntropy(upload(p), upload(labels), options);
  const exact = p.zip(labels, (a, b) => (b === 1 ? -Math.log(a) : -Math.log1p(-a)));
  assertClose(await download(losses), exact, { relative: 1e-6 }, 'of probabilities');
});

test.run();
