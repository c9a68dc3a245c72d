import { inWords } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';

/** What is thrown where something else is given for a tensor: it says how to make a tensor of it. */
export function notATensor(caller: string, value: unknown): ArgumentError {
  return new ArgumentError(`${caller}: takes a tensor, got ${inWords(value)}.${remedy(value)}`);
}

function remedy(value: unknown): string {
  if (typeof value === 'number' || Array.isArray(value)) {
    const isOfTensors = Array.isArray(value) && value.some(hasShape);
    return isOfTensors ? ' Give one of them, or stack(…) of all.' : ' Use tensor(…).';
  }
  if (ArrayBuffer.isView(value)) return ' Use tensor(array, shape).';
  if (!isObject(value)) return '';
  if ('assign' in value) return ' Use its .value.';
  if ('forward' in value) return ' Use layer.forward(x).';
  return hasShape(value) ? ' It may come from another copy of wgrad.' : '';
}

function hasShape(value: unknown): boolean {
  return isObject(value) && 'shape' in value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
