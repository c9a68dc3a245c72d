import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  type CrossEntropyOptions,
  crossEntropy,
  DTypeError,
  full,
  grad,
  optim,
  ShapeError,
  Variable,
  where,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { normalized, oneHot, reduced, weightedCrossEntropy } from '../../reference/losses.ts';
import { mean, sum } from '../../reference/reductions.ts';
import { logSoftmax, crossEntropy as ofLabels, softmax } from '../../reference/softmax.ts';
import { choices, shapes, spread, whole } from '../../tensor/arbitraries.ts';
import { arrange } from '../../tensor/arrangements.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { holds } from '../../tensor/property.ts';
import { refuses, rejects } from '../../tensor/refusal.ts';
import { download, rounded, upload } from '../../tensor/transfer.ts';

const test = suite('losses: cross-entropy');

/** The whole definition in f64, for targets that are probabilities. */
function reference(logits: NdArray, targets: NdArray, options: CrossEntropyOptions = {}): NdArray {
  const { labelSmoothing = 0, classWeights, reduction = 'mean' } = options;
  const classes = logits.shape.at(-1)!;
  const weights = new NdArray([classes], classWeights ?? new Array(classes).fill(1));
  const smooth = targets.map((t) => t * (1 - labelSmoothing) + labelSmoothing / classes);
  const losses = weightedCrossEntropy(logSoftmax(logits), smooth, weights);
  if (reduction !== 'mean') return reduced(losses, reduction);
  const shares = targets.zip(weights, (t, w) => t * w);
  return sum(losses).zip(sum(shares), (a, b) => a / b);
}

for (const reduction of ['mean', 'sum', 'none'] as const) {
  test(`of class numbers, reduction '${reduction}'`, async () => {
    await holds(
      [shapes({ max: 2, size: 60 }), fc.integer({ min: 1, max: 13 }), choices],
      async (examples, classes, pick) => {
        const { base, view, reference: seen, name } = arrange([...examples, classes], pick);
        const logits = spread(base, pick[1]!, [-6, 6]);
        const labels = whole(examples, pick[2]!, 0, classes - 1);
        const dtype = (['i32', 'u32', 'u8'] as const)[pick[3]! % 3]!;
        const actual = crossEntropy(view(upload(logits)), upload(labels, dtype), { reduction });
        const losses = ofLabels(seen(logits), labels.data);
        const scale = 6 * (reduction === 'sum' ? losses.size : 1);
        const expected = reduced(losses, reduction);
        assertClose(await download(actual), expected, { relative: 2e-6, scale }, name);
      },
      4,
    );
  });

  test(`of class numbers, reduction '${reduction}': gradients`, async () => {
    const labels = new NdArray([2, 3], [0, 4, 2, 2, 1, 3]);
    const subject = {
      name: reduction,
      f: (x: AnyTensor) => crossEntropy(x, upload(labels, 'u8'), { reduction }),
      reference: (x: NdArray) => reduced(ofLabels(x, labels.data), reduction),
      inputs: [spread([2, 3, 5], 1, [-2, 2])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  });
}

const options: fc.Arbitrary<CrossEntropyOptions> = fc.record({
  reduction: fc.constantFrom('mean', 'sum', 'none'),
  labelSmoothing: fc.constantFrom(0, 0.1, 0.75),
});

test('of class numbers and probabilities, smoothed and weighted', async () => {
  await holds(
    [shapes({ min: 1, max: 2, size: 30 }), fc.integer({ min: 1, max: 7 }), options, fc.boolean()],
    async (examples, classes, chosen, weighted) => {
      const classWeights = [...spread([classes], 8, [0.25, 4]).data];
      const all = weighted ? { ...chosen, classWeights } : chosen;
      const logits = spread([...examples, classes], 1, [-6, 6]);
      const labels = whole(examples, 2, 0, classes - 1);
      const ones = oneHot(labels, classes);
      const closeness = { relative: 1e-5, scale: 24 * examples[0]! };
      const expected = reference(logits, ones, all);
      for (const targets of [upload(labels, 'i32'), upload(ones)]) {
        const actual = await download(crossEntropy(upload(logits), targets, all));
        assertClose(actual, expected, closeness, JSON.stringify(all));
      }
      const soft = rounded(softmax(spread([...examples, classes], 3, [-2, 2])));
      const actual = await download(crossEntropy(upload(logits), upload(soft), all));
      assertClose(actual, reference(logits, soft, all), closeness, JSON.stringify(all));
    },
    6,
  );
});

test('smoothed and weighted: gradients, also by the targets', async () => {
  const all: CrossEntropyOptions = { labelSmoothing: 0.2, classWeights: [1, 0.5, 3, 2] };
  const labels = new NdArray([3], [2, 0, 3]);
  const numbers = {
    f: (x: AnyTensor) => crossEntropy(x, upload(labels, 'i32'), all),
    reference: (x: NdArray) => reference(x, oneHot(labels, 4), all),
    inputs: [spread([3, 4], 1, [-2, 2])],
  };
  await assertGradients(numbers);
  await assertSecondGradients(numbers);
  await assertGradients({
    f: (x, t) => crossEntropy(x, t, all),
    reference: (x, t) => reference(x, t, all),
    inputs: [spread([3, 4], 1, [-2, 2]), spread([3, 4], 2, [0.1, 1])],
  });
});

test('from probabilities: those of a softmax give what its logits give', async () => {
  const logits = spread([5, 4], 1, [-3, 3]);
  const labels = new NdArray([5], [0, 3, 1, 2, 2]);
  const p = rounded(softmax(logits).map((x) => 3 * x));
  const actual = crossEntropy(upload(p), upload(labels, 'u8'), { from: 'probabilities' });
  const expected = mean(ofLabels(p.map(Math.log), labels.data));
  assertClose(await download(actual), expected, { relative: 1e-5 });
  await assertGradients({
    f: (x) => crossEntropy(x, upload(labels, 'u8'), { from: 'probabilities' }),
    reference: (x) =>
      mean(
        weightedCrossEntropy(normalized(x).map(Math.log), oneHot(labels, 4), NdArray.full([4], 1)),
      ),
    inputs: [p],
  });
});

test('an impossible class costs much, not infinitely much', async () => {
  const loss = crossEntropy(upload(NdArray.from([[1, 0]])), upload(NdArray.from([1]), 'i32'), {
    from: 'probabilities',
  });
  assert.ok(Math.abs((await loss.item()) + Math.log(1e-7)) < 1e-4);
});

test('the mean of all is what is taken when nothing is said; of none it is 0', async () => {
  const logits = upload(spread([4, 3], 1, [-2, 2]));
  const labels = upload(new NdArray([4], [0, 1, 2, 0]), 'i32');
  const [plain, said] = [
    crossEntropy(logits, labels),
    crossEntropy(logits, labels, { reduction: 'mean' }),
  ];
  assert.is(await plain.item(), await said.item());
  const [nothing, none] = [upload(new NdArray([0, 3])), upload(new NdArray([0]), 'i32')];
  assert.is(await crossEntropy(nothing, none, { classWeights: [1, 2, 3] }).item(), 0);
  assert.equal(crossEntropy(nothing, none, { reduction: 'none' }).shape, [0]);
});

test('logits that would overflow', async () => {
  const logits = upload(
    NdArray.from([
      [1000, 0],
      [-1000, 1000],
    ]),
  );
  const zeros = new NdArray([2]);
  for (const targets of [upload(zeros, 'i32'), upload(oneHot(zeros, 2))]) {
    const losses = await download(crossEntropy(logits, targets, { reduction: 'none' }));
    assertClose(losses, NdArray.from([0, 2000]));
  }
});

test('a masked class: one-hot targets, smooth ones and class numbers agree', async () => {
  const inf = Number.POSITIVE_INFINITY;
  const logits = NdArray.from([
    [1, -inf, 0.5],
    [-inf, 2, -inf],
    [0, -1, -inf],
  ]);
  const labels = new NdArray([3], [2, 1, 0]);
  for (const classWeights of [undefined, [1, 0.5, 2], [1, 0, 2]]) {
    const options = { ...(classWeights && { classWeights }), reduction: 'none' } as const;
    const weights = new NdArray([3], classWeights ?? [1, 1, 1]);
    const finite = logits.map((v) => Math.max(v, -1e4));
    const expected = weightedCrossEntropy(logSoftmax(finite), oneHot(labels, 3), weights);
    for (const targets of [upload(labels, 'i32'), upload(oneHot(labels, 3))]) {
      const x = upload(logits);
      const losses = crossEntropy(x, targets, options);
      assertClose(await download(losses), expected, { scale: 1 });
      const [slope] = grad(losses.sum(), [x]);
      const slopes = softmax(finite)
        .zip(oneHot(labels, 3), (p, t) => p - t)
        .zip(
          NdArray.build([3, 3], ([row]) => weights.data[labels.data[row!]!]!),
          (d, w) => d * w,
        );
      assertClose(await download(slope), slopes, { scale: 1 });
    }
  }
  const target = upload(NdArray.from([[0, 1, 0]]));
  const loss = crossEntropy(upload(NdArray.from([[0, -inf, 0]])), target, { reduction: 'none' });
  assert.equal(await loss.array(), [inf]);
});

test('labels computed on the device that are no class give NaN', async () => {
  const labels = upload(new NdArray([3], [0, 3, -1]), 'i32').add(0);
  const logits = upload(new NdArray([3, 3]));
  for (const more of [{}, { labelSmoothing: 0.1 }, { classWeights: [1, 1, 1] }]) {
    const losses = crossEntropy(logits, labels, { reduction: 'none', ...more });
    const seen = where(losses.equal(losses), losses, full([3], -1));
    assertClose(await download(seen), NdArray.from([Math.log(3), -1, -1]), { relative: 1e-5 });
  }
});

test('read from the loss itself, they are named with their place', async () => {
  // Anew for each: what has been read is known on the host.
  const labels = () => upload(new NdArray([3], [0, 3, -1]), 'i32').add(0);
  const logits = upload(new NdArray([3, 3]));
  const message =
    /label 3 at position 1 of labels \[3\] is no class.*have 3, from 0 to 2.*start at 1/;
  await rejects(() => crossEntropy(logits, labels()).item(), ShapeError, message);
  await rejects(
    () => crossEntropy(logits, labels(), { reduction: 'none' }).data(),
    ShapeError,
    message,
  );
  const weight = new Variable(logits);
  const loss = crossEntropy(weight.value, labels());
  await optim.sgd([weight]).step(loss);
  await rejects(() => loss.item(), ShapeError, message);
  // In what was computed of it too, when a step has let go of what that was computed from.
  const derived = crossEntropy(weight.value, labels()).add(weight.value.square().mean());
  await rejects(() => derived.item(), ShapeError, message);
  const stepped = crossEntropy(weight.value, labels()).add(1);
  await optim.sgd([weight]).step(stepped);
  await rejects(() => stepped.item(), ShapeError, message);
  const [slope] = grad(crossEntropy(weight.value, labels()).mul(2), [weight]);
  await rejects(() => slope.data(), ShapeError, message);
  // A NaN that comes from the outputs is one.
  const right = upload(new NdArray([3]), 'i32').add(0);
  assert.ok(Number.isNaN(await crossEntropy(logits.mul(Number.NaN), right).item()));
});

test('probabilities may be f16', async () => {
  const [logits, soft] = [
    [0.5, -1, 2],
    [0.25, 0.25, 0.5],
  ].map((values) => new NdArray([1, 3], values));
  const losses = (['f32', 'f16'] as const).map((dtype) =>
    crossEntropy(upload(logits!), upload(soft!, dtype)).item(),
  );
  const [whole, half] = await Promise.all(losses);
  assert.is(half, whole);
});

test('ignored labels have no loss and no gradient, and the mean is over the others', async () => {
  const rows = new NdArray([4, 3], [1, 2, 3, 0.5, -1, 2, 2, 2, -3, 0, 1, 0]);
  const labels = upload(new NdArray([4], [0, -100, 1, 2]), 'i32');
  // As PyTorch 1.13 gives them.
  const expected: [CrossEntropyOptions, number, number[]][] = [
    [{}, 1.5518536567687988, [2.4076058864593506, 0, 0.6965104937553406, 1.55144464969635]],
    [
      { classWeights: [1, 2, 0.5] },
      1.3075283765792847,
      [2.4076058864593506, 0, 1.3930209875106812, 0.775722324848175],
    ],
    [
      { labelSmoothing: 0.1 },
      1.562964677810669,
      [2.3076059818267822, 0, 0.8631771802902222, 1.5181113481521606],
    ],
  ];
  const near = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} ${expected}`);
  for (const [options, mean, each] of expected) {
    const own = { ...options, ignoreIndex: -100 };
    near(await crossEntropy(upload(rows), labels, own).item(), mean);
    const none = await crossEntropy(upload(rows), labels, { ...own, reduction: 'none' }).data();
    each.forEach((loss, i) => {
      near(none[i]!, loss);
    });
    const x = upload(rows);
    const [gradient] = grad(crossEntropy(x, labels, own), [x]);
    assert.equal([...(await gradient!.data())].slice(3, 6), [0, 0, 0]);
  }
  const all = upload(new NdArray([4], [7, 7, 7, 7]), 'i32');
  assert.ok(Number.isNaN(await crossEntropy(upload(rows), all, { ignoreIndex: 7 }).item()));
});

test('what does not fit', () => {
  const x = (...shape: number[]) => upload(new NdArray(shape));
  const labels = (values: number[], dtype: 'i32' | 'f32' | 'f16' | 'bool' = 'i32') =>
    upload(new NdArray([values.length], values), dtype);
  const loss = crossEntropy;
  refuses(
    () => loss(x(2, 3), labels([0, 3])),
    ShapeError,
    /label 3 at position 1 .*no class; .*have 3/,
  );
  refuses(() => loss(x(2, 3), labels([0, -1])), ShapeError, /label -1 at .*no class/);
  refuses(() => loss(x(2, 3), labels([0])), ShapeError, /\[2,3\] need one label for each row/);
  refuses(() => loss(x(2, 3), x(3, 3)), ShapeError, /probabilities of their own shape.*f32\[3,3\]/);
  refuses(() => loss(x(), labels([0])), ShapeError, /^crossEntropy/);
  refuses(() => loss(x(2, 3), labels([0, 1], 'f32')), DTypeError, /labels are class numbers.*f32/);
  refuses(() => loss(x(2, 3), labels([0, 1], 'f16')), DTypeError, /labels are class numbers.*f16/);
  refuses(() => loss(x(2, 3), labels([0, 1], 'bool')), DTypeError, /bool/);
  refuses(() => loss(x(2, 3).cast('i32'), labels([0, 1])), DTypeError, /takes f32/);
  const refusesOption = (all: unknown, message: RegExp) =>
    refuses(
      () => loss(x(2, 3), labels([0, 1]), all as CrossEntropyOptions),
      ArgumentError,
      message,
    );
  refusesOption({ labelSmoothing: 1 }, /labelSmoothing 1/);
  refusesOption({ classWeights: [1, 2] }, /classWeights \[1,2\] must be 3 numbers/);
  refusesOption({ classWeights: [1, 2, -1] }, /classWeights/);
  refusesOption({ from: 'logit' }, /from 'logit'/);
  refusesOption({ reduction: 'average' }, /reduction 'average'/);
});

test.run();
