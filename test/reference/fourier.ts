import { NdArray } from './array.ts';

/** Complex numbers as two arrays of one shape. */
export interface ComplexArrays {
  readonly real: NdArray;
  readonly imag: NdArray;
}

/** Σ x[j] · e^(sign · 2πi·jk/n) along the last axis, term by term. */
export function transformed({ real, imag }: ComplexArrays, sign: 1 | -1): ComplexArrays {
  const n = real.shape.at(-1)!;
  const angles = Array.from({ length: n }, (_, turn) => (sign * 2 * Math.PI * turn) / n);
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
  const part = (of: (x: number, y: number, cosine: number, sine: number) => number) =>
    NdArray.build(real.shape, (_, at) => {
      const [start, k] = [at - (at % n), at % n];
      let sum = 0;
      for (let j = 0; j < n; j++) {
        const turn = (j * k) % n;
        sum += of(real.data[start + j]!, imag.data[start + j]!, cosines[turn]!, sines[turn]!);
      }
      return sum;
    });
  return {
    real: part((x, y, cosine, sine) => x * cosine - y * sine),
    imag: part((x, y, cosine, sine) => x * sine + y * cosine),
  };
}
