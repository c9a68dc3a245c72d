import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, type DType, DTypeError } from '../../../src/index.ts';
import { type UnaryName, unary } from '../../../src/tensor/ops/unary.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { unary as references } from '../../reference/elementwise.ts';
import { choices, extremes, maybeEmptyShapes, spread, whole } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: unary ops');

interface Facts {
  readonly vjp?: unknown;
  readonly accepts?: readonly DType[];
  readonly result?: DType;
  readonly domain?: readonly [number, number];
}
const records = Object.entries(unary) as [UnaryName, Facts][];

// Where it is less than usual: what WGSL promises (its section on accuracy), generously, of the
// exponential, which loses more the larger its operand, and of sine and cosine, 2⁻¹¹ absolutely; the
// scale is added to the size of the result. docs/accuracy.md has all bounds.
const accuracy: Partial<Record<UnaryName, { relative: number; scale: number }>> = {
  exp: { relative: 1e-5, scale: 0 },
  sin: { relative: 1e-6, scale: 1 },
  cos: { relative: 1e-6, scale: 1 },
  tan: { relative: 2e-6, scale: 0 },
  acosh: { relative: 2e-6, scale: 0 },
  softplus: { relative: 1e-6, scale: 0 },
  geluTanh: { relative: 2e-5, scale: 0 },
};

const apply = (name: UnaryName, x: AnyTensor) =>
  (x as unknown as Record<UnaryName, () => AnyTensor>)[name]();

/** Where ops with kinks (steps at whole and half numbers, corners at 0) are smooth. */
function smoothPoints(shape: readonly number[], seed: number, domain: readonly [number, number]) {
  const [low, high] = [Math.max(domain[0] + 0.25, -4), Math.min(domain[1] - 0.25, 4)];
  return spread(shape, seed, [low, high]).map((x) => Math.fround(Math.floor(x * 8) / 8 + 0.0601));
}

for (const [name, { accepts = ['f32', 'f16'], vjp, domain }] of records) {
  test(`${name}: values`, async () => {
    const reference = references[name];
    assert.ok(reference, `test/reference/elementwise.ts has no '${name}'`);
    if (!accepts.includes('f32')) return;
    await holds(
      [maybeEmptyShapes, choices, fc.nat(99)],
      async (shape, pick, seed) => {
        const { base, view, reference: arranged, name: how } = arrange(shape, pick);
        const x = domain ? spread(base, seed, domain) : extremes(base, seed);
        const actual = await download(apply(name, view(upload(x))));
        assertClose(actual, arranged(x).map(reference!), accuracy[name], `${name} of ${how}`);
      },
      3,
    );
  });

  if (vjp) {
    test(`${name}: gradient`, async () => {
      const inputs = (shape: number[]) => [smoothPoints(shape, 7, domain ?? [-5, 5])];
      const subject = {
        name,
        f: (x: AnyTensor) => apply(name, x),
        reference: (x: NdArray) => x.map(references[name]!),
      };
      for (const shape of [[], [3, 8]]) {
        await assertGradients({ ...subject, inputs: inputs(shape) });
      }
      await assertSecondGradients({ ...subject, inputs: inputs([3, 7]) });
    });
  }

  const refused = (['f32', 'f16', 'i32', 'u32', 'bool', 'u8'] as const).filter(
    (dtype) => !accepts.includes(dtype),
  );
  test(`${name}: dtypes`, async () => {
    for (const dtype of refused) {
      const x = upload(new NdArray([2, 2], [1, 0, 1, 0]), dtype);
      assert.throws(
        () => apply(name, x),
        (error: Error) =>
          error instanceof DTypeError && error.message.startsWith(`${name} takes ${accepts[0]}`),
      );
    }
    const limits: Record<string, [number, number]> = {
      i32: [-1000, 1000],
      u32: [0, 1000],
      bool: [0, 1],
    };
    for (const dtype of ['i32', 'u32', 'bool'] as const) {
      if (!accepts.includes(dtype)) continue;
      const x = whole([3, 5], 3, ...limits[dtype]!);
      const y = apply(name, upload(x, dtype));
      assert.is(y.dtype, dtype);
      const expected = x.map(references[name]!);
      const wrapped = dtype === 'bool' ? expected : expected.cast(dtype, 'i32');
      assertSame(await download(y), wrapped, `${name} of ${dtype}`);
    }
  });
}

test('what is not a number stays so', async () => {
  const values = new NdArray([5], [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 2]);
  const x = upload(values);
  const odd = ['sign', 'isNan', 'isFinite', 'isInf', 'logicalNot', 'bitwiseNot'];
  for (const [name] of records.filter(([name]) => !odd.includes(name))) {
    const actual = await download(x[name]());
    const expected = values.map(references[name]!);
    // Angles so large that WGSL promises nothing of them are left out.
    if (!['sin', 'cos'].includes(name)) {
      assertClose(actual, expected, { relative: 1e-6, scale: 1 }, name);
    }
    assert.ok(Number.isNaN(actual.data[0]), name);
  }
  assertSame(await download(x.isNan()), values.map(references.isNan!), 'isNan');
});

test('limits at both ends', async () => {
  const ends = new NdArray([4], [-100, 100, -3e38, 3e38]);
  const x = upload(ends);
  for (const name of ['sigmoid', 'tanh', 'softplus', 'erf'] as const) {
    const actual = await download(x[name]());
    assertClose(actual, ends.map(references[name]!), { relative: 1e-6, scale: 1e-30 }, name);
  }
});

test('results have the dtype they should', () => {
  const x = upload(new NdArray([2], [1, 2]));
  assert.is(x.isNan().dtype, 'bool');
  assert.is(x.exp().dtype, 'f32');
});

test.run();
