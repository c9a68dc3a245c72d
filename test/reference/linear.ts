import { broadcastShapes, NdArray, sizeOf } from './array.ts';

/** Matrix product over the last two axes; the axes before them broadcast. */
export function matMul(a: NdArray, b: NdArray): NdArray {
  const [rows, inner] = matrixShape(a);
  const [innerB, columns] = matrixShape(b);
  if (inner !== innerB) throw new RangeError(`matMul of [${a.shape}] and [${b.shape}]`);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const left = a.expand([...batch, rows, inner]).data;
  const right = b.expand([...batch, inner, columns]).data;
  const out = new NdArray([...batch, rows, columns]);
  for (let n = 0; n < sizeOf(batch); n++) {
    for (let row = 0; row < rows; row++) {
      const to = (n * rows + row) * columns;
      for (let k = 0; k < inner; k++) {
        const x = left[(n * rows + row) * inner + k]!;
        const from = (n * inner + k) * columns;
        for (let column = 0; column < columns; column++) {
          out.data[to + column] = out.data[to + column]! + x * right[from + column]!;
        }
      }
    }
  }
  return out;
}

function matrixShape({ shape }: NdArray): [rows: number, columns: number] {
  if (shape.length < 2) throw new RangeError(`[${shape}] is not a matrix`);
  return [shape.at(-2)!, shape.at(-1)!];
}
