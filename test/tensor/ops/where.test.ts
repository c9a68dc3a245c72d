import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, DTypeError, grad, ShapeError, where } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray, where as referenceWhere } from '../../reference/array.ts';
import { broadcastPairs, spread, whole } from '../arbitraries.ts';
import { arrange, pairOfChoices } from '../arrangements.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: where and clip');

// Types that know the shapes would refuse what these tests decide at run time.
const choose = where as unknown as (c: AnyTensor, a: AnyTensor, b: AnyTensor) => AnyTensor;

test('where: three operands that broadcast', async () => {
  await holds(
    [broadcastPairs, pairOfChoices, fc.nat(99)],
    async ({ a, b }, picks, seed) => {
      const test = arrange(a, picks[0], 1);
      const yes = arrange(b, picks[1]);
      const [c, x] = [whole(test.base, seed, 0, 1), spread(yes.base, seed, [-9, 9])];
      const no = new NdArray([], [seed]);
      const actual = choose(test.view(upload(c, 'bool')), yes.view(upload(x)), upload(no));
      assertSame(
        await download(actual),
        referenceWhere(test.reference(c), yes.reference(x), no),
        `${test.name}, ${yes.name}`,
      );
    },
    8,
  );
});

test('where takes values of every dtype', async () => {
  const condition = new NdArray([4], [1, 0, 0, 1]);
  for (const dtype of ['i32', 'u32', 'bool', 'u8'] as const) {
    const [a, b] = [whole([4], 1, 0, 1), whole([4], 2, 0, dtype === 'bool' ? 1 : 200)];
    const actual = choose(upload(condition, 'bool'), upload(a, dtype), upload(b, dtype));
    assert.is(actual.dtype, dtype);
    assertSame(await download(actual), referenceWhere(condition, a, b), dtype);
  }
});

test('where: what is not chosen does not matter', async () => {
  const x = new NdArray([3], [Number.NaN, 2, Number.POSITIVE_INFINITY]);
  const actual = choose(upload(x).less(5), upload(x), upload(NdArray.full([3], 0)));
  assertSame(await download(actual), new NdArray([3], [0, 2, 0]));
});

test('where: gradients', async () => {
  const condition = whole([3, 4], 5, 0, 1);
  const subject = {
    name: 'where',
    f: (a: AnyTensor, b: AnyTensor) => choose(upload(condition, 'bool'), a.mul(a), b),
    reference: (a: NdArray, b: NdArray) =>
      referenceWhere(
        condition,
        a.map((x) => x * x),
        b,
      ),
    inputs: [spread([3, 1], 1, [-2, 2]), spread([4], 2, [-2, 2])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('clip', async () => {
  const clipped = (x: NdArray) => x.map((v) => Math.min(Math.max(v, -1), 1.5));
  const x = spread([3, 7], 1, [-4, 4]);
  assertClose(await download(upload(x).clip(-1, 1.5)), clipped(x));
  const ends = new NdArray([4], [Number.NaN, Number.POSITIVE_INFINITY, -3e38, 1]);
  assertSame(await download(upload(ends).clip(-1, 1)), new NdArray([4], [Number.NaN, 1, -1, 1]));
  const whole3 = new NdArray([3], [-9, 4, 9]);
  assertSame(await download(upload(whole3, 'i32').clip(-5, 5)), new NdArray([3], [-5, 4, 5]));
  const subject = {
    name: 'clip',
    f: (t: AnyTensor) => t.clip(-1, 1.5).mul(t),
    reference: (t: NdArray) => clipped(t).zip(t, (a, b) => a * b),
    inputs: [spread([3, 7], 1, [-4, 4])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('what does not fit', () => {
  const bits = upload(new NdArray([2]), 'bool');
  const x = upload(new NdArray([2]));
  refuses(() => choose(x, x, x), DTypeError, /^where: needs a bool condition.*got f32/);
  refuses(() => choose(bits, x, upload(new NdArray([2]), 'i32')), DTypeError, /f32 and i32/);
  refuses(() => choose(bits, x, upload(new NdArray([3]))), ShapeError, /^where: shapes \[2\]/);
  refuses(
    () => choose(bits, upload(new NdArray([3])), upload(new NdArray([3]))),
    ShapeError,
    /^where/,
  );
});

test('numbers to choose from, which take the dtype of the other', async () => {
  const x = upload(new NdArray([4], [-1, 0, 2, 3]));
  assertSame(await download(where(x.greater(0), x, -7)), new NdArray([4], [-7, -7, 2, 3]));
  assertSame(await download(where(x.greater(0), 0.5, x)), new NdArray([4], [-1, 0, 0.5, 0.5]));
  const both = where(x.greater(0).reshape([2, 2]), 1, 0.25);
  assert.is(both.dtype, 'f32');
  assertSame(await download(both), new NdArray([2, 2], [0.25, 0.25, 1, 1]));
  const whole = where(x.greater(0), upload(new NdArray([], [5]), 'i32'), -1);
  assert.is(whole.dtype, 'i32');
  assertSame(await download(whole), new NdArray([4], [-1, -1, 5, 5]));
  const [slope] = grad(where(x.greater(0), x.square(), 1).sum(), [x]);
  assertSame(await download(slope), new NdArray([4], [0, 0, 4, 6]));
  assert.throws(
    () => where(x.greater(0), upload(new NdArray([], [5]), 'i32'), 0.5),
    (error: Error) => error instanceof DTypeError && /^where: 0.5 is no i32/.test(error.message),
  );
});

test.run();
