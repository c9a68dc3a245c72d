// What a dispatch has to do at least: bytes to move, operations to compute.
import type { DryDispatch } from './dry-device.ts';
import { paramsOf } from './names.ts';

/** Bound bytes; what is bound twice, as where there is no bias, counts once. */
export function bytesOf({ program, bindings }: DryDispatch) {
  const seen = new Set<string>();
  let [bytesRead, bytesWritten] = [0, 0];
  const access = [...program.source.matchAll(/@binding\((\w+)\)\s*var<storage(, *read_write)?/g)];
  for (const [i, { buffer, offset, bytes }] of bindings.entries()) {
    const place = `${buffer.id} ${offset}`;
    if (seen.has(place)) continue;
    seen.add(place);
    if (access[i]?.[2] === undefined) bytesRead += bytes;
    else bytesWritten += bytes;
  }
  return { bytesRead, bytesWritten };
}

/**
 * Operations of a matmul or convolution, a multiply and its add counted as two; undefined for other
 * kernels. Those that walk a reduction have the same names for it.
 */
export function flopsOf(dispatch: DryDispatch): number | undefined {
  const param = paramsOf(dispatch);
  const [rows, columns, reduction] = ['rows', 'columns', 'reduction'].map(param);
  if (!rows || !columns || !reduction) return undefined;
  return 2 * (param('batches') ?? 1) * rows * columns * reduction;
}
