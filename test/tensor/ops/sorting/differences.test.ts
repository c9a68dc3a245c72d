import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  diff,
  ShapeError,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { spread, whole } from '../../arbitraries.ts';
import { assertSame } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: diff');

/** Along the middle one of three axes. */
function once(x: NdArray): NdArray {
  return NdArray.build(
    x.shape.with(1, x.shape[1]! - 1),
    ([i, j, k]) => x.at(i!, j! + 1, k!) - x.at(i!, j!, k!),
  );
}

test('once and several times, of several dtypes', async () => {
  const x = whole([2, 5, 3], 1, 0, 99);
  for (const dtype of ['f32', 'i32', 'f16'] as const) {
    const t = upload(x, dtype);
    const steps = [x, once(x), once(once(x))];
    for (const [n, expected] of steps.entries()) {
      const found = diff(t, n, 1);
      assert.is(found.dtype, dtype);
      assertSame(await download(found as AnyTensor), expected, `${dtype}, ${n}`);
    }
  }
  assertSame(
    await download(diff(upload(new NdArray([4], [1, 4, 9, 16])))),
    new NdArray([3], [3, 5, 7]),
  );
});

test('more often than there are elements', () => {
  assert.equal(diff(upload(new NdArray([2, 3])), 3).shape, [2, 0]);
  assert.equal(diff(upload(new NdArray([2, 3])), 9).shape, [2, 0]);
});

test('gradients', async () => {
  const subject = {
    name: 'diff',
    f: (x: AnyTensor) => diff(x.mul(x) as AnyTensor, 2, 1),
    reference: (x: NdArray) => once(once(x.map((v) => v * v))),
    inputs: [spread([2, 5, 3], 1, [-2, 2])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('what does not fit', () => {
  const x = upload(new NdArray([2, 3]));
  refuses(() => diff(x, -1), ArgumentError, /^diff: n -1/);
  refuses(() => diff(x, 1, 2), ShapeError, /^diff: axis 2 does not exist/);
  refuses(() => diff(upload(new NdArray([2]), 'u8')), DTypeError, /^diff takes f32/);
});

test.run();
