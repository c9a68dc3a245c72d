import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { topologicalThroughValues } from '../../../../src/graph/node.ts';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  grad,
  realize,
  ShapeError,
  scaledDotProductAttention,
  type Tensor,
  zeros,
} from '../../../../src/index.ts';
import { attentionInKernel } from '../../../../src/tensor/ops/attention/fused-attention.ts';
import { attentionInPlainOps } from '../../../../src/tensor/ops/attention/plain-attention.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { attention as attentionOf } from '../../../reference/attention.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: attention');

const HIDDEN = Number.NEGATIVE_INFINITY;

interface Drawn {
  readonly batch: number[];
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly outputs: number;
  readonly causal: boolean;
  /** Which axes the mask has of its own; none if undefined. */
  readonly masked: boolean[] | undefined;
}

const lengths = fc.constantFrom(1, 2, 3, 5, 8, 11);
const drawn: fc.Arbitrary<Drawn> = fc.record({
  batch: fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3 }),
  queries: lengths,
  keys: lengths,
  width: fc.constantFrom(1, 3, 4, 8),
  outputs: fc.constantFrom(1, 2, 4, 5, 12),
  causal: fc.boolean(),
  masked: fc.option(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { nil: undefined }),
});

/** Both ways to compute it, for operands with all leading axes. */
const ways = {
  'by way of memory': (
    [q, k, v]: readonly [Tensor, Tensor, Tensor],
    causal: boolean,
    mask?: Tensor,
  ) => attentionInPlainOps(q, k, v, { causal, scale: 0.6, mask }),
  'in a kernel': ([q, k, v]: readonly [Tensor, Tensor, Tensor], causal: boolean, mask?: Tensor) =>
    attentionInKernel(q, k, v, q.shape.slice(0, -2), { causal, scale: 0.6, mask }),
};

function operandsOf({ batch, queries, keys, width, outputs }: Drawn) {
  return [
    spread([...batch, queries, width], 1, [-2, 2]),
    spread([...batch, keys, width], 2, [-2, 2]),
    spread([...batch, keys, outputs], 3, [-1, 1]),
  ] as const;
}

function maskOf({ batch, queries, keys, masked }: Drawn, hides: boolean): NdArray | undefined {
  if (!masked) return undefined;
  const whole = [...batch, queries, keys];
  const shape = whole.map((size, axis) => (masked[axis] ? size : 1));
  return spread(shape, 4, [-2, 1]).map((x) => (hides && x < -1 ? HIDDEN : x));
}

for (const [name, attend] of Object.entries(ways)) {
  test(`${name}: values`, async () => {
    await holds([drawn], async (of) => {
      const [q, k, v] = operandsOf(of);
      const mask = maskOf(of, true);
      const scoring = { causal: of.causal, scale: 0.6, ...(mask && { mask }) };
      const given = [upload(q), upload(k), upload(v)] as const;
      const actual = attend(given, of.causal, mask && upload(mask));
      const expected = attentionOf(q, k, v, scoring);
      assertClose(await download(actual), expected, { relative: 2e-6, scale: 1 }, name);
    });
  });

  for (const [what, masked] of [
    ['no mask', undefined],
    ['a mask of keys', [true, false, false, true]],
    ['one of all scores', [false, true, true, true]],
  ] as const) {
    test(`${name}: gradients, ${what}`, async () => {
      const of = { batch: [2, 2], queries: 3, keys: 4, width: 3, outputs: 2, causal: true };
      const sizes: Drawn = { ...of, masked: masked && [...masked] };
      const mask = maskOf(sizes, false);
      const subject = {
        name: `${name}, ${what}`,
        f: (q: Tensor, k: Tensor, v: Tensor, m?: Tensor) => attend([q, k, v], true, m),
        reference: (q: NdArray, k: NdArray, v: NdArray, m?: NdArray) =>
          attentionOf(q, k, v, { causal: true, scale: 0.6, ...(m && { mask: m }) }),
        inputs: [...operandsOf(sizes), ...(mask ? [mask] : [])],
      } as Parameters<typeof assertGradients>[0];
      await assertGradients(subject);
      await assertSecondGradients(subject);
    });
  }

  test(`${name}: a query that sees nothing comes to 0, and moves nothing`, async () => {
    const operands = [0, 1, 2].map((i) => upload(spread([1, 3, 4], i, [-1, 1]))) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const mask = upload(new NdArray([3, 3], [HIDDEN, HIDDEN, HIDDEN, 0, HIDDEN, 0, 0, 0, 0]));
    const output = attend(operands, false, mask);
    const gradients = grad(output.square().sum(), [...operands, mask]);
    await realize(output, ...gradients);
    assert.equal([...(await output.data()).slice(0, 4)], [0, 0, 0, 0]);
    for (const gradient of gradients) {
      assert.ok([...(await gradient.data())].every(Number.isFinite), 'a gradient is not finite');
    }
    assert.equal([...(await gradients[0]!.data()).slice(0, 4)], [0, 0, 0, 0]);
  });

  test(`${name}: a NaN spoils what sees it`, async () => {
    const data = [0, 1, 2].map((i) => spread([1, 6, 4], i, [-1, 1]));
    data[1]!.data[4 * 3] = Number.NaN;
    const output = attend(data.map((x) => upload(x)) as [Tensor, Tensor, Tensor], true);
    const rows = [0, 1, 2, 3, 4, 5].map((row) => row >= 3);
    const spoilt = [...(await output.data())].map(Number.isNaN);
    assert.equal(
      spoilt,
      rows.flatMap((is) => [is, is, is, is]),
    );
  });
}

test('as the public function gives it', async () => {
  const [q, k, v] = [1, 2, 3].map((seed) => spread([2, 3, 5, 4], seed, [-1, 1])) as [
    NdArray,
    NdArray,
    NdArray,
  ];
  const given = [upload(q), upload(k), upload(v)] as const;
  const close = async (actual: AnyTensor, expected: NdArray) =>
    assertClose(await download(actual), expected, { relative: 2e-6, scale: 1 });
  await close(scaledDotProductAttention(...given), attentionOf(q, k, v, { scale: 0.5 }));
  // A sum of dropped weights is as long as its mean is that of all.
  const ones = upload(spread([2, 3, 5, 4], 1, [1, 1]));
  const dropped = scaledDotProductAttention(given[0], given[1], ones, { dropout: 0.5 });
  assert.ok(Math.abs((await dropped.mean().item()) - 1) < 0.3);
  assert.equal(
    await scaledDotProductAttention(...given, { dropout: 1 })
      .sum()
      .item(),
    0,
  );

  const open = spread([3, 1, 5], 4, [-1, 1]).map((x) => (x > -0.5 ? 1 : 0));
  const mask = open.map((x) => (x ? 0 : HIDDEN));
  await close(
    scaledDotProductAttention(...given, { mask: upload(open, 'bool'), scale: 2 }),
    attentionOf(q, k, v, { scale: 2, mask }),
  );
  // One set of keys for all heads.
  await close(
    scaledDotProductAttention(given[0], given[1].slice([0, 1], [2, 2]), given[2]),
    attentionOf(q, k.slice([0, 1, 0, 0], [2, 1, 5, 4]).expand([2, 3, 5, 4]), v, { scale: 0.5 }),
  );
});

test('long sequences have no scores in memory, with their gradients', async () => {
  const [q, k, v] = [1, 2, 3].map((seed) => upload(spread([1, 520, 3], seed, [-1, 1])));
  const y = scaledDotProductAttention(q!, k!, v!, { causal: true });
  const gradients = grad(y.square().sum(), [q!, k!, v!]);
  const nodes = topologicalThroughValues([y, ...gradients].map(({ node }) => node));
  assert.ok(nodes.every(({ shape }) => shape.reduce((a, b) => a * b, 1) < 520 * 520));
  const reference = attentionOf(
    ...([1, 2, 3].map((seed) => spread([1, 520, 3], seed, [-1, 1])) as [NdArray, NdArray, NdArray]),
    { causal: true, scale: 1 / Math.sqrt(3) },
  );
  assertClose(await download(y), reference, { relative: 2e-6, scale: 1 });
});

test('of nothing', async () => {
  const nothing = (queries: number, keys: number, width: number) =>
    scaledDotProductAttention(
      zeros([2, queries, width]),
      zeros([2, keys, width]),
      zeros([2, keys, 3]),
    );
  assert.equal(nothing(0, 4, 2).shape, [2, 0, 3]);
  assert.equal(await nothing(1, 0, 2).array(), [[[0, 0, 0]], [[0, 0, 0]]]);
  assert.equal(await nothing(1, 2, 0).array(), [[[0, 0, 0]], [[0, 0, 0]]]);
});

test('what does not fit', () => {
  const x = (...shape: number[]): Tensor => upload(new NdArray(shape));
  const attend = scaledDotProductAttention;
  refuses(() => attend(x(3), x(2, 3), x(2, 3)), ShapeError, /needs \[\.\.\., length, width\] each/);
  refuses(() => attend(x(2, 3), x(2, 4), x(2, 3)), ShapeError, /must be equally wide/);
  refuses(() => attend(x(2, 3), x(2, 3), x(4, 3)), ShapeError, /a value for each key/);
  refuses(() => attend(x(2, 2, 3), x(3, 2, 3), x(2, 3)), ShapeError, /broadcast/);
  const same = [x(2, 3), x(2, 3), x(2, 3)] as const;
  refuses(
    () => attend(...same, { mask: x(3, 2) }),
    ShapeError,
    /must broadcast to the scores \[2,2\]/,
  );
  refuses(
    () => attend(...same, { mask: zeros([2, 2], { dtype: 'i32' }) }),
    DTypeError,
    /mask must be bool, which keys are seen, or f32/,
  );
  refuses(() => attend(...same, { dropout: 2 }), ArgumentError, /dropout 2 must be/);
  refuses(
    () => attend(...same, { isCausal: true } as object),
    ArgumentError,
    /no option 'isCausal'/,
  );
  const whole = zeros([2, 3], { dtype: 'i32' }) as unknown as Tensor;
  refuses(() => attend(x(2, 3), whole, x(2, 3)), DTypeError, /takes f32, got i32/);
});

test.run();
