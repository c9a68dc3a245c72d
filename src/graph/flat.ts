import { DTypeError } from '../errors.ts';
import { pack } from './pack.ts';
import { Variable } from './variable.ts';

/** The most bytes WebGPU lets every adapter bind at once. */
const MAX_FLAT_BYTES = 128 * 1024 * 1024;

/**
 * Moves variables into flat ones, so that one dispatch can update a whole model. Each keeps its
 * value and is used as before. There is one flat variable for every 128 MiB.
 * @throws DTypeError when a variable is not f32
 */
export function flatten(variables: readonly Variable[]): Variable[] {
  return chunks(variables).map((members) => {
    const packed = pack(members.map((member) => member.snapshot()));
    const flat = new Variable(packed, members.map(({ name }) => name).join('+'));
    flat.members = members;
    const offsets = packed.attributes.offsets as readonly number[];
    members.forEach((member, i) => {
      member.moveInto(flat, offsets[i] as number);
    });
    return flat;
  });
}

/** Whether the variables still lie in these flat ones, in the same order. */
export function areIn(flats: readonly Variable[]): boolean {
  return flats.every((flat) => flat.members.every((member) => member.home?.flat === flat));
}

function chunks(variables: readonly Variable[]): Variable[][] {
  const result: Variable[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const variable of variables) {
    if (variable.dtype !== 'f32') {
      throw new DTypeError(
        `Optimizers update f32 variables, but '${variable.name}' is ${variable.dtype}.`,
      );
    }
    const size = Math.ceil((variable.size * 4) / 256) * 256;
    if (bytes + size > MAX_FLAT_BYTES) {
      result.push([]);
      bytes = 0;
    }
    bytes += size;
    result[result.length - 1]?.push(variable);
  }
  return result;
}
