import { type DType, type HostArray, isFloat } from '../kernels/dtype.ts';

/** Along an axis longer than this only the ends are shown. */
const SHOWN = 6;

/** `Tensor f32[2, 2]` with its elements laid out in rows, where they are known. */
export function format(
  shape: readonly number[],
  dtype: DType,
  data: HostArray | undefined,
): string {
  const head = `Tensor ${dtype}[${shape.join(', ')}]`;
  if (!data) return `${head} (not on the host; await t.data() reads it)`;
  // Elements near both ends are enough to find a column's width without reading them all.
  const ends = [...data.slice(0, 200), ...data.slice(-200)];
  const width = Math.max(...ends.map((value) => element(value, dtype).length), 1);
  return `${head}${shape.length > 1 ? '\n' : ' '}${rows(shape, dtype, data, 0, data.length, width, 1)}`;
}

function rows(
  shape: readonly number[],
  dtype: DType,
  data: HostArray,
  start: number,
  size: number,
  width: number,
  depth: number,
): string {
  const [first, ...rest] = shape;
  if (first === undefined) return element(data[start] as number, dtype).padStart(width);
  const step = first === 0 ? 0 : size / first;
  const show = (i: number) => rows(rest, dtype, data, start + i * step, step, width, depth + 1);
  const half = SHOWN / 2;
  const parts =
    first <= SHOWN
      ? Array.from({ length: first }, (_, i) => show(i))
      : [...[0, 1, 2].map(show), '…', ...[2, 1, 0].map((back) => show(first - 1 - back))].slice(
          0,
          2 * half + 1,
        );
  const between = rest.length > 0 ? `,\n${' '.repeat(depth)}` : ', ';
  return `[${parts.join(between)}]`;
}

function element(value: number, dtype: DType): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  const size = Math.abs(value);
  if (!isFloat(dtype) || (Number.isInteger(value) && size < 1e7)) return String(value);
  return size >= 1e6 || size < 1e-4 ? value.toExponential(3) : String(Number(value.toPrecision(5)));
}
