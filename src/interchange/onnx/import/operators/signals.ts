import { positions } from '../../../../tensor/ops/creation.ts';
import { fft, ifft } from '../../../../tensor/ops/fourier/fft.ts';
import { stack } from '../../../../tensor/ops/joining.ts';
import { unstack } from '../../../../tensor/ops/rearranging/repeating.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import { dtypeOfElements } from '../../tensor-proto.ts';
import type { Operator, OperatorCall } from './call.ts';
import { hostTensor } from './host-values.ts';

/**
 * The transform of signals [..., n, 1], or [..., n, 2] with imaginary parts, along the last axis but one: `size`
 * numbers of each, the first `count` frequencies.
 */
function transform(x: AnyTensor, size: number, count: number, isInverse = false): AnyTensor {
  const [real = x, imag] = unstack(x, -1);
  const signals = imag ? { real: real.cast('f32'), imag: imag.cast('f32') } : real.cast('f32');
  const spectra = (isInverse ? ifft : fft)(signals, { n: size });
  const ends = [...real.shape.slice(1).map(() => undefined), count];
  return stack([spectra.real.slice([], ends), spectra.imag.slice([], ends)], -1);
}

/** As many frequencies of real signals as differ, or all. */
function frequencies(size: number, isOneSided: boolean): number {
  return isOneSided ? Math.floor(size / 2) + 1 : size;
}

/** The discrete Fourier transform of [..., n, 1 or 2] along an axis: [..., n, 2]. */
function fourier(call: OperatorCall): AnyTensor {
  const { x } = call;
  const isInverse = call.flag('inverse');
  const isOneSided = call.flag('onesided');
  if (isInverse && isOneSided) throw call.unsupported('an inverse of one side');
  const axis = call.opset < 20 ? call.int('axis', 1) : (call.known(2)?.[0] ?? -2);
  const at = axis < 0 ? axis + x.rank : axis;
  const size = call.known(1)?.[0] ?? sizeOf(x.shape, at);
  // The axis last of all but that of the parts, and back.
  const others = [...x.shape.keys()].slice(0, -1).filter((other) => other !== at);
  const last = [...others, at, x.rank - 1];
  const spectra = transform(x.transpose(last), size, frequencies(size, isOneSided), isInverse);
  return spectra.transpose([...last.keys()].map((place) => last.indexOf(place)));
}

/** The transforms of frames of signals [batch, n, 1 or 2], each `step` behind the one before: [batch, frames, m, 2]. */
function shortTime(call: OperatorCall): AnyTensor {
  const { x } = call;
  const [step = 1] = call.known(1) ?? [];
  const window = call.inputs[2];
  const size = call.known(3)?.[0] ?? sizeOf(window?.shape ?? x.shape, window ? 0 : 1);
  const count = 1 + Math.floor((sizeOf(x.shape, 1) - size) / step);
  const starts = positions([count], 'i32').mul(step).unsqueeze(1);
  const frames = x.gather(starts.add(positions([size], 'i32')), 1);
  const seen = window ? frames.mul(window.cast('f32').unsqueeze(-1)) : frames;
  return transform(seen, size, frequencies(size, call.flag('onesided', true)));
}

/** Weights of a window, a sum of cosines: `coefficients` of 1, −cos, cos of twice the angle. */
function window(coefficients: readonly number[]): Operator {
  return (call) => {
    const [size = 0] = call.known(0) ?? [];
    const whole = call.flag('periodic', true) ? size : Math.max(1, size - 1);
    const weights = Array.from({ length: size }, (_, i) =>
      coefficients.reduce(
        (sum, factor, k) => sum + (-1) ** k * factor * Math.cos((2 * Math.PI * k * i) / whole),
        0,
      ),
    );
    const dtype = dtypeOfElements(call.int('output_datatype', 1), call.what);
    return hostTensor(weights, [size], 'f32').cast(dtype);
  };
}

const toMel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
const toHertz = (mel: number) => 700 * (10 ** (mel / 2595) - 1);

/** Triangles over the frequencies of a spectrum, evenly apart on the mel scale: [frequencies, bins]. */
function melWeights(call: OperatorCall): AnyTensor {
  const [bins = 0, size = 0, rate = 1, lowest = 0, highest = 0] = [0, 1, 2, 3, 4].map(
    (index) => call.known(index)?.[0],
  );
  const [from, to] = [toMel(lowest), toMel(highest)];
  const corner = (i: number) => {
    const hertz = toHertz(from + (i * (to - from)) / (bins + 2));
    return Math.floor(((size + 1) * hertz) / rate);
  };
  const rows = Array.from({ length: Math.floor(size / 2) + 1 }, (_, at) =>
    Array.from({ length: bins }, (_, bin) =>
      triangle(at, corner(bin), corner(bin + 1), corner(bin + 2)),
    ),
  );
  const dtype = dtypeOfElements(call.int('output_datatype', 1), call.what);
  return hostTensor(rows.flat(), [rows.length, bins], 'f32').cast(dtype);
}

function triangle(at: number, low: number, top: number, high: number): number {
  if (at === top) return 1;
  if (at <= low || at >= high) return 0;
  return at < top ? (at - low) / (top - low) : (high - at) / (high - top);
}

/** What makes spectra of signals. */
export const signalOperators: Readonly<Record<string, Operator>> = {
  BlackmanWindow: window([0.42, 0.5, 0.08]),
  DFT: fourier,
  HammingWindow: window([25 / 46, 21 / 46]),
  HannWindow: window([0.5, 0.5]),
  MelWeightMatrix: melWeights,
  STFT: shortTime,
};
