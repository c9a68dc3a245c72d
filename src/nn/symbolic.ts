import { inWords, refuseNames, requireOptions, requireText } from '../arguments.ts';
import { ArgumentError, WgradError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { requireDTypeName } from '../tensor/require-dtype.ts';
import { checkShape } from '../tensor/shape.ts';
import { isSeveral, mapStructure, type Structure, valuesOf } from '../tensor/structure.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { AnyLayer } from './layer.ts';

/** A call of a layer on symbolic values. */
export interface Call {
  readonly layer: AnyLayer;
  readonly inputs: Symbolics;
  /** What the call was told to call the layer. */
  readonly name: string | undefined;
}

/**
 * A value that is not there yet: an input of a model to be, or what a layer will give. It has a shape
 * and a dtype; layers are applied to it by `layer.apply(x)`, and `model` makes a model of it.
 */
export class Symbolic {
  /** Without the batch axis. */
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** What an input is called. */
  readonly name: string | undefined;
  /** What gives it, and which of its outputs it is; undefined for an input. */
  readonly from: { readonly call: Call; readonly output: string } | undefined;

  /** Comes from `input` and from `layer.apply`, not from here. */
  constructor(
    shape: readonly number[],
    dtype: DType,
    { name, from }: Partial<Pick<Symbolic, 'name' | 'from'>>,
  ) {
    this.shape = shape;
    this.dtype = dtype;
    this.name = name;
    this.from = from;
  }
}

/** A symbolic value, several in an array, or several under names. */
export type Symbolics = Structure<Symbolic>;

refuseNames(Symbolic.prototype, 'A symbolic value', {
  add: 'nn.add([a, b])',
  sub: 'nn.subtract([a, b])',
  mul: 'nn.multiply([a, b])',
  relu: 'nn.relu().apply(x)',
  reshape: 'a layer, layer.apply(x)',
  data: 'the outputs of a model, nn.model(inputs, outputs).forward(tensor)',
});

export interface InputOptions {
  /** Default f32. */
  readonly dtype?: DType;
  /** What errors and summaries call it. Default: its key or number among the model's inputs. */
  readonly name?: string;
}

/**
 * An input of a model to be: examples of a shape (without the batch axis), in batches of any number.
 * @throws ShapeError where it is no shape, ArgumentError where there is no such dtype.
 */
export function input(shape: readonly number[], options: InputOptions = {}): Symbolic {
  requireOptions('input', options, ['dtype', 'name']);
  const { dtype = 'f32', name } = options;
  checkShape('input', shape);
  requireDTypeName('input', dtype);
  if (name !== undefined) requireText('input', 'name', name);
  return new Symbolic([...shape], dtype, { name });
}

export interface ApplyOptions {
  /**
   * What the layer is called in the model, in the names of its variables and in summaries. Default: as
   * `model` says.
   */
  readonly name?: string;
}

/** What a layer gives for symbolic inputs, found by applying it to zeros that are never computed. */
export function applied(layer: AnyLayer, inputs: unknown, options: ApplyOptions): Symbolics {
  requireOptions('apply', options, ['name']);
  const { name } = options;
  if (name !== undefined) requireLayerName(name);
  requireSymbolics(`${layer.type}: apply takes`, inputs);
  const call: Call = { layer, inputs, name };
  const outputs = inCall(call, () =>
    layer.forward(mapStructure(inputs, ({ shape, dtype }) => zeros([1, ...shape], { dtype }))),
  );
  return mapStructure(outputs, ({ shape, dtype }, output) => {
    if (shape[0] !== 1) {
      throw new ArgumentError(
        `${layer.type}: apply needs layers that keep the first axis, which numbers the examples: of 1 example ` +
          `this one made [${shape}].`,
      );
    }
    return new Symbolic(shape.slice(1), dtype, { from: { call, output } });
  });
}

/** Names are parts of paths, whose separator is the dot. */
function requireLayerName(name: string): void {
  requireText('apply', 'name', name);
  if (!name.includes('.')) return;
  throw new ArgumentError(`apply: the name '${name}' must be without dots: it is part of a path.`);
}

/** @throws ArgumentError where it is no symbolic value, and no array or record of some. */
export function requireSymbolics(caller: string, x: unknown): asserts x is Symbolics {
  const values = isSeveral(x) ? valuesOf(x as Structure<object>) : [x];
  if (values.length > 0 && values.every((value) => value instanceof Symbolic)) return;
  const wrong: unknown = values.length > 0 ? values.find((one) => !(one instanceof Symbolic)) : x;
  const remedy = wrong instanceof Tensor ? ' Use layer.forward(x) of tensors.' : '';
  throw new ArgumentError(
    `${caller} symbolic values, as nn.input([28, 28, 1]) and layer.apply(x) give them; got ` +
      `${inWords(wrong)}.${remedy}`,
  );
}

/** @throws ArgumentError where tensors are wanted and symbolic values given. */
export function refuseSymbolic(type: string, x: unknown): void {
  const values = isSeveral(x) ? valuesOf(x as Structure<object>) : [x];
  if (!values.some((value) => value instanceof Symbolic)) return;
  throw new ArgumentError(
    `${type}: forward computes with tensors, and this is a symbolic value. Use layer.apply(x).`,
  );
}

/** Errors of a call name the layer as the model does, and all that it is called on. */
export function inCall<T>({ layer, inputs, name }: Call, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WgradError)) throw error;
    const shapes = valuesOf(inputs).map((value) => shapeText(value.shape));
    const called = name === undefined ? layer.type : `${layer.type} '${name}'`;
    const Kind = error.constructor as new (message: string, options: ErrorOptions) => WgradError;
    throw new Kind(`${called} on ${shapes.join(', ')}: ${error.message}`, { cause: error });
  }
}

/** A shape with its batch axis, as summaries have it: `(None, 28, 28, 1)`. */
export function shapeText(shape: readonly number[]): string {
  return `(${['None', ...shape].join(', ')})`;
}
