import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  grad,
  type Tensor,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { spread } from '../arbitraries.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: elementwise ops with settings');

const alpha = new NdArray([4], [0.25, -0.5, 0.1, 2]);
const subjects: Record<string, [(x: Tensor) => AnyTensor, (x: NdArray) => NdArray]> = {
  leakyRelu: [(x) => x.leakyRelu(0.2), (x) => x.map((v) => (v > 0 ? v : 0.2 * v))],
  'leakyRelu as in PyTorch': [(x) => x.leakyRelu(), (x) => x.map((v) => (v > 0 ? v : 0.01 * v))],
  prelu: [(x) => x.prelu(upload(alpha)), (x) => x.zip(alpha, (v, a) => (v > 0 ? v : a * v))],
  celu: [(x) => x.celu(0.5), (x) => x.map((v) => (v > 0 ? v : 0.5 * Math.expm1(v / 0.5)))],
  step: [(x) => x.step(0.3), (x) => x.map((v) => (v > 0 ? 1 : 0.3))],
  nanToNum: [(x) => x.nanToNum(), (x) => x],
};

for (const [name, [f, reference]] of Object.entries(subjects)) {
  test(name, async () => {
    const x = spread([3, 4], 4, [-3, 3]);
    assertClose(await download(f(upload(x))), reference(x), {}, name);
    // Without a slope there is nothing to differentiate.
    if (name === 'step') return;
    await assertGradients({ name, f, reference, inputs: [x] });
    await assertSecondGradients({ name, f, reference, inputs: [x] });
  });
}

test('far out and at 0', async () => {
  const x = upload(new NdArray([4], [-1e30, 0, 1e30, 300]));
  assertSame(await download(x.celu()), new NdArray([4], [-1, 0, Math.fround(1e30), 300]));
  const slopes = async (f: (x: Tensor) => AnyTensor) => download(grad(f(x).sum(), [x])[0]!);
  assertSame(await slopes((v) => v.celu()), new NdArray([4], [0, 1, 1, 1]), 'celu');
  assertSame(await slopes((v) => v.leakyRelu(0.5)), new NdArray([4], [0.5, 0.5, 1, 1]));
  assertSame(await slopes((v) => v.step().add(v)), new NdArray([4], [1, 1, 1, 1]), 'step');
});

test('numbers for what is none, by dtype', async () => {
  const odd = new NdArray([4], [Number.NaN, Infinity, -Infinity, 2]);
  const most = 3.4028234663852886e38;
  assertSame(await download(upload(odd).nanToNum()), new NdArray([4], [0, most, -most, 2]));
  const half = upload(odd, 'f16').nanToNum() as AnyTensor;
  assert.is(half.dtype, 'f16');
  assertSame(await download(half), new NdArray([4], [0, 65504, -65504, 2]));
  assert.is((upload(odd, 'f16').step() as AnyTensor).dtype, 'f16');
  const x = upload(odd);
  const [slope] = grad(x.nanToNum(1, 2, 3).sum(), [x]);
  assertSame(await download(slope), new NdArray([4], [0, 0, 0, 1]));
});

test('what does not fit', () => {
  const x = upload(new NdArray([2]));
  refuses(() => x.celu(0), ArgumentError, /^celu: alpha 0/);
  refuses(() => x.leakyRelu(Number.NaN), ArgumentError, /^leakyRelu: slope NaN/);
  refuses(() => x.cast('i32').step(), DTypeError, /^step takes f32/);
});

test.run();
