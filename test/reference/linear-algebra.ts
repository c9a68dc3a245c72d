import { broadcastShapes, NdArray, sizeOf } from './array.ts';

type Rows = readonly (readonly number[])[];

const rowsOf = (data: Float64Array, rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);

/** What `make` makes of each matrix of an array. */
function eachMatrix(a: NdArray, make: (rows: Rows) => Rows | number): NdArray {
  const [rows, columns] = [a.shape.at(-2)!, a.shape.at(-1)!];
  const batch = a.shape.slice(0, -2);
  const found = Array.from({ length: sizeOf(batch) }, (_, n) =>
    make(rowsOf(a.data.subarray(n * rows * columns), rows, columns)),
  );
  const isNumber = typeof found[0] === 'number';
  return new NdArray(isNumber ? batch : a.shape, found.flat(2) as number[]);
}

/** By its definition: the elements of a row from those before them. */
export const cholesky = (a: NdArray): NdArray =>
  eachMatrix(a, (rows) => {
    const l = rows.map((row) => row.map(() => 0));
    rows.forEach((row, i) => {
      for (let j = 0; j <= i; j++) {
        const known = l[i]!.reduce((sum, x, k) => (k < j ? sum + x * l[j]![k]! : sum), 0);
        const rest = row[j]! - known;
        l[i]![j] = i === j ? (rest > 0 ? Math.sqrt(rest) : Number.NaN) : rest / l[j]![j]!;
      }
    });
    return l;
  });

/** Cleared columns beside what became of the right-hand sides, and the determinant: Gauss and Jordan. */
function eliminate(rows: Rows, columns: Rows): { x: number[][]; determinant: number } {
  const all = rows.map((row, i) => [...row, ...columns[i]!]);
  let determinant = 1;
  for (let j = 0; j < rows.length; j++) {
    let best = j;
    for (let i = j; i < rows.length; i++) {
      if (Math.abs(all[i]![j]!) > Math.abs(all[best]![j]!)) best = i;
    }
    if (best !== j) determinant = -determinant;
    [all[j], all[best]] = [all[best]!, all[j]!];
    const pivot = all[j]![j]!;
    determinant *= pivot;
    if (pivot === 0) break;
    all[j] = all[j]!.map((v) => v / pivot);
    all.forEach((row, i) => {
      const share = row[j]!;
      if (i !== j) all[i] = row.map((v, k) => v - share * all[j]![k]!);
    });
  }
  return { x: all.map((row) => row.slice(rows.length)), determinant };
}

export const determinant = (a: NdArray): NdArray =>
  eachMatrix(
    a,
    (rows) =>
      eliminate(
        rows,
        rows.map(() => []),
      ).determinant,
  );

export function solve(a: NdArray, b: NdArray): NdArray {
  const columns = b.rank === 1 ? b.reshape([b.size, 1]) : b;
  const [n, k] = [columns.shape.at(-2)!, columns.shape.at(-1)!];
  const batch = broadcastShapes(a.shape.slice(0, -2), columns.shape.slice(0, -2));
  const left = a.expand([...batch, n, n]).data;
  const right = columns.expand([...batch, n, k]).data;
  const x = Array.from({ length: sizeOf(batch) }, (_, at) => {
    const rows = rowsOf(left.subarray(at * n * n), n, n);
    return eliminate(rows, rowsOf(right.subarray(at * n * k), n, k)).x;
  });
  return new NdArray(b.rank === 1 ? [...batch, n] : [...batch, n, k], x.flat(2));
}

export const turned = (a: NdArray): NdArray =>
  a.transpose([...a.shape.keys()].with(-2, a.rank - 1).with(-1, a.rank - 2));

export const inverse = (a: NdArray): NdArray =>
  solve(
    a,
    NdArray.build(a.shape, (index) => Number(index.at(-1) === index.at(-2))),
  );

export function triangularSolve(
  a: NdArray,
  b: NdArray,
  { lower = true, transpose = false, unitDiagonal = false } = {},
): NdArray {
  const triangle = NdArray.build(a.shape, (index, at) => {
    const [row, column] = index.slice(-2) as [number, number];
    if (row === column && unitDiagonal) return 1;
    return row === column || row > column === lower ? a.data[at]! : 0;
  });
  return solve(transpose ? turned(triangle) : triangle, b);
}
