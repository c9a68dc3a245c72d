import { ArgumentError } from '../../../errors.ts';
import type { HostTensor } from '../../../io/host-tensor.ts';
import type { DType } from '../../../kernels/dtype.ts';
import {
  type AttributeProto,
  attributeTypes,
  type NodeProto,
  type TensorProto,
} from '../messages.ts';
import { int64Proto, toTensorProto } from '../tensor-proto.ts';
import { isEqual, isFixed, type OpenSize, productOf, type Size, subsets } from './open-sizes.ts';

/** A value of the graph that is written. */
export interface Written {
  readonly name: string;
  readonly shape: readonly Size[];
  readonly dtype: DType;
  /** What it is a repetition of, to which ONNX' operators broadcast by themselves. */
  readonly narrow?: Written;
  /** What it is the transpose of. */
  readonly origin?: { readonly value: Written; readonly permutation: readonly number[] };
}

/** A float, where ONNX' attribute is one and the number may be whole. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Attributes of a node: whole numbers, text, lists of whole numbers, and floats that say so. */
export type NodeAttributes = Readonly<
  Record<string, number | string | readonly number[] | Float | TensorProto>
>;

interface Type {
  readonly shape: readonly Size[];
  readonly dtype: DType;
}

/** What ONNX takes as "to the end". */
export const TO_THE_END = 2 ** 31 - 1;

/** Collects the nodes and constants of an ONNX graph. */
export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #constants: TensorProto[] = [];
  readonly #open: readonly OpenSize[];
  readonly #names = new Set<string>();
  readonly #shared = new Map<string, string>();

  constructor(open: readonly OpenSize[]) {
    this.#open = open;
  }

  /** A name that no other value has: `wanted` itself for the first that asks. */
  uniqueName(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#names.has(name); i++) name = `${wanted}_${i}`;
    this.#names.add(name);
    return name;
  }

  /** Adds a node of one output, which gets a name of its own, or `output`; of several, the last is given. */
  node(
    opType: string,
    inputs: readonly (Written | string)[],
    { shape, dtype }: Type,
    attributes: NodeAttributes = {},
    output: string | readonly string[] = this.uniqueName(opType.toLowerCase()),
  ): Written {
    const input = inputs.map((x) => (typeof x === 'string' ? x : x.name));
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    const names = [output].flat();
    const name = names.at(-1) ?? '';
    this.#nodes.push({ name, opType, input, output: names, attribute });
    return { name, shape, dtype };
  }

  /** Adds a constant, by a name of its own that is like `wanted`. */
  constant(wanted: string, value: HostTensor): Written {
    const name = this.uniqueName(wanted);
    this.#constants.push(toTensorProto(name, value));
    const shape = value.shape.map((at) => ({ at, and: at }));
    return { name, shape, dtype: value.dtype };
  }

  /** Numbers that are part of the computation: readers take the graph's other constants for weights. */
  literal(value: HostTensor): Written {
    const shape = value.shape.map((at) => ({ at, and: at }));
    return this.node(
      'Constant',
      [],
      { shape, dtype: value.dtype },
      { value: toTensorProto('', value) },
    );
  }

  /** A constant of one number; equal ones are one. */
  scalar(value: number, dtype: DType): Written {
    const name = this.#once(`${dtype} ${Object.is(value, -0) ? '-0' : value}`, () => {
      const isFloat = dtype === 'f32' || dtype === 'f16';
      const whole = dtype === 'i32' ? Int32Array : dtype === 'u32' ? Uint32Array : Uint8Array;
      const data = isFloat ? Float32Array.of(value) : whole.of(value);
      return this.literal({ shape: [], dtype, data }).name;
    });
    return { name, shape: [], dtype };
  }

  /** A constant of whole numbers of 64 bits, as axes and sizes are; equal ones are one. */
  integers(values: readonly number[], rank: 0 | 1 = 1): string {
    return this.#once(`integers ${rank} ${values}`, () => {
      const name = this.uniqueName('integers');
      this.#constants.push(int64Proto(name, rank === 0 ? [] : [values.length], values));
      return name;
    });
  }

  /**
   * Sizes as an operator such as Expand takes them: constants where all are fixed, otherwise found when
   * the model runs.
   * @throws ArgumentError where one is no multiple of open sizes.
   */
  sizes(shape: readonly Size[]): string {
    if (shape.every(isFixed)) return this.integers(shape.map(({ at }) => at));
    const parts = shape.map((size) =>
      isFixed(size) ? this.integers([size.at]) : this.#openSize(size),
    );
    return this.node('Concat', parts, { shape: [], dtype: 'i32' }, { axis: 0 }).name;
  }

  /** A whole multiple of an open size, or of the product of several. */
  #openSize(size: Size): string {
    const factors = subsets(this.#open).find((some) => {
      const { at, and } = productOf(some);
      return size.at * and === size.and * at && Number.isInteger(size.at / at);
    });
    if (!factors) {
      throw notExported(
        `a size or number that is ${size.at} or ${size.and}`,
        `it depends on the open sizes ${this.#open.map(({ name }) => name).join(', ')}, and is no multiple of them. Give numbers for them.`,
      );
    }
    const times = size.at / productOf(factors).at;
    return this.#once(`size ${factors.map(({ name }) => name)} ${times}`, () => {
      const parts = factors.map((open) => this.#ownSize(open));
      if (times !== 1) parts.push(this.integers([times]));
      return parts.reduce((a, b) => this.node('Mul', [a, b], { shape: [], dtype: 'i32' }).name);
    });
  }

  #ownSize({ name, input, axis }: OpenSize): string {
    return this.#once(`size ${name}`, () => {
      const type = { shape: [], dtype: 'i32' } as const;
      const shape = this.node('Shape', [input], type);
      return this.node('Gather', [shape, this.integers([axis])], type, { axis: 0 }).name;
    });
  }

  /** The axes in another order: the origin itself, where `x` was made from it by the opposite order. */
  transpose(x: Written, permutation: readonly number[]): Written {
    const { origin } = x;
    if (origin && permutation.every((axis, i) => origin.permutation[axis] === i))
      return origin.value;
    const shape = permutation.map((axis) => x.shape[axis] ?? { at: 1, and: 1 });
    const written = this.node('Transpose', [x], { shape, dtype: x.dtype }, { perm: permutation });
    return { ...written, origin: { value: x, permutation } };
  }

  /** `x` in another shape of as many elements. */
  reshape(x: Written, shape: readonly Size[]): Written {
    // 0 stands for the size that the axis has already, and −1 for the one that follows from the others.
    const isKept = (size: Size, axis: number) => !isFixed(size) && isEqual(size, x.shape[axis]);
    const open = shape.filter((size, axis) => !isFixed(size) && !isKept(size, axis));
    const numbers = shape.map((size, axis) =>
      isFixed(size) ? size.at : isKept(size, axis) ? 0 : -1,
    );
    const sizes = open.length <= 1 ? this.integers(numbers) : this.sizes(shape);
    return this.node('Reshape', [x, sizes], { shape, dtype: x.dtype });
  }

  /** What the outputs need, in the order it was added. */
  needed(outputs: readonly string[]): { node: NodeProto[]; initializer: TensorProto[] } {
    const names = new Set(outputs);
    const node = this.#nodes
      .toReversed()
      .filter(({ input, output }) => {
        if (!output.some((name) => names.has(name))) return false;
        for (const name of input) names.add(name);
        return true;
      })
      .reverse();
    return { node, initializer: this.#constants.filter(({ name = '' }) => names.has(name)) };
  }

  #once(key: string, make: () => string): string {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.#shared.set(key, name);
    return name;
  }
}

function attributeOf(name: string, value: NodeAttributes[string]): AttributeProto {
  if (value instanceof Float) return { name, type: attributeTypes.float, f: value.value };
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if (typeof value === 'string') {
    return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  }
  return isTensor(value)
    ? { name, type: attributeTypes.tensor, t: value }
    : { name, type: attributeTypes.ints, ints: value };
}

function isTensor(value: readonly number[] | TensorProto): value is TensorProto {
  return 'dataType' in value;
}

/** The error of what cannot be written. */
export function notExported(what: string, why: string): ArgumentError {
  return new ArgumentError(`onnx: ${what} cannot be exported: ${why}`);
}
