import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  type Complex,
  DTypeError,
  fft,
  ifft,
  irfft,
  rfft,
  ShapeError,
  stack,
  type Tensor,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { type ComplexArrays, transformed } from '../../../reference/fourier.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: fft');

/** A single number, whole matrices of waves, sizes that come apart, primes, and those that are convolved. */
const sizes = [1, 2, 3, 8, 61, 64, 65, 67, 100, 128, 509, 521, 1042, 4160];

const pair = ({ real, imag }: ComplexArrays): Complex => ({
  real: upload(real),
  imag: upload(imag),
});

async function assertSpectrum(actual: Complex, expected: ComplexArrays, what: string) {
  const largest = (x: NdArray) => Math.max(...x.data.map(Math.abs));
  const scale = Math.max(largest(expected.real), largest(expected.imag));
  for (const part of ['real', 'imag'] as const) {
    const found = await download(actual[part]);
    assertClose(found, expected[part], { relative: 3e-6, scale }, `${what}, ${part}`);
  }
}

const scaled = ({ real, imag }: ComplexArrays, by: number): ComplexArrays => ({
  real: real.map((v) => v * by),
  imag: imag.map((v) => v * by),
});

for (const n of sizes) {
  test(`lines of ${n}`, async () => {
    const count = n > 1000 ? 1 : 2;
    const shape = [count, n];
    const real = spread(shape, 1, [-1, 1]);
    const x = { real, imag: spread(shape, 2, [-1, 1]) };
    await assertSpectrum(fft(pair(x)), transformed(x, -1), 'fft');
    await assertSpectrum(ifft(pair(x)), scaled(transformed(x, 1), 1 / n), 'ifft');
    const whole = transformed({ real, imag: NdArray.full(shape, 0) }, -1);
    await assertSpectrum(fft(upload(real)), whole, 'fft of real numbers');
    const half = [count, Math.floor(n / 2) + 1];
    const first = { real: whole.real.slice([0, 0], half), imag: whole.imag.slice([0, 0], half) };
    await assertSpectrum(rfft(upload(real)), first, 'rfft');
    const back = await download(irfft(pair(first), { n }));
    assertClose(back, real, { relative: 1e-5, scale: 1 }, 'irfft');
  });
}

test('known spectra', async () => {
  const { real, imag } = fft(upload(NdArray.from([1, 0, -1, 0])));
  assertClose(await download(real), NdArray.from([0, 2, 0, 2]), { scale: 1 });
  assertClose(await download(imag), NdArray.from([0, 0, 0, 0]), { scale: 1 });
  const wave = irfft({ real: upload(NdArray.from([1, 2])), imag: upload(NdArray.from([9, 9])) });
  assertClose(await download(wave), NdArray.from([1.5, -0.5]), { scale: 1 });
});

test('along any axis, cut and continued', async () => {
  const x = { real: spread([3, 6, 4], 1, [-1, 1]), imag: spread([3, 6, 4], 2, [-1, 1]) };
  const swap = (a: NdArray) => a.transpose([0, 2, 1]);
  for (const n of [4, 6, 9]) {
    const fitted = (a: NdArray) =>
      NdArray.build([3, 4, n], ([i, j, k]) => (k! < 6 ? a.at(i!, k!, j!) : 0));
    const { real, imag } = transformed({ real: fitted(x.real), imag: fitted(x.imag) }, -1);
    const expected = { real: swap(real), imag: swap(imag) };
    await assertSpectrum(fft(pair(x), { n, axis: 1 }), expected, `n ${n}`);
    assert.equal(rfft(upload(x.real), { n, axis: -2 }).real.shape, [3, Math.floor(n / 2) + 1, 4]);
    assert.equal(irfft(pair(x), { n, axis: 1 }).shape, [3, n, 4]);
  }
  assert.equal(irfft(pair(x), { axis: 1 }).shape, [3, 10, 4]);
});

test('what an inverse makes of a spectrum that is cut', async () => {
  const x = spread([1, 9], 1, [-1, 1]);
  const { real, imag } = rfft(upload(x));
  const shorter = irfft({ real, imag }, { n: 6 });
  const half = transformed({ real: x, imag: NdArray.full([1, 9], 0) }, -1);
  const whole = {
    real: NdArray.build([1, 6], (_, k) => half.real.data[k < 4 ? k : 6 - k]!),
    imag: NdArray.build([1, 6], (_, k) => (k < 4 ? half.imag.data[k]! : -half.imag.data[6 - k]!)),
  };
  const expected = transformed(whole, 1).real.map((v) => v / 6);
  assertClose(await download(shorter), expected, { relative: 1e-5, scale: 1 });
});

const both = ({ real, imag }: Complex): AnyTensor => stack([real, imag]) as AnyTensor;
const joined = ({ real, imag }: ComplexArrays) =>
  new NdArray([2, ...real.shape], [...real.data, ...imag.data]);

for (const n of [5, 67, 70]) {
  test(`gradients, lines of ${n}`, async () => {
    const shape = [2, n];
    const inputs = [spread(shape, 1, [-1, 1]), spread(shape, 2, [-1, 1])];
    const subject = {
      name: 'fft',
      f: (real: Tensor, imag: Tensor) => both(fft({ real: real.mul(imag), imag })),
      reference: (real: NdArray, imag: NdArray) =>
        joined(transformed({ real: real.zip(imag, (a, b) => a * b), imag }, -1)),
      inputs,
    };
    await assertGradients(subject);
    if (n === 5) await assertSecondGradients(subject);
    await assertGradients({
      name: 'irfft of rfft',
      f: (x: Tensor) => {
        const { real, imag } = rfft(x);
        return irfft({ real: real.square(), imag: imag.mul(2) }, { n });
      },
      reference: (x: NdArray) => {
        const { real, imag } = transformed({ real: x, imag: NdArray.full(shape, 0) }, -1);
        const spectrum = { real: real.map((v) => v * v), imag: imag.map((v) => 2 * v) };
        return transformed(spectrum, 1).real.map((v) => v / n);
      },
      inputs: inputs.slice(0, 1),
    });
  });
}

test('what does not fit', () => {
  const x = upload(new NdArray([2, 3]));
  refuses(() => fft(x, { axis: 2 }), ShapeError, /^fft: axis 2 does not exist/);
  refuses(() => fft(upload(new NdArray([2, 0]))), ShapeError, /^fft: axis 1 of \[2,0\]/);
  refuses(() => rfft(x, { n: 0 }), ArgumentError, /^rfft: n 0/);
  refuses(() => irfft(x, { n: 1.5 }), ArgumentError, /^irfft: n 1.5/);
  refuses(() => fft(x.cast('f16')), DTypeError, /^fft takes f32/);
  refuses(() => fft({ real: x } as never), ArgumentError, /^fft: takes a tensor/);
  refuses(() => ifft(4 as never), ArgumentError, /^ifft: takes a tensor/);
  const wide = upload(new NdArray([2, 4]));
  refuses(() => ifft({ real: x, imag: wide }), ShapeError, /^ifft: real \[2,3\] and imag \[2,4\]/);
});

test.run();
