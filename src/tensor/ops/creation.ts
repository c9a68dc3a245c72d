import { requireNumber, requireOptions, shown } from '../../arguments.ts';
import { ArgumentError, DTypeError, OutOfMemoryError, ShapeError } from '../../errors.ts';
import { Node } from '../../graph/node.ts';
import { copied, type DType, dtypes, type HostArray } from '../../kernels/dtype.ts';
import { packedHalves, unpackHalves } from '../../kernels/half.ts';
import { product } from '../../kernels/launch.ts';
import {
  dtypeOf,
  flattened,
  isHostArray,
  isPixels,
  type Pixels,
  type TypedArray,
} from '../nested-values.ts';
import { apply, type NoAttributes, type Op } from '../op.ts';
import { requireDTypeName, requireTensor } from '../require-dtype.ts';
import { checkShape, MOST_ELEMENTS } from '../shape.ts';
import type { Nested, Resolved, Shape, ShapeOf } from '../shape-types.ts';
import { Tensor } from '../tensor.ts';

const host: Op = { name: 'host', lowering: { kind: 'leaf' } };
const constant: Op<[], NoAttributes, 'value'> = {
  name: 'constant',
  lowering: { kind: 'generator', generate: 'constant' },
};
const iota: Op = { name: 'iota', lowering: { kind: 'generator', generate: 'iota' } };

type DTypeOf<T> = T extends Int32Array | Int16Array | Int8Array
  ? 'i32'
  : T extends Uint32Array | Uint16Array
    ? 'u32'
    : T extends Uint8Array | Uint8ClampedArray
      ? 'u8'
      : 'f32';

/**
 * A tensor of the given values: nested arrays (shape inferred, also in the types), rows that are
 * typed arrays, a number, a typed array with a shape, or an `ImageData`, [height, width, 4]. The dtype is
 * f32 for numbers and Float64Array, bool for booleans, i32 for Int8Array and Int16Array, u32 for
 * Uint16Array, u8 for pixels and Uint8ClampedArray, and otherwise a typed array's own; numbers of f16 are
 * rounded to the nearest. Arrays are copied: what becomes of them later changes nothing.
 * @throws ArgumentError where there is something else among the values.
 * @throws ShapeError where arrays are ragged or a shape has another size.
 * @throws DTypeError where the dtype cannot hold a value, or values are of two kinds.
 */
export function tensor<const T extends Nested>(
  values: T,
): Tensor<ShapeOf<T>, T extends boolean ? 'bool' : 'f32'>;
export function tensor<const T extends Nested, D extends DType>(
  values: T,
  options: { dtype: D },
): Tensor<ShapeOf<T>, D>;
export function tensor(image: Pixels): Tensor<[number, number, 4], 'u8'>;
export function tensor<D extends DType>(
  image: Pixels,
  options: { dtype: D },
): Tensor<[number, number, 4], D>;
export function tensor<T extends TypedArray>(
  rows: readonly T[],
): Tensor<[number, number], DTypeOf<T>>;
export function tensor<T extends TypedArray, const S extends Shape>(
  values: T,
  shape: S,
): Tensor<Resolved<S>, DTypeOf<T>>;
export function tensor<const S extends Shape, D extends DType>(
  values: TypedArray,
  shape: S,
  options: { dtype: D },
): Tensor<Resolved<S>, D>;
export function tensor(
  values: Nested | TypedArray | readonly TypedArray[] | Pixels,
  second?: Shape | { dtype?: DType },
  third?: { dtype?: DType },
): Tensor<Shape, DType> {
  const [shape, options] = isList(second) ? [second, third] : [undefined, second];
  if (typeof second === 'string' || typeof second === 'number') throw misplaced(second);
  if (options !== undefined) requireOptions('tensor', options, ['dtype']);
  const wanted = options?.dtype;
  if (wanted !== undefined) requireDTypeName('tensor', wanted);
  if (ArrayBuffer.isView(values)) {
    return fromTyped(values, shape ?? [values.length], wanted);
  }
  if (isPixels(values)) return fromTyped(values.data, [values.height, values.width, 4], wanted);
  if (shape) {
    throw new ArgumentError(
      'tensor: a shape goes with a typed array, as in tensor(Float32Array.of(…), shape); nested arrays ' +
        'have one of their own. Use tensor(values).reshape(shape).',
    );
  }
  const flat = flattened(values, wanted);
  return owning(convert(flat.values, flat.dtype), [...flat.shape], flat.dtype);
}

/** What was given where a shape or options go. */
function misplaced(second: unknown): ArgumentError {
  if (typeof second === 'string') {
    return new ArgumentError(`tensor: options must be an object, such as { dtype: '${second}' }.`);
  }
  return new ArgumentError(
    `tensor: takes one array, as in tensor([1, 2]), or a shape behind a typed array, as in [${second}]; got ${second} as the second argument.`,
  );
}

function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

function fromTyped(
  values: TypedArray,
  shape: Shape,
  dtype: DType | undefined,
): Tensor<Shape, DType> {
  const own = dtypeOf(values);
  checkShape('tensor', shape);
  if (product(shape) !== values.length) {
    throw new ShapeError(
      `tensor: ${values.length} values do not fill shape [${shape}], which has ${product(shape)} elements.`,
    );
  }
  const wanted = dtype ?? own;
  const isOwn = wanted === own && isHostArray(values);
  return owning(isOwn ? copied(values) : convert(values, wanted), [...shape], wanted);
}

/** A tensor of an array that the library has just made and lets go of: it is not copied. */
export function owning<S extends Shape, D extends DType>(
  data: HostArray,
  shape: S,
  dtype: D,
): Tensor<S, D> {
  return new Tensor(new Node(host, [], { shape, dtype }, {}, {}, { kind: 'host', data }));
}

/** Without intermediate arrays: `from` makes a list of objects first, which millions are too much for. */
function convert(values: TypedArray | readonly number[], dtype: DType): HostArray {
  if (dtype === 'f32') return new Float32Array(values);
  if (dtype === 'f16') {
    const rounded = new Float32Array(values.length);
    unpackHalves(packedHalves(values), rounded);
    return rounded;
  }
  if (dtype === 'bool') {
    const bits = new Uint8Array(values.length);
    for (let i = 0; i < bits.length; i++) bits[i] = values[i] === 0 ? 0 : 1;
    return bits;
  }
  for (let i = 0; i < values.length; i++) checkValue('tensor', values[i] as number, dtype);
  if (dtype === 'i32') return new Int32Array(values);
  return dtype === 'u32' ? new Uint32Array(values) : new Uint8Array(values);
}

const bounds: Partial<Record<DType, readonly [number, number]>> = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  u8: [0, 255],
};

/**
 * Refuses a number that a dtype of whole numbers cannot hold.
 * @throws ArgumentError where it is no number at all.
 * @throws DTypeError where it is no such number.
 */
export function checkValue(op: string, value: number, dtype: DType): void {
  if (typeof value !== 'number') {
    throw new ArgumentError(`${op}: value ${shown(value)} must be a number.`);
  }
  const [least, most] = bounds[dtype] ?? [];
  if (least === undefined || most === undefined) return;
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new DTypeError(`${op}: ${value} is no ${dtype} (whole numbers from ${least} to ${most}).`);
}

interface DTypeOption<D extends DType> {
  readonly dtype?: D;
}

/**
 * The dtype asked for, or f32, which is what `D` is where none is.
 * @throws ArgumentError where there is no such dtype.
 */
export function dtypeIn<D extends DType>(op: string, { dtype = 'f32' as D }: DTypeOption<D>): D {
  requireDTypeName(op, dtype);
  return dtype;
}

/** A copy of a shape that a user asked for, as a result has it. */
export function resolved<S extends Shape>(op: string, shape: S): Resolved<S> {
  checkShape(op, shape);
  return [...shape] as unknown as Resolved<S>;
}

/**
 * A tensor with every element `value`. The value may differ from step to step at no cost.
 * @throws ShapeError where a dimension is not a whole number of 0 or more.
 * @throws DTypeError where the dtype cannot hold the value.
 */
export function full<const S extends Shape, D extends DType = 'f32'>(
  shape: S,
  value: number,
  options: DTypeOption<D> = {},
): Tensor<Resolved<S>, D> {
  return filled('full', shape, value, options);
}

function filled<const S extends Shape, D extends DType>(
  op: string,
  shape: S,
  value: number,
  options: DTypeOption<D>,
): Tensor<Resolved<S>, D> {
  const own = resolved(op, shape);
  requireOptions(op, options, ['dtype']);
  const type = { shape: own, dtype: dtypeIn(op, options) };
  checkValue(op, value, type.dtype);
  return apply(constant, [], type, {}, { value });
}

/**
 * A tensor of zeros, f32 unless another dtype is asked for.
 * @throws ShapeError where a dimension is not a whole number of 0 or more.
 */
export function zeros<const S extends Shape, D extends DType = 'f32'>(
  shape: S,
  options: DTypeOption<D> = {},
): Tensor<Resolved<S>, D> {
  return filled('zeros', shape, 0, options);
}

/**
 * A tensor of ones, f32 unless another dtype is asked for.
 * @throws ShapeError where a dimension is not a whole number of 0 or more.
 */
export function ones<const S extends Shape, D extends DType = 'f32'>(
  shape: S,
  options: DTypeOption<D> = {},
): Tensor<Resolved<S>, D> {
  return filled('ones', shape, 1, options);
}

/** A tensor of zeros of the shape and dtype of another. */
export function zerosLike<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  return likewise('zerosLike', x, 0);
}

/** A tensor of ones of the shape and dtype of another. */
export function onesLike<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  return likewise('onesLike', x, 1);
}

/**
 * A tensor with every element `value`, of the shape and dtype of another.
 * @throws DTypeError where the dtype cannot hold the value.
 */
export function fullLike<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  value: number,
): Tensor<S, D> {
  return likewise('fullLike', x, value);
}

function likewise<S extends Shape, D extends DType>(op: string, x: Tensor<S, D>, value: number) {
  requireTensor(op, x);
  checkValue(op, value, x.dtype);
  return apply(constant, [], { shape: x.shape, dtype: x.dtype }, {}, { value });
}

/** The most numbers that are made on the host: as f32, what a device binds at most. */
const MOST_HOST_NUMBERS = 2 ** 29;

/** Room for `count` numbers on the host. */
function hostNumbers(op: string, count: number): Float64Array {
  const tooMany = `${op}: ${count} numbers take ${count * 8} bytes on the host, which has`;
  const remedy = 'Make them in parts, or with arange(n) and arithmetic, which need none there.';
  if (count > MOST_HOST_NUMBERS) {
    throw new OutOfMemoryError(`${tooMany} room for ${MOST_HOST_NUMBERS} at most. ${remedy}`);
  }
  try {
    return new Float64Array(count);
  } catch (cause) {
    throw new OutOfMemoryError(`${tooMany} no room for them. ${remedy}`, { cause });
  }
}

/** `0, 1, …, n − 1` laid out in a shape. */
export function positions<const S extends Shape, D extends DType = 'i32'>(
  shape: S,
  dtype: D,
): Tensor<Resolved<S>, D> {
  return apply(iota, [], { shape: resolved('positions', shape), dtype });
}

/**
 * The numbers from `start` (0 if left out) to before `stop`, `step` apart.
 * @throws ShapeError where the step is 0, or the three make no finite number of elements.
 * @throws OutOfMemoryError where they do not start at 0 or lie 1 apart, and are too many for the host.
 * @throws DTypeError where the dtype cannot hold a value.
 */
export function arange<D extends DType = 'f32'>(
  start: number,
  stop?: number,
  step = 1,
  options: DTypeOption<D> = {},
): Tensor<[number], D> {
  requireOptions('arange', options, ['dtype']);
  const [first, end] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0) throw new ShapeError('arange: the step must not be 0.');
  const count = Math.max(0, Math.ceil((end - first) / step));
  if (![first, end, step].every(Number.isFinite) || count > MOST_ELEMENTS) {
    throw new ShapeError(
      `arange: start, stop and step must be finite numbers that make at most ${MOST_ELEMENTS} elements; ` +
        `got ${[first, end, step].map(shown).join(', ')}.`,
    );
  }
  const dtype = dtypeIn('arange', options);
  if (first === 0 && step === 1 && dtypes[dtype].computed !== 'bool') {
    checkValue('arange', Math.max(0, count - 1), dtype);
    return positions([count], dtype);
  }
  const values = hostNumbers('arange', count);
  for (let i = 0; i < count; i++) values[i] = first + i * step;
  return owning(convert(values, dtype), [count], dtype);
}

/**
 * `count` numbers from `start` to `stop`, both included, at equal distances.
 * @throws ShapeError where `count` is not a whole number of 0 or more.
 * @throws ArgumentError where an end is not a finite number.
 * @throws OutOfMemoryError where they are too many for the host.
 */
export function linspace(start: number, stop: number, count: number): Tensor<[number]> {
  checkShape('linspace', [count]);
  requireNumber('linspace', { start, stop });
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  const values = hostNumbers('linspace', count);
  for (let i = 0; i < count; i++) values[i] = start + i * step;
  if (count > 1) values[count - 1] = stop;
  return owning(convert(values, 'f32'), [count], 'f32');
}
