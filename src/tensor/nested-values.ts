import { inWords } from '../arguments.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import type { DType, HostArray } from '../kernels/dtype.ts';

/** Numbers or booleans in row-major order, and what of them follows from how they were given. */
export interface FlatValues {
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/**
 * Nested arrays, whose innermost ones may be typed, laid out flat. The dtype, unless one is wanted,
 * is f32 for numbers, bool for booleans, and the typed arrays' own.
 * @throws ArgumentError where there is something else in them, naming it and its place.
 * @throws ShapeError where they are ragged.
 * @throws DTypeError where typed arrays are of no dtype, or of different ones.
 */
export function flattened(nested: unknown, wanted?: DType): FlatValues {
  const shape: number[] = [];
  let first = nested;
  for (; isRow(first); first = first[0]) shape.push(first.length);
  const values: number[] = [];
  let dtype = wanted;
  const settle = (own: DType) => {
    dtype ??= own;
    if (dtype === own || wanted !== undefined) return;
    throw new DTypeError(`tensor: values are ${dtype} and ${own} at once. Make them of one kind.`);
  };
  const place: number[] = [];
  const visit = (value: unknown) => {
    if (
      isRow(value)
        ? value.length !== shape[place.length]
        : isNumber(value) && place.length < shape.length
    ) {
      throw ragged(shape, value, place);
    }
    if (ArrayBuffer.isView(value)) {
      settle(dtypeOf(value));
      for (const element of value as unknown as TypedArray) values.push(element);
    } else if (isRow(value)) {
      // Not `forEach`, which passes over holes.
      for (let i = 0; i < value.length; i++) {
        place.push(i);
        visit(value[i]);
        place.pop();
      }
    } else {
      settle(valueDType(value, place));
      values.push(Number(value));
    }
  };
  visit(nested);
  return { values, shape, dtype: dtype ?? 'f32' };
}

function isRow(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isNumber(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function valueDType(value: unknown, place: readonly number[]): DType {
  if (typeof value === 'number') return 'f32';
  if (typeof value === 'boolean') return 'bool';
  const where = place.length > 0 ? ` at ${place.map((i) => `[${i}]`).join('')}` : '';
  throw new ArgumentError(
    `tensor: takes numbers or booleans, or arrays of them; got ${inWords(value)}${where}.${remedy(value)}`,
  );
}

function remedy(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'bigint') return ' Use Number(…).';
  if (value instanceof ArrayBuffer) return ' Use new Float32Array(buffer).';
  if (value instanceof Set) return ' Use [...set].';
  const isTensor = typeof value === 'object' && value !== null && 'dtype' in value;
  return isTensor ? ' Use stack([…]) to put tensors together.' : '';
}

function ragged(shape: readonly number[], value: unknown, place: readonly number[]): ShapeError {
  const at = place.map((i) => `[${i}]`).join('');
  const own = isRow(value) ? `has ${value.length} elements` : 'is no array';
  return new ShapeError(
    `tensor: nested arrays must be regular, but the one at ${at} ${own}, where the first has ${shape[place.length] ?? 'none'}.`,
  );
}

/** The typed arrays that tensors are made of: of the dtypes' own kinds, and such as become one of those. */
export type TypedArray =
  | HostArray
  | Float64Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array;

/** Pixels of a canvas: `ImageData`, or what looks like one. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export function isPixels(value: unknown): value is Pixels {
  return typeof value === 'object' && value !== null && 'width' in value && 'data' in value;
}

const dtypesOfArrays: Readonly<Record<string, DType>> = {
  Float32Array: 'f32',
  Float64Array: 'f32',
  Int8Array: 'i32',
  Int16Array: 'i32',
  Int32Array: 'i32',
  Uint16Array: 'u32',
  Uint32Array: 'u32',
  Uint8Array: 'u8',
  Uint8ClampedArray: 'u8',
};

/** Whether an array is as the host keeps those of its dtype. */
export function isHostArray(values: TypedArray): values is HostArray {
  return [Float32Array, Int32Array, Uint32Array, Uint8Array].some((kind) => values instanceof kind);
}

/** @throws DTypeError where it is none of the typed arrays that tensors are made of. */
export function dtypeOf(values: ArrayBufferView): DType {
  // Node's Buffer calls itself a Uint8Array here.
  const name = Object.prototype.toString.call(values).slice('[object '.length, -1);
  const dtype = dtypesOfArrays[name];
  if (dtype) return dtype;
  throw new DTypeError(
    `tensor: ${name} is no element type of wgrad; use one of ${Object.keys(dtypesOfArrays).join(', ')}, as in Float32Array.from(values, Number).`,
  );
}
