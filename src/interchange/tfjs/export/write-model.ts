import { inWords, shown } from '../../../arguments.ts';
import { ArgumentError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { FunctionalModel } from '../../../nn/functional-model.ts';
import type { AnyLayer } from '../../../nn/layer.ts';
import { namedValues, valuesOf } from '../../../tensor/structure.ts';
import type { Json } from '../../keras/json.ts';
import { GraphWriter, type Node, type Value, type Values } from './graph-writer.ts';

export interface WriteOptions {
  /**
   * The shape of the input (without the batch axis), null for sizes that are left open, as [28, 28, 1] or
   * [null, 3]; of several inputs their shapes, in their order. A model of symbolic values knows it.
   */
  readonly inputShape?: OpenShape | readonly OpenShape[];
}

type OpenShape = readonly (number | null)[];

interface Input {
  readonly name: string;
  readonly shape: OpenShape;
  readonly dtype: DType;
}

const dtypes: Readonly<Record<DType, string>> = {
  ...{ f32: 'float32', f16: 'float32', i32: 'int32', u32: 'int32', u8: 'int32', bool: 'bool' },
};

/**
 * A model as TensorFlow.js' format has it, sequential or functional, and the layers in it. Models of several
 * inputs or outputs by name have them in the order of the names.
 * @throws ArgumentError where TensorFlow.js has no such layers, or the input's shape is missing or no fit.
 * @throws ShapeError where the model does not take inputs of the shape.
 */
export function writeModel(
  model: AnyLayer,
  { inputShape }: WriteOptions,
): { topology: Json; nodes: readonly Node[] } {
  const inputs = inputsOf(model, inputShape);
  const writer = new GraphWriter(model);
  const entered = inputs.map(({ name, shape, dtype }) => {
    const config = { batch_input_shape: [null, ...shape], dtype: dtypes[dtype], sparse: false };
    return writer.input(name, config);
  });
  const outputs = valuesOf(writer.call(model, given(model, entered)));
  const { nodes } = writer;
  const isSequential = !(model instanceof FunctionalModel) && isChain(nodes, outputs);
  const topology = isSequential ? sequential(nodes) : functional(nodes, entered, outputs);
  return { topology, nodes };
}

/** The inputs as the model wants them. */
function given(model: AnyLayer, values: readonly Value[]): Values {
  const [first] = values;
  if (!(model instanceof FunctionalModel) || model.takes === 'one') return first as Value;
  const names = namedValues(model.graph.inputs).map(([key]) => key);
  return Object.fromEntries(names.map((key, i) => [key, values[i] as Value]));
}

/** The inputs of the model; builds it for them where all sizes are said. */
function inputsOf(model: AnyLayer, inputShape: WriteOptions['inputShape'] = []): Input[] {
  const lists = inputShape.filter((item) => typeof item === 'object' && item !== null);
  const sizes = inputShape.filter((item) => typeof item === 'number' || item === null);
  const shapes = lists.length > 0 || inputShape.length === 0 ? lists : [sizes];
  if (model instanceof FunctionalModel) {
    return model.inputs.map(([name, { shape, dtype }], i) => {
      const open = shapes[i] ?? shape;
      if (shape.length === open.length && open.every((size, a) => (size ?? shape[a]) === shape[a]))
        return { name, shape: open, dtype };
      throw new ArgumentError(
        `tfjs: the input ${shown(name)} of the model is [${shape}], which [${open.map((size) => size ?? 'null')}] does not fit.`,
      );
    });
  }
  const [shape] = shapes;
  if (model.takes === 'several' || !shape || shapes.length > 1) {
    throw new ArgumentError(
      `tfjs: the shape of the model's input is ${inWords(inputShape)}. ` +
        'Give it without the batch: { inputShape: [28, 28, 1] }.',
    );
  }
  const known = shape.filter((size) => size !== null);
  if (known.length === shape.length) model.build(known);
  return [{ name: 'input', shape, dtype: model.inputDType }];
}

/** Whether each layer is called once, on what the one before it gives. */
function isChain(nodes: readonly Node[], outputs: readonly Value[]): boolean {
  return (
    outputs[0]?.node === nodes.at(-1) &&
    nodes.every(({ calls: [call, another] }, i) => {
      const before = i === 0 ? undefined : nodes[i - 1];
      return !another && call?.[0]?.node === before && (call?.length ?? 0) <= 1;
    })
  );
}

function sequential(nodes: readonly Node[]): Json {
  const layers = nodes.map(({ className, config }) => ({ class_name: className, config }));
  return { class_name: 'Sequential', config: { name: 'sequential', layers } };
}

function functional(
  nodes: readonly Node[],
  inputs: readonly Value[],
  outputs: readonly Value[],
): Json {
  const reference = ({ node, call }: Value) => [node.name, call, 0];
  const layers = nodes.map(({ name, className, config, layer, calls }) => ({
    ...{ name, class_name: className, config },
    inbound_nodes: layer ? calls.map((call) => call.map((value) => [...reference(value), {}])) : [],
  }));
  const [input_layers, output_layers] = [inputs.map(reference), outputs.map(reference)];
  const config = { name: 'model', layers, input_layers, output_layers };
  return { class_name: 'Model', config };
}
