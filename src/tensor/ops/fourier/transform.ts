import { product } from '../../../kernels/launch.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { tensor, zeros } from '../creation.ts';
import { matMul } from '../linear.ts';
import { pad, reshape, slice, transpose } from '../views.ts';

/** Complex numbers: their real and imaginary parts, in one shape. */
export interface Complex {
  readonly real: Tensor;
  readonly imag: Tensor;
}

/** Numbers that are real where there is no imaginary part. */
export type MaybeReal = Pick<Complex, 'real'> & Partial<Complex>;

/** Up to here all waves of a size are one matrix, which is cheaper than to take the size apart. */
const SMALL = 64;
/** Beyond here a size that cannot be taken apart is a convolution. */
const MOST_WAVES = 512;

/**
 * The discrete Fourier transform Σ x[j] · e^(−2πi·jk/n) of lines along the last axis, by products with
 * matrices of waves: sizes are taken apart as n = a · b (Cooley and Tukey, "An algorithm for the machine
 * calculation of complex Fourier series", 1965).
 */
export function transform(x: MaybeReal): Complex {
  const n = sizeOf(x.real.shape, -1);
  if (n <= 1) return { real: x.real, imag: x.imag ?? zeros(x.real.shape) };
  const { shape } = x.real;
  const lines = each(x, (part) => reshape(part, [product(shape.slice(0, -1)), n]));
  const spectra = ofLines(lines, n);
  return { real: reshape(spectra.real, shape), imag: reshape(spectra.imag, shape) };
}

/** Its inverse: conjugates before and after a transform turn waves the other way round. */
export function inverseTransform({ real, imag }: MaybeReal): Complex {
  const n = sizeOf(real.shape, -1);
  const turned = transform({ real, ...(imag && { imag: imag.neg() }) });
  return { real: turned.real.div(n), imag: turned.imag.div(-n) };
}

/** Lines [count, n]. */
function ofLines(x: MaybeReal, n: number): Complex {
  const a = n <= SMALL ? n : divisorOf(n);
  if (a === 1 && n > MOST_WAVES) return byConvolution(x, n);
  if (a === 1 || a === n) {
    const waves = wavesOf(n, n, n);
    return times(x, (part) => [matMul(part, waves.real), matMul(part, waves.imag)]);
  }
  const b = n / a;
  const count = sizeOf(x.real.shape, 0);
  // Every b-th element is one of b lines of a; what they give is turned, and transformed in lines of b.
  const columns = each(x, (part) => reshape(part, [count, a, b]));
  const waves = wavesOf(a, a, a);
  const first = times(columns, (part) => [matMul(waves.real, part), matMul(waves.imag, part)]);
  const turns = wavesOf(n, a, b);
  const turned = times(first, (part) => [part.mul(turns.real), part.mul(turns.imag)]);
  const lines = each(turned, (part) => reshape(part, [count * a, b]));
  const second = ofLines(lines, b);
  const inOrder = (part: Tensor) =>
    reshape(transpose(reshape(part, [count, a, b]), [0, 2, 1]), [count, n]);
  return { real: inOrder(second.real), imag: inOrder(second.imag) };
}

/**
 * Of sizes with a large prime factor, as jk = (j² + k² − (k − j)²) / 2 makes a convolution of it, which
 * longer transforms compute (Bluestein, "A linear filtering approach to the computation of discrete
 * Fourier transform", 1970).
 */
function byConvolution(x: MaybeReal, n: number): Complex {
  let m = 1;
  while (m < 2 * n - 1) m *= 2;
  const chirp = waves(2 * n, [n], (j) => (j * j) % (2 * n));
  const mirrored = waves(2 * n, [1, m], (j) => {
    const distance = Math.min(j, m - j);
    return distance < n ? 2 * n - ((distance * distance) % (2 * n)) : undefined;
  });
  const start = times(x, (part) => [part.mul(chirp.real), part.mul(chirp.imag)]);
  const padded = each(start, (part) =>
    pad(part, [
      [0, 0],
      [0, m - n],
    ]),
  );
  const filter = ofLines(mirrored, m);
  const spectrum = ofLines(padded, m);
  const filtered = times(spectrum, (part) => [part.mul(filter.real), part.mul(filter.imag)]);
  const whole = inverseTransform(filtered);
  const found = {
    real: slice(whole.real, [0, 0], [undefined, n]),
    imag: slice(whole.imag, [0, 0], [undefined, n]),
  };
  return times(found, (part) => [part.mul(chirp.real), part.mul(chirp.imag)]);
}

/** The largest divisor up to which waves are one matrix. */
function divisorOf(n: number): number {
  for (let a = SMALL; a > 1; a--) if (n % a === 0) return a;
  return 1;
}

function each<X extends MaybeReal>(x: X, of: (part: Tensor) => Tensor): X {
  return { ...x, real: of(x.real), ...(x.imag && { imag: of(x.imag) }) };
}

/** The product by complex numbers, given what it is of one part: by their real parts and by their imaginary ones. */
function times(
  { real, imag }: MaybeReal,
  of: (part: Tensor) => readonly [real: Tensor, imag: Tensor],
): Complex {
  const [ofReal, turnedReal] = of(real);
  if (!imag) return { real: ofReal, imag: turnedReal };
  const [ofImag, turnedImag] = of(imag);
  return { real: ofReal.sub(turnedImag), imag: turnedReal.add(ofImag) };
}

/** e^(−2πi·jk/n) for j < rows and k < columns. */
function wavesOf(n: number, rows: number, columns: number): Complex {
  return waves(n, [rows, columns], (i) => (Math.floor(i / columns) * (i % columns)) % n);
}

/** e^(−2πi·t/n) of whole numbers `turns` for each element in a row, 0 where there is none: of whole ones no angle is large. */
function waves(
  n: number,
  shape: readonly number[],
  turns: (i: number) => number | undefined,
): Complex {
  const [real, imag] = [new Float32Array(product(shape)), new Float32Array(product(shape))];
  for (let i = 0; i < real.length; i++) {
    const turn = turns(i);
    if (turn === undefined) continue;
    const angle = (-2 * Math.PI * turn) / n;
    real[i] = Math.cos(angle);
    imag[i] = Math.sin(angle);
  }
  return { real: tensor(real, shape), imag: tensor(imag, shape) };
}
