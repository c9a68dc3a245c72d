import { inWords, requireFunction } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { Node } from '../../../graph/node.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { type AnyLayer, Layer } from '../../../nn/layer.ts';
import { requireDTypeName } from '../../../tensor/require-dtype.ts';
import type { Tensors } from '../../../tensor/structure.ts';
import { type AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { MOST_OPEN, type OpenSize, type Size, trial } from './open-sizes.ts';

/** The sizes of an input; null or a name is one that each run chooses, such as the batch, equal names one size. */
export type InputShape = readonly (number | string | null)[];

/** What an input is; f32 where no dtype is given. */
export type InputSpec = InputShape | { readonly shape: InputShape; readonly dtype: DType };

/** What the inputs are: the only one, those of a model of several in its order, or by name. */
export type InputSpecs = InputShape | readonly InputShape[] | Readonly<Record<string, InputSpec>>;

/** A model, or a function that computes with variables: from its inputs by name to an output, or several by name. */
export type Traceable =
  | AnyLayer
  | ((inputs: Record<string, AnyTensor>) => AnyTensor | Readonly<Record<string, AnyTensor>>);

/** An input of the graph, as it was in both traces. */
export interface TracedInput {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: InputShape;
  readonly nodes: readonly [Node, Node];
}

export interface Trace {
  readonly inputs: readonly TracedInput[];
  readonly open: readonly OpenSize[];
  readonly outputs: readonly { readonly name: string; readonly nodes: readonly [Node, Node] }[];
}

/** A value that is given when the model runs. */
const inputOp = { name: 'input', lowering: { kind: 'leaf' } } as const;

/**
 * Calls a model with inputs that have no values, twice, with two values of each open size.
 * @throws ArgumentError where the inputs are not said in one of the ways there are.
 */
export function trace(model: Traceable, given: InputSpecs): Trace {
  if (!(model instanceof Layer)) requireFunction('onnx', 'model', model);
  const specs = byName(given);
  const open: OpenSize[] = [];
  const inputs = Object.entries(specs).map(([name, spec]): TracedInput => {
    const { shape, dtype } = isShape(spec) ? { shape: spec, dtype: 'f32' as const } : spec;
    requireDTypeName('onnx', dtype);
    const sizes = shape.map((size, axis) => sizeOf(size, { input: name, axis }, open));
    const node = (of: keyof Size) =>
      new Node(inputOp, [], { shape: sizes.map((size) => size[of]), dtype });
    return { name, dtype, shape, nodes: [node('at'), node('and')] };
  });
  const [first, second] = ([0, 1] as const).map((time) => {
    const tensors = inputs.map(({ name, nodes }): [string, AnyTensor] => [
      name,
      new Tensor(nodes[time]),
    ]);
    return outputsOf(model, Object.fromEntries(tensors), isList(given));
  }) as [Record<string, AnyTensor>, Record<string, AnyTensor>];
  const outputs = Object.entries(first).map(([name, output]) => {
    const again = second[name];
    if (again) return { name, nodes: [output.node, again.node] as const };
    throw new ArgumentError(
      `onnx: the function gives output '${name}' for some sizes of its inputs only.`,
    );
  });
  return { inputs, open, outputs };
}

function isShape(given: InputSpecs | InputSpec): given is InputShape {
  return Array.isArray(given) && !isList(given);
}

function isList(given: InputSpecs | InputSpec): given is readonly InputShape[] {
  return Array.isArray(given) && given.length > 0 && given.every((size) => Array.isArray(size));
}

function byName(given: InputSpecs): Readonly<Record<string, InputSpec>> {
  if (isList(given)) return Object.fromEntries(given.map((shape, i) => [`input_${i}`, shape]));
  return isShape(given) ? { input: given } : given;
}

function sizeOf(
  size: number | string | null,
  place: { readonly input: string; readonly axis: number },
  open: OpenSize[],
): Size {
  if (typeof size === 'number' && Number.isInteger(size) && size > 0)
    return { at: size, and: size };
  if (size !== null && typeof size !== 'string') {
    throw new ShapeError(
      `onnx: input '${place.input}' has ${inWords(size)} for axis ${place.axis}. Give a whole number, or null or a name for a size that each run chooses.`,
    );
  }
  const name = size ?? (place.axis === 0 ? 'batch' : `${place.input}_${place.axis}`);
  const known = open.find((one) => one.name === name);
  if (known) return known;
  if (open.length === MOST_OPEN) {
    throw new ArgumentError(
      `onnx: at most ${MOST_OPEN} sizes can be left open. Give numbers for the others.`,
    );
  }
  const opened = { ...place, name, ...trial(open.length) };
  open.push(opened);
  return opened;
}

function outputsOf(
  model: Traceable,
  inputs: Record<string, AnyTensor>,
  isInOrder: boolean,
): Readonly<Record<string, AnyTensor>> {
  const result = model instanceof Layer ? applied(model, inputs, isInOrder) : model(inputs);
  if (result instanceof Tensor) return { output: result };
  return Array.isArray(result)
    ? Object.fromEntries(result.map((output: AnyTensor, i) => [`output_${i}`, output]))
    : (result as Readonly<Record<string, AnyTensor>>);
}

function applied(layer: AnyLayer, inputs: Record<string, AnyTensor>, isInOrder: boolean): Tensors {
  const [input, ...others] = Object.values(inputs);
  if (layer.takes === 'several') return layer.forward(isInOrder ? Object.values(inputs) : inputs);
  if (input && others.length === 0) return layer.forward(input);
  throw new ArgumentError(
    `onnx: a ${layer.type} layer takes one input, got ${Object.keys(inputs).join(', ') || 'none'}. ` +
      'Export a function of several, or an nn.model.',
  );
}
