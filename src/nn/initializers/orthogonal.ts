import { requireNumber } from '../../arguments.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import { hostStream } from '../../tensor/random/generator.ts';
import type { RandomStream } from '../../tensor/random/stream.ts';
import type { Initializer } from './initializer.ts';

/**
 * Orthonormal columns (or rows, where those are fewer) times `gain`, of the weight seen as a matrix
 * [all axes but the last, last]; Saxe et al., "Exact solutions to the nonlinear dynamics of learning
 * in deep linear neural networks", 2014. Drawn on the host, in double, from the program's seed.
 * @throws ArgumentError where the gain is no finite number.
 */
export function orthogonal(gain = 1): Initializer {
  requireNumber('orthogonal', { gain });
  return (shape) => {
    const columns = shape[shape.length - 1] ?? 1;
    const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const vectors = orthonormal(Math.min(rows, columns), Math.max(rows, columns), hostStream());
    const values = Float32Array.from({ length: rows * columns }, (_, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      const [vector, place] = rows < columns ? [row, column] : [column, row];
      return gain * (vectors[vector]?.[place] ?? 0);
    });
    return tensor(values, shape);
  };
}

/** Normal vectors made orthonormal one after the other (modified Gram–Schmidt). */
function orthonormal(count: number, length: number, random: RandomStream): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => normal(random));
    for (const other of vectors) subtract(vector, other, dot(vector, other));
    const size = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((x) => x / size));
  }
  return vectors;
}

/** Box & Muller's method; 1 − u avoids log 0. */
function normal(random: RandomStream): number {
  const [u, v] = [random.uniform(), random.uniform()];
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) - factor * (b[i] as number);
}
