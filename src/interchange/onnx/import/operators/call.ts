import { ArgumentError, CheckpointError } from '../../../../errors.ts';
import type { HostTensor } from '../../../../io/host-tensor.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { GraphProto, NodeProto } from '../../messages.ts';
import { fromTensorProto } from '../../tensor-proto.ts';
import { hostValues, NotAtHand } from './host-values.ts';

/** Several tensors as one value between nodes. */
export class Sequence {
  readonly tensors: readonly AnyTensor[];

  constructor(tensors: readonly AnyTensor[]) {
    this.tensors = tensors;
  }
}

/** What stands between nodes. */
export type Value = AnyTensor | Sequence;

/** What a node of a graph gives: its outputs in order, or the only one. */
export type Outputs = Value | readonly (Value | undefined)[];

/** How a node's outputs are made of wgrad's ops. */
export type Operator = (call: OperatorCall) => Outputs;

/** A node of an ONNX graph with the values at its inputs: reads its attributes and optional inputs. */
export class OperatorCall {
  /** The version of the operator set the model is written in. */
  readonly opset: number;
  /** The tensors among the values. */
  readonly inputs: readonly (AnyTensor | undefined)[];
  readonly values: readonly (Value | undefined)[];
  readonly #node: NodeProto;

  constructor(node: NodeProto, values: readonly (Value | undefined)[], opset: number) {
    this.#node = node;
    this.values = values;
    this.inputs = values.map((value) => (value instanceof Sequence ? undefined : value));
    this.opset = opset;
  }

  /** The same node of other inputs. */
  with(inputs: readonly (AnyTensor | undefined)[]): OperatorCall {
    return new OperatorCall(this.#node, inputs, this.opset);
  }

  /** The operator and where it stands, for errors. */
  get what(): string {
    const { name, opType, output } = this.#node;
    return `${opType} (${name || output[0]})`;
  }

  /** The number of outputs that somebody asks for. */
  get outputCount(): number {
    return this.#node.output.length;
  }

  /** @throws CheckpointError where there is no such input. */
  input(index: number): AnyTensor {
    const x = this.inputs[index];
    if (x) return x;
    throw new CheckpointError(`${this.what} has no input ${index}. The model is damaged.`);
  }

  /** @throws CheckpointError where the input is none. */
  sequence(index: number): Sequence {
    const value = this.values[index];
    if (value instanceof Sequence) return value;
    throw new CheckpointError(
      `${this.what} takes a sequence as input ${index}. The model is damaged.`,
    );
  }

  /** The first input. */
  get x(): AnyTensor {
    return this.input(0);
  }

  /** The inputs that are there. */
  get given(): AnyTensor[] {
    return this.inputs.filter((input) => input !== undefined);
  }

  /**
   * The numbers of an input that shapes the computation, such as the sizes of Reshape; undefined where
   * it is left out.
   * @throws NotAtHand where they are computed on the device.
   */
  known(index: number): readonly number[] | undefined {
    const x = this.inputs[index];
    if (!x) return undefined;
    const values = hostValues(x);
    if (values) return Array.from(values);
    throw new NotAtHand(this.what, x, index);
  }

  int(name: string): number | undefined;
  int(name: string, otherwise: number): number;
  int(name: string, otherwise?: number): number | undefined {
    const attribute = this.#attribute(name);
    return attribute ? (attribute.i ?? 0) : otherwise;
  }

  float(name: string, otherwise: number): number {
    const attribute = this.#attribute(name);
    return attribute ? (attribute.f ?? 0) : otherwise;
  }

  flag(name: string, otherwise = false): boolean {
    return this.int(name, otherwise ? 1 : 0) !== 0;
  }

  ints(name: string): readonly number[] | undefined {
    return this.#attribute(name)?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.#attribute(name)?.floats;
  }

  text(name: string, otherwise: string): string {
    const attribute = this.#attribute(name);
    return attribute ? new TextDecoder().decode(attribute.s) : otherwise;
  }

  texts(name: string): readonly string[] | undefined {
    return this.#attribute(name)?.strings?.map((bytes) => new TextDecoder().decode(bytes));
  }

  tensor(name: string): HostTensor | undefined {
    const proto = this.#attribute(name)?.t;
    return proto && fromTensorProto(proto, `${this.what}: ${name}`);
  }

  /** @throws CheckpointError where there is no such graph. */
  graph(name: string): GraphProto {
    const graph = this.#attribute(name)?.g;
    if (graph) return graph;
    throw new CheckpointError(`${this.what} has no graph '${name}'. The model is damaged.`);
  }

  /** Numbers that newer versions of an operator take from an input, and older ones from an attribute. */
  axesFrom(name: string, index: number): readonly number[] | undefined {
    return this.known(index) ?? this.ints(name);
  }

  /** The error of an attribute or a form of the operator that we do not compute. */
  unsupported(form: string): ArgumentError {
    return new ArgumentError(
      `${this.what}: ${form} is not supported. Export the model without it, or compute that part outside.`,
    );
  }

  #attribute(name: string) {
    return this.#node.attribute.find((attribute) => attribute.name === name);
  }
}
