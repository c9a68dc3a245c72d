import { DTypeError } from '../errors.ts';
import { Cell } from './cell.ts';
import { pack, packedLayout } from './pack.ts';

/** The most bytes WebGPU lets every adapter bind at once. */
const MAX_FLAT_BYTES = 128 * 1024 * 1024;

/**
 * Moves cells into flat ones, so that one dispatch can update a whole model. Each keeps its
 * value and is used as before. There is one flat cell for every 128 MiB.
 * @throws DTypeError where a cell is not f32.
 */
export function flatten(cells: readonly Cell[]): Cell[] {
  return chunks(cells).map((members) => {
    const packed = pack(members.map((member) => member.snapshot()));
    const flat = new Cell(packed, members.map(({ name }) => name).join('+'));
    flat.members = members;
    packedLayout(members).offsets.forEach((offset, i) => {
      members[i]?.moveInto(flat, offset);
    });
    return flat;
  });
}

/** Whether the cells still lie in these flat ones, in the same order. */
export function areIn(flats: readonly Cell[]): boolean {
  return flats.every((flat) => flat.members.every((member) => member.home?.flat === flat));
}

/**
 * What goes into one flat cell each.
 * @throws DTypeError where a value is not f32.
 */
export function chunks<T extends Pick<Cell, 'name' | 'size' | 'dtype'>>(
  cells: readonly T[],
): T[][] {
  const result: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const cell of cells) {
    if (cell.dtype !== 'f32') {
      throw new DTypeError(`Optimizers update f32 variables, but '${cell.name}' is ${cell.dtype}.`);
    }
    const size = Math.ceil((cell.size * 4) / 256) * 256;
    if (bytes + size > MAX_FLAT_BYTES) {
      result.push([]);
      bytes = 0;
    }
    bytes += size;
    result[result.length - 1]?.push(cell);
  }
  return result;
}
