import { CheckpointError } from '../../../errors.ts';
import { tensor } from '../../../tensor/ops/creation.ts';
import type { GraphProto, NodeProto } from '../messages.ts';
import { fromTensorProto } from '../tensor-proto.ts';
import { controlFlow } from './control-flow.ts';
import { OperatorCall, type Outputs, Sequence, type Value } from './operators/call.ts';
import { type Interpretation, NotAtHand } from './operators/host-values.ts';
import { operators } from './operators/index.ts';
import { onHost } from './operators/sizes-on-host.ts';
import { sequenceOperators } from './operators/tensor-sequences.ts';

/** Computes nodes in order, and adds what they give to the values by name. */
export function* interpret(
  nodes: readonly NodeProto[],
  values: Map<string, Value>,
  opset: number,
): Interpretation<void> {
  for (const node of nodes) {
    const { call, outputs } = yield* compute(node, values, opset);
    for (const [i, name] of node.output.entries()) {
      const output = outputs[i];
      if (name === '') continue;
      if (!output) throw call.unsupported(`output ${i}`);
      const isFirst = i === 0 && !(output instanceof Sequence);
      values.set(name, (isFirst ? onHost(node.opType, call, output) : undefined) ?? output);
    }
  }
}

function* compute(
  node: NodeProto,
  values: Map<string, Value>,
  opset: number,
): Interpretation<{ call: OperatorCall; outputs: readonly (Value | undefined)[] }> {
  const inputs = node.input.map((name) => (name === '' ? undefined : computed(name, values)));
  for (;;) {
    const call = new OperatorCall(node, inputs, opset);
    try {
      const flow = controlFlow[node.opType];
      const sequence = inputs.findIndex((input) => input instanceof Sequence);
      if (sequence >= 0 && !flow && !(node.opType in sequenceOperators)) {
        throw call.unsupported(`a sequence as input ${sequence}`);
      }
      const outputs: Outputs | undefined = flow
        ? yield* flow(call, (graph, given) => interpretGraph(graph, given, values, opset))
        : operators.get(node.opType)?.(call);
      return { call, outputs: [outputs].flat() };
    } catch (error) {
      if (!(error instanceof NotAtHand)) throw error;
      // Of this operator alone: others go on with the tensor that has a gradient.
      inputs[error.index] = yield error;
    }
  }
}

/** The outputs of a graph inside of another, whose values it sees, too. */
function* interpretGraph(
  graph: GraphProto,
  given: readonly Value[],
  around: ReadonlyMap<string, Value>,
  opset: number,
): Interpretation<Value[]> {
  const values = new Map(around);
  for (const proto of graph.initializer) {
    const { data, shape, dtype } = fromTensorProto(proto, `tensor '${proto.name}'`);
    values.set(proto.name ?? '', tensor(data, shape, { dtype }));
  }
  for (const [i, { name }] of graph.input.entries()) {
    const value = given[i];
    if (value) values.set(name, value);
  }
  yield* interpret(graph.node, values, opset);
  return graph.output.map(({ name }) => computed(name, values));
}

/** @throws CheckpointError where there is no value of that name. */
export function computed(name: string, values: ReadonlyMap<string, Value>): Value {
  const value = values.get(name);
  if (value) return value;
  throw new CheckpointError(
    `The model uses '${name}', which no node computes before. The file is damaged.`,
  );
}
