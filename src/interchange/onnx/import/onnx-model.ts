import { requireChoice } from '../../../arguments.ts';
import { ArgumentError, CheckpointError, ShapeError } from '../../../errors.ts';
import type { HostTensor } from '../../../io/host-tensor.ts';
import { type DType, isFloat } from '../../../kernels/dtype.ts';
import { Layer } from '../../../nn/layer.ts';
import { tensor } from '../../../tensor/ops/creation.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../../../tensor/variable.ts';
import type { GraphProto, NodeProto, ValueInfoProto } from '../messages.ts';
import { dtypeOfElements, elementTypeOf, fromTensorProto } from '../tensor-proto.ts';
import { controlFlow, nodesWithin } from './control-flow.ts';
import { computed, interpret } from './interpreter.ts';
import { Sequence, type Value } from './operators/call.ts';
import { asInput, atHand } from './operators/host-values.ts';
import { operators } from './operators/index.ts';
import { arrange } from './operators/layout.ts';

/** An input or an output of a model. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: DType;
  /** Its sizes; names stand for those that each call may choose, such as the batch. Undefined where the file does not say. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** Statistics that training would have to gather, not learn. */
const STATISTICS: Readonly<Record<string, readonly number[]>> = { BatchNormalization: [3, 4] };

const { f32: F32 } = elementTypeOf;

/** [O, C, H, W] as [H, W, C, O], the order in which convolutions read filters, and back. */
const TO_FILTER = [2, 3, 1, 0];
const FROM_FILTER = [3, 2, 0, 1];

/**
 * A model of an ONNX file as a layer: `forward` computes its first output from its only input, `run`
 * all outputs from all inputs. Its float weights are variables by their names in the file, which
 * optimizers change, but for the statistics of batch norms; dropout and batch norm are those of
 * inference in training, too.
 */
export class OnnxModel extends Layer {
  readonly type = 'onnx';
  /** In the order of the file. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly #nodes: readonly NodeProto[];
  readonly #opset: number;
  readonly #weights = new Map<string, () => AnyTensor>();

  /** Models come from {@link load} and {@link decode}. */
  constructor(graph: GraphProto, opset: number, source: string) {
    super();
    this.#nodes = graph.node;
    this.#opset = opset;
    requireOperators(graph.node, source);
    const tensors = new Map(
      graph.initializer.map((proto) => {
        const name = proto.name ?? '';
        return [name, fromTensorProto(proto, `${source}: tensor '${name}'`)];
      }),
    );
    for (const [name, value] of tensors) this.#weights.set(name, this.#weight(name, value));
    // Old files list the weights among the inputs.
    this.inputs = graph.input
      .filter(({ name }) => !tensors.has(name))
      .map((info) => described(info, source));
    this.outputs = graph.output.map((info) => described(info, source));
  }

  /**
   * All outputs by name, computed from all inputs by name.
   * @throws ArgumentError where an input is missing or unknown, or a shape depends on an input's values.
   * @throws ShapeError, DTypeError where an input is not what the model takes.
   */
  run(inputs: Readonly<Record<string, AnyTensor>>): Record<string, AnyTensor> {
    const values = this.#given(inputs);
    const step = interpret(this.#nodes, values, this.#opset).next();
    if (!step.done) throw step.value;
    return this.#outputsIn(values);
  }

  /**
   * As {@link run}, but waits for values where shapes, branches or loops depend on them, as those behind
   * NonZero do: for models whose outputs have no shape that can be known before.
   */
  async runAsync(inputs: Readonly<Record<string, AnyTensor>>): Promise<Record<string, AnyTensor>> {
    const values = this.#given(inputs);
    const steps = interpret(this.#nodes, values, this.#opset);
    for (let step = steps.next(); !step.done; ) step = steps.next(await atHand(step.value.tensor));
    return this.#outputsIn(values);
  }

  #given(inputs: Readonly<Record<string, AnyTensor>>): Map<string, Value> {
    const values = new Map<string, Value>();
    for (const [name, weight] of this.#weights) values.set(name, weight());
    for (const wanted of this.inputs) values.set(wanted.name, checked(wanted, inputs));
    for (const name of Object.keys(inputs)) {
      if (!values.has(name))
        requireChoice(
          'run',
          { name },
          this.inputs.map((input) => input.name),
        );
    }
    return values;
  }

  #outputsIn(values: ReadonlyMap<string, Value>): Record<string, AnyTensor> {
    const outputs = this.outputs.map(({ name }): [string, AnyTensor] => {
      const value = computed(name, values);
      if (!(value instanceof Sequence)) return [name, value];
      throw new CheckpointError(
        `Output '${name}' is a sequence, and the model says a tensor. The model is damaged.`,
      );
    });
    return Object.fromEntries(outputs);
  }

  protected override compute(x: AnyTensor): AnyTensor {
    const [input, other] = this.inputs;
    const [output] = this.outputs;
    if (!input || !output || other) {
      const names = this.inputs.map(({ name }) => name).join(', ');
      throw new ArgumentError(
        `onnx: the model has the inputs ${names}, and forward takes one. Use run({ ${names} }).`,
      );
    }
    return this.run({ [input.name]: x })[output.name] as AnyTensor;
  }

  /**
   * Floats become a variable, one of f32 where halves are computed with as such; whole numbers, and single
   * ones, are part of the computation.
   */
  #weight(name: string, { shape, dtype, data }: HostTensor): () => AnyTensor {
    const isWidened = dtype === 'f16' && usesOf(name, nodesWithin(this.#nodes)).every(isWidening);
    const value = tensor(data, shape, { dtype: isWidened ? 'f32' : dtype });
    const own = usesOf(name, this.#nodes);
    const uses = isWidened
      ? own.flatMap(({ node }) => usesOf(node.output[0] ?? '', this.#nodes))
      : own;
    if (!isFloat(dtype) || shape.length === 0 || uses.length === 0) return () => value;
    const isStatistic = uses.every(({ node, index }) => STATISTICS[node.opType]?.includes(index));
    const isFilter =
      shape.length === 4 && uses.every(({ node, index }) => node.opType === 'Conv' && index === 1);
    const variable: AnyVariable = this.own(
      new Variable(isFilter ? value.transpose(TO_FILTER) : value, {
        name,
        trainable: !isStatistic,
        ...(isFilter ? { pytorchAxes: TO_FILTER } : {}),
      }),
    );
    return isFilter ? () => arrange(variable.value, FROM_FILTER) : () => variable.value;
  }
}

/** A node that reads a value, and as which of its inputs. */
interface Use {
  readonly node: NodeProto;
  readonly index: number;
}

function usesOf(name: string, nodes: readonly NodeProto[]): Use[] {
  return nodes.flatMap((node) =>
    node.input.flatMap((input, index) => (input === name ? [{ node, index }] : [])),
  );
}

/** Makes f32 of halves. */
function isWidening({ node: { opType, attribute } }: Use): boolean {
  return opType === 'Cast' && attribute.some(({ name, i }) => name === 'to' && i === F32);
}

function described({ name, type }: ValueInfoProto, source: string): OnnxValue {
  const what = type?.tensorType;
  if (!what) {
    throw new CheckpointError(
      `${source}: '${name}' is no tensor. Sequences, maps and optional values as inputs or outputs are not supported.`,
    );
  }
  const shape = what.shape?.dim.map(({ dimValue, dimParam }) => dimValue ?? (dimParam || '?'));
  return { name, dtype: dtypeOfElements(what.elemType, `${source}: '${name}'`), shape };
}

function requireOperators(nodes: readonly NodeProto[], source: string): void {
  const missing = new Set(
    nodesWithin(nodes).flatMap(({ opType, domain = '' }) => {
      if (domain !== '' && domain !== 'ai.onnx') return `${domain}.${opType}`;
      return operators.has(opType) || opType in controlFlow ? [] : opType;
    }),
  );
  if (missing.size === 0) return;
  throw new CheckpointError(
    `${source} uses operators that are not supported: ${[...missing].join(', ')}. ` +
      'Export the model without them; docs/interchange.md lists those that are.',
  );
}

/** An input as the model takes it. */
function checked(
  { name, dtype, shape }: OnnxValue,
  inputs: Readonly<Record<string, AnyTensor>>,
): AnyTensor {
  const x = inputs[name];
  if (!x) {
    throw new ArgumentError(
      `run: input '${name}' is missing; got ${Object.keys(inputs).join(', ') || 'none'}.`,
    );
  }
  const fits =
    !shape ||
    (shape.length === x.rank &&
      shape.every((size, i) => typeof size === 'string' || size === x.shape[i]));
  if (!fits) throw new ShapeError(`run: input '${name}' is [${shape}], got [${x.shape}].`);
  return asInput(x.cast(dtype));
}
