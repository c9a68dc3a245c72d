import { product } from '../../../src/kernels/launch.ts';
import { nearestHalf } from '../../reference/half.ts';

/** An f64 result and, for each element, the sum of the absolute products behind it. */
export interface Reference {
  readonly values: Float64Array;
  readonly scale: Float64Array;
}

/** Numbers in [-1, 1) that look random and are the same on every run. */
export function noise(length: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The batched product by its definition; operands of batch 1 serve all batches. */
export function multiply(
  a: { shape: readonly number[]; data: ArrayLike<number> },
  b: { shape: readonly number[]; data: ArrayLike<number> },
  output: readonly number[],
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
): Reference {
  const [rows, columns] = output.slice(-2) as [number, number];
  const depth = a.shape.at(transposeA ? -2 : -1) as number;
  const batches = product(output.slice(0, -2));
  const values = new Float64Array(product(output));
  const scale = new Float64Array(values.length);
  const one = (shape: readonly number[]) => product(shape.slice(0, -2)) === 1;
  for (let batch = 0; batch < batches; batch++) {
    const aBase = one(a.shape) ? 0 : batch * rows * depth;
    const bBase = one(b.shape) ? 0 : batch * columns * depth;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const at = (batch * rows + i) * columns + j;
        for (let k = 0; k < depth; k++) {
          const x = a.data[aBase + (transposeA ? k * rows + i : i * depth + k)] as number;
          const y = b.data[bBase + (transposeB ? j * depth + k : k * columns + j)] as number;
          values[at] = (values[at] as number) + x * y;
          scale[at] = (scale[at] as number) + Math.abs(x * y);
        }
      }
    }
  }
  return { values, scale };
}

/** `activation(x + bias[column])`, as the kernels fold it into their last store. */
export function finished(
  { values, scale }: Reference,
  bias: ArrayLike<number> | undefined,
  activation: 'none' | 'relu' | 'sigmoid' | 'tanh',
): Reference {
  const columns = bias?.length ?? 1;
  const functions = {
    none: (x: number) => x,
    relu: (x: number) => Math.max(0, x),
    sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
    tanh: Math.tanh,
  };
  const added = (i: number) => bias?.[i % columns] ?? 0;
  return {
    values: values.map((x, i) => functions[activation](x + added(i))),
    scale: scale.map((x, i) => x + Math.abs(added(i)) + 1e-3),
  };
}

/** Throws unless every element is as close as f32 sums of this size can be. */
export function assertClose(actual: ArrayLike<number>, { values, scale }: Reference): void {
  for (let i = 0; i < values.length; i++) {
    const difference = Math.abs((actual[i] as number) - (values[i] as number));
    // Not `>`, so that NaN is found too.
    if (!(difference <= 2e-5 * (scale[i] as number) + 1e-6)) {
      throw new Error(`element ${i} is ${actual[i]}, not ${values[i]}`);
    }
  }
}

/** Which operands of a product are f16. */
export type Halves = 'none' | 'a' | 'b' | 'both';

/** An operand of a product, of numbers that its dtype can be. */
export function operand(shape: readonly number[], seed: number, which: 'a' | 'b', halves: Halves) {
  const dtype = halves === which || halves === 'both' ? 'f16' : 'f32';
  const data = noise(product(shape), seed);
  return { shape, dtype, data: dtype === 'f16' ? data.map(nearestHalf) : data } as const;
}
