import { requireOptions, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { notATensor } from '../../not-a-tensor.ts';
import { requireDType } from '../../require-dtype.ts';
import { normalizeAxis, sameShape, sizeOf } from '../../shape.ts';
import { type AnyTensor, Tensor } from '../../tensor.ts';
import { concat } from '../joining.ts';
import { flip, pad, slice, transpose } from '../views.ts';
import { type Complex, inverseTransform, type MaybeReal, transform } from './transform.ts';

export interface FourierOptions {
  /** How many elements are transformed: longer lines are cut, shorter ones go on with 0. All, if left out. */
  readonly n?: number;
  /** The axis along which they lie, the last one if left out. */
  readonly axis?: number;
}

/**
 * The discrete Fourier transform Σ x[j] · e^(−2πi·jk/n) along an axis, of real numbers or of complex ones as
 * pairs { real, imag }: pairs of the shape of `x`, with `n` along the axis, f32. Sizes whose prime factors are
 * small are the quickest.
 * @throws ShapeError where there is no such axis or it has no elements, or both parts differ in shape.
 * @throws DTypeError where a part is not f32.
 * @throws ArgumentError where an option is not known, or `n` is not a whole number above 0.
 */
export function fft(x: AnyTensor | Complex, options: FourierOptions = {}): Complex {
  const { lines, back } = along('fft', x, options);
  return eachPart(transform(lines), back);
}

/**
 * The inverse of {@link fft}, Σ x[k] · e^(2πi·jk/n) / n.
 * @throws ShapeError where there is no such axis or it has no elements, or both parts differ in shape.
 * @throws DTypeError where a part is not f32.
 * @throws ArgumentError where an option is not known, or `n` is not a whole number above 0.
 */
export function ifft(x: AnyTensor | Complex, options: FourierOptions = {}): Complex {
  const { lines, back } = along('ifft', x, options);
  return eachPart(inverseTransform(lines), back);
}

/**
 * The first half of the {@link fft} of real numbers, n / 2 + 1 frequencies rounded down, of which the others
 * are the conjugates.
 * @throws ShapeError where there is no such axis, or it has no elements.
 * @throws DTypeError where `x` is not f32.
 * @throws ArgumentError where an option is not known, or `n` is not a whole number above 0.
 */
export function rfft(x: AnyTensor, options: FourierOptions = {}): Complex {
  const { lines, back } = along('rfft', x, options);
  const half = Math.floor(sizeOf(lines.real.shape, -1) / 2) + 1;
  return eachPart(transform(lines), (part) => back(firstOf(part, half)));
}

/**
 * The real numbers whose {@link rfft} it is: `n` of them, 2 · (frequencies − 1) if left out; an odd number has
 * to be said. Imaginary parts that the spectrum of real numbers has not are passed over.
 * @throws ShapeError where there is no such axis or it has no elements, or both parts differ in shape.
 * @throws DTypeError where a part is not f32.
 * @throws ArgumentError where an option is not known, or `n` is not a whole number above 0.
 */
export function irfft(x: AnyTensor | Complex, options: FourierOptions = {}): Tensor {
  const { real } = partsOf('irfft', x);
  const axis = normalizeAxis('irfft', options.axis ?? -1, real.rank);
  const n = options.n ?? Math.max(1, 2 * (sizeOf(real.shape, axis) - 1));
  requireWhole('irfft', { n }, { from: 1 });
  const half = Math.floor(n / 2) + 1;
  const { lines, back } = along('irfft', x, { ...options, n: half });
  const { real: even, imag: odd } = lines;
  // The conjugates, from the last frequency to the second; that in the middle of an even number is its own.
  const mirrored = (part: Tensor) => {
    const rest = slice(part, zerosBut(part, 1), ends(part, n - half + 1));
    return flip(rest, [part.rank - 1]);
  };
  const whole = {
    real: concat([even, mirrored(even)], -1),
    ...(odd && { imag: concat([odd, mirrored(odd).neg()], -1) }),
  };
  return back(inverseTransform(whole).real);
}

function eachPart({ real, imag }: Complex, of: (part: Tensor) => Tensor): Complex {
  return { real: of(real), imag: of(imag) };
}

/** The parts with the axis last, cut or continued to `n`, and how a result gets it back to its place. */
function along(op: string, x: AnyTensor | Complex, options: FourierOptions) {
  requireOptions(op, options, ['n', 'axis']);
  const { real, imag } = partsOf(op, x);
  const axis = normalizeAxis(op, options.axis ?? -1, real.rank);
  const there = sizeOf(real.shape, axis);
  if (there === 0) throw new ShapeError(`${op}: axis ${axis} of [${real.shape}] has no elements.`);
  const { n = there } = options;
  requireWhole(op, { n }, { from: 1 });
  const others = [...real.shape.keys()].filter((other) => other !== axis);
  const order = [...others, axis];
  const back = (part: Tensor): Tensor =>
    transpose(
      part,
      [...order.keys()].map((place) => order.indexOf(place)),
    );
  const line = (part: Tensor): Tensor => {
    const last: Tensor = transpose(part, order);
    if (there >= n) return firstOf(last, n);
    const none = [0, 0] as const;
    return pad(last, [...others.map(() => none), [0, n - there]]);
  };
  const lines: MaybeReal = { real: line(real), ...(imag && { imag: line(imag) }) };
  return { lines, back };
}

function partsOf(op: string, x: AnyTensor | Complex): MaybeReal {
  if (x instanceof Tensor) {
    requireDType(op, x, ['f32']);
    return { real: x };
  }
  if (typeof x !== 'object' || x === null) throw notATensor(op, x);
  const { real, imag } = x;
  requireDType(op, real, ['f32']);
  requireDType(op, imag, ['f32']);
  if (sameShape(real.shape, imag.shape)) return { real, imag };
  throw new ShapeError(`${op}: real [${real.shape}] and imag [${imag.shape}] must have one shape.`);
}

function firstOf(x: Tensor, count: number): Tensor {
  return slice(x, [], ends(x, count));
}

const zerosBut = (x: Tensor, last: number) => [...x.shape.slice(1).map(() => 0), last];
const ends = (x: Tensor, last: number) => [...x.shape.slice(1).map(() => undefined), last];
