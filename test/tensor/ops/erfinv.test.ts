import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, DTypeError, erfinv } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import * as reference from '../../reference/error-function.ts';
import { spread } from '../arbitraries.ts';
import { assertClose } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, rounded, upload } from '../transfer.ts';

const test = suite('tensor: erfinv');

test('from the middle to the last number below 1', async () => {
  const far = [0.99, 1 - 2 ** -20, 1 - 2 ** -24];
  const x = rounded(new NdArray([9], [-0.999, -0.5, -1e-20, 0, 1e-3, 0.25, ...far]));
  assertClose(await download(erfinv(upload(x))), x.map(reference.erfinv), { relative: 1e-6 });
});

test('halves', async () => {
  const half = erfinv(upload(new NdArray([2], [0.5, -0.25]), 'f16'));
  assert.is(half.dtype, 'f16');
  const expected = new NdArray([2], [0.5, -0.25]).map(reference.erfinv);
  assertClose(await download(half as AnyTensor), expected, { relative: 1e-3 });
});

test('gradients', async () => {
  const subject = {
    name: 'erfinv',
    f: (x: AnyTensor) => erfinv(x),
    reference: (x: NdArray) => x.map(reference.erfinv),
    inputs: [spread([3, 4], 1, [-0.9, 0.9])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
  refuses(() => erfinv(upload(new NdArray([2]), 'i32')), DTypeError, /^erfinv takes f32/);
});

test.run();
