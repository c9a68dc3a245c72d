import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DTypeError, grad, nanMean, nanSum, ShapeError, type Tensor } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { mean, reduce, sum } from '../../reference/reductions.ts';
import { spread } from '../arbitraries.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: nanSum and nanMean');

const total = (row: readonly number[]) => row.reduce((a, b) => a + b, 0);
const numbers = (row: ArrayLike<number>) => Array.from(row).filter((v) => !Number.isNaN(v));
const ofNumbers = (x: NdArray, axes: number | undefined, keep: boolean, isMean: boolean) =>
  reduce(x, axes, keep, (row) => {
    const kept = numbers(row);
    return isMean ? total(kept) / kept.length : total(kept);
  });

test('what is NaN is passed over, along any axis', async () => {
  const { data } = spread([3, 4, 5], 1, [-2, 2]);
  const x = NdArray.build([3, 4, 5], (_, at) => (at % 3 === 0 ? Number.NaN : data[at]!));
  for (const axes of [0, 1, 2, undefined]) {
    for (const keep of [false, true]) {
      const name = `axes ${axes}`;
      const [added, even] = [nanSum(upload(x), axes, keep), nanMean(upload(x), axes, keep)];
      assertClose(await download(added), ofNumbers(x, axes, keep, false), { scale: 8 }, name);
      assertClose(await download(even), ofNumbers(x, axes, keep, true), { scale: 2 }, name);
    }
  }
});

test('where there is none, and halves', async () => {
  const none = upload(new NdArray([2, 2], [Number.NaN, Number.NaN, 1, Number.NaN]));
  assertSame(await download(nanSum(none, 1)), new NdArray([2], [0, 1]));
  assertSame(await download(nanMean(none, 1)), new NdArray([2], [Number.NaN, 1]));
  const half = nanSum(upload(new NdArray([3], [1, Number.NaN, 0.5]), 'f16'));
  assert.is(half.dtype, 'f16');
  assert.is(await half.item(), 1.5);
});

test('gradients, 0 for what is NaN', async () => {
  for (const [name, f, reference] of [
    ['nanSum', (x: Tensor, axes?: number): Tensor => nanSum(x, axes), sum],
    ['nanMean', (x: Tensor, axes?: number): Tensor => nanMean(x, axes), mean],
  ] as const) {
    const subject = {
      name,
      f: (x: Tensor) => f(x.mul(x), 1),
      reference: (x: NdArray) =>
        reference(
          x.map((v) => v * v),
          1,
        ),
      inputs: [spread([3, 4], 1, [-2, 2])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
    const x = upload(new NdArray([3], [1, Number.NaN, 3]));
    const [slope] = grad(f(x), [x]);
    const each = name === 'nanSum' ? 1 : 0.5;
    assertSame(await download(slope), new NdArray([3], [each, 0, each]));
  }
});

test('what does not fit', () => {
  const x = upload(new NdArray([2]), 'i32');
  refuses(() => nanSum(x as never), DTypeError, /^nanSum takes f32/);
  refuses(() => nanMean(x as never), DTypeError, /^nanMean takes f32/);
  refuses(() => nanMean(upload(new NdArray([2])), 1 as 0), ShapeError, /axis 1 does not exist/);
});

test.run();
