import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, type DType, grad, type Tensor, tensor } from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { whole } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertSame } from '../closeness.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: cast');

const everyDType = ['f32', 'f16', 'i32', 'u32', 'bool', 'u8'] as const;

const samples: Record<DType, number[]> = {
  f32: [0, 1, -1, 0.5, -0.5, 1.99, -1.99, 254.9, 200, 1e6, -7, 0.001],
  f16: [0, -0, 1, -1, 0.5, -1.99609375, 254.875, 200, 65504, -7, 2 ** -24, Infinity],
  i32: [0, 1, -1, 255, 256, -256, 2 ** 31 - 1, -(2 ** 31), 1234567, -7],
  u32: [0, 1, 255, 256, 2 ** 31, 2 ** 32 - 1, 16777217, 4000000000],
  bool: [0, 1, 1, 0, 1],
  u8: [0, 1, 127, 128, 255],
};

/** u8 keeps the lowest eight bits, of the whole part of a fraction too. */
function expectedOf(x: NdArray, from: DType, to: DType): NdArray {
  if ((from === 'f32' || from === 'f16') && to === 'u8')
    return x.cast('i32', 'f32').cast('u8', 'i32');
  return x.cast(to, from);
}

for (const from of everyDType) {
  for (const to of everyDType) {
    test(`${from} to ${to}`, async () => {
      const x = new NdArray(
        [samples[from].length],
        samples[from].map(from === 'f32' ? Math.fround : Number),
      );
      const y = upload(x, from).cast(to) as AnyTensor;
      assert.is(y.dtype, to);
      assertSame(await download(y), expectedOf(x, from, to));
    });
  }
}

test('numbers beyond what an integer holds become its bounds', async () => {
  const x = upload(new NdArray([7], [3e9, -3e9, 1e20, -1e20, Infinity, -Infinity, Number.NaN]));
  const [least, most] = [-(2 ** 31), 2 ** 31 - 1];
  const whole = [most, least, most, least, most, least, 0];
  assertSame(await download(x.cast('i32') as AnyTensor), new NdArray([7], whole), 'i32');
  const natural = [3e9, 0, 2 ** 32 - 1, 0, 2 ** 32 - 1, 0, 0];
  assertSame(await download(x.cast('u32') as AnyTensor), new NdArray([7], natural), 'u32');
  const bytes = new NdArray([7], [255, 0, 255, 0, 255, 0, 0]);
  assertSame(await download(x.cast('u8') as AnyTensor), bytes, 'u8');
});

test('what is not 0 is true, NaN and the smallest numbers too', async () => {
  const values = [Number.NaN, 0, -0, 2 ** -149, -(2 ** -149), -Infinity];
  const expected = new NdArray([6], [1, 0, 0, 1, 1, 1]);
  const x = upload(new NdArray([6], values));
  assertSame(await download(x.cast('bool') as AnyTensor), expected);
  assertSame(await download(tensor(values, { dtype: 'bool' })), expected, 'on the host');
});

test('casts of views, one after the other', async () => {
  const { base, view, reference } = arrange(
    [3, 5],
    [2, 1, 0, 1, 1, 0, 1, 2, 1, 1, 0, 0, 0, 0, 2, 1],
  );
  const x = whole(base, 1, 0, 255);
  const chain = view(upload(x, 'u8')).cast('f32') as Tensor;
  const expected = reference(x).map((v) => Math.trunc(v / 2));
  assertSame(
    await download(chain.div(2).cast('i32').cast('u8').cast('f32') as AnyTensor),
    expected,
  );
});

test('a cast to the same dtype is the tensor itself', () => {
  const x = upload(new NdArray([2]));
  assert.is(x.cast('f32'), x);
});

test('whole numbers carry no gradient', async () => {
  const x = upload(new NdArray([3], [1.5, 2.5, -3]));
  const [dx] = grad((x.cast('i32').cast('f32') as AnyTensor).mul(x).sum() as AnyTensor, [x]);
  assertSame(await download(dx as AnyTensor), new NdArray([3], [1, 2, -3]));
});

test.run();
