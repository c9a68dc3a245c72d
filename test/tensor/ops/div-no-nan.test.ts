import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, DTypeError, divNoNan, grad } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { spread, whole } from '../arbitraries.ts';
import { assertSame } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: divNoNan');

const exact = (a: number, b: number) => (b === 0 ? 0 : a / b);

test('0 where it is divided by 0, whatever is', async () => {
  const a = upload(new NdArray([6], [1, 0, NaN, Infinity, 6, NaN]));
  const b = upload(new NdArray([6], [0, 0, 0, -0, 3, 1]));
  assert.equal(await divNoNan(a, b).array(), [0, 0, 0, 0, 2, NaN]);
  assert.equal(await divNoNan(a, 0).array(), [0, 0, 0, 0, 0, 0]);
});

test('whole numbers, broadcast', async () => {
  for (const dtype of ['i32', 'u32'] as const) {
    const [a, b] = [whole([3, 5], 1, 0, 99), whole([5], 2, 0, 2)];
    const y = divNoNan(upload(a, dtype), upload(b, dtype));
    assert.is(y.dtype, dtype);
    assertSame(
      await download(y),
      a.zip(b, (x, z) => Math.trunc(exact(x, z))),
    );
  }
});

test('gradients, 0 where it divides by 0', async () => {
  const subject = {
    name: 'divNoNan',
    f: (a: AnyTensor, b: AnyTensor) => divNoNan(a, b),
    reference: (a: NdArray, b: NdArray) => a.zip(b, exact),
    inputs: [spread([3, 4], 1, [-2, 2]), spread([4], 2, [0.5, 2])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
  const [a, b] = [upload(new NdArray([2], [1, 2])), upload(new NdArray([2], [0, 4]))];
  const slopes = grad(divNoNan(a, b).sum(), [a, b]);
  assert.equal(await slopes[0].array(), [0, 0.25]);
  assert.equal(await slopes[1].array(), [0, -0.125]);
});

test('what does not fit', () => {
  const x = upload(new NdArray([2], [1, 2]));
  refuses(
    () => divNoNan(x, x.cast('i32') as never),
    DTypeError,
    /^divNoNan: f32.* differ in dtype/,
  );
});

test.run();
