import { stack } from '../../../tensor/ops/joining.ts';
import { unstack } from '../../../tensor/ops/rearranging/repeating.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { GraphProto, NodeProto } from '../messages.ts';
import { type OperatorCall, Sequence, type Value } from './operators/call.ts';
import { hostTensor, hostValues, type Interpretation, NotAtHand } from './operators/host-values.ts';

/** Computes a graph of given inputs. */
type Run = (graph: GraphProto, given: readonly Value[]) => Interpretation<Value[]>;

/** An operator that computes graphs which it has as attributes. */
type ControlFlow = (call: OperatorCall, run: Run) => Interpretation<Value[]>;

/** The nodes, and those of the graphs inside of them. */
export function nodesWithin(nodes: readonly NodeProto[]): NodeProto[] {
  return nodes.flatMap((node) => [
    node,
    ...node.attribute.flatMap(({ g }) => (g ? nodesWithin(g.node) : [])),
  ]);
}

function* branch(call: OperatorCall, run: Run): Interpretation<Value[]> {
  const [isTrue] = call.known(0) ?? [];
  return yield* run(call.graph(isTrue ? 'then_branch' : 'else_branch'), []);
}

/** Computes its body as often as it says, or as long as a condition holds. */
function* loop(call: OperatorCall, run: Run): Interpretation<Value[]> {
  const [most = Infinity] = call.known(0) ?? [];
  let [goesOn = 1] = call.known(1) ?? [];
  const body = call.graph('body');
  let carried = call.values.slice(2).filter((x) => x !== undefined);
  const added: Value[][] = [];
  for (let step = 0; step < most && goesOn !== 0; step++) {
    const given = [hostTensor([step], [], 'i32'), hostTensor([1], [], 'bool'), ...carried];
    const [condition, ...results] = yield* run(body, given);
    added.push(results.splice(carried.length));
    carried = results;
    if (condition) goesOn = yield* flag(condition, call);
  }
  const stacked = body.output.length - 1 - carried.length;
  return [...carried, ...steps(added, stacked, call).map((parts) => stack(parts))];
}

function* flag(condition: Value, call: OperatorCall): Interpretation<number> {
  if (condition instanceof Sequence) throw call.unsupported('a sequence as a condition');
  const there = hostValues(condition) ? condition : yield new NotAtHand(call.what, condition, 1);
  return hostValues(there)?.[0] ?? 0;
}

/** Computes its body for each slice of its last inputs; what comes of the others goes from step to step. */
function* scan(call: OperatorCall, run: Run): Interpretation<Value[]> {
  if (call.opset < 9) throw call.unsupported('the form of version 8');
  const body = call.graph('body');
  const count = call.int('num_scan_inputs', 1);
  const inputs = orderOf(call, 'input');
  const sequences = call.given
    .slice(-count)
    .map((x, i) => inputs.directed(unstack(x, inputs.axes[i] ?? 0), i));
  let carried: Value[] = call.given.slice(0, -count);
  const added: Value[][] = [];
  for (let step = 0; step < (sequences[0]?.length ?? 0); step++) {
    const results = yield* run(body, [
      ...carried,
      ...sequences.flatMap((sequence) => sequence[step] ?? []),
    ]);
    added.push(results.splice(carried.length));
    carried = results;
  }
  const outputs = orderOf(call, 'output');
  const stacked = steps(added, body.output.length - carried.length, call);
  return [
    ...carried,
    ...stacked.map((parts, i) => stack(outputs.directed(parts, i), outputs.axes[i] ?? 0)),
  ];
}

/** Along which axes slices lie, and whether the last one comes first. */
function orderOf(call: OperatorCall, side: 'input' | 'output') {
  const backwards = call.ints(`scan_${side}_directions`);
  return {
    axes: call.ints(`scan_${side}_axes`) ?? [],
    directed: (parts: AnyTensor[], i: number) => (backwards?.[i] === 1 ? parts.reverse() : parts),
  };
}

/** What each of `count` outputs added step by step. */
function steps(added: readonly Value[][], count: number, call: OperatorCall): AnyTensor[][] {
  if (added.length === 0 && count > 0)
    throw call.unsupported('a loop of no steps that adds up outputs');
  return Array.from({ length: count }, (_, i) => added.map((parts) => tensorIn(parts[i], call)));
}

function tensorIn(value: Value | undefined, call: OperatorCall): AnyTensor {
  if (value && !(value instanceof Sequence)) return value;
  throw call.unsupported('sequences that a loop stacks');
}

/** The operators that compute other graphs. */
export const controlFlow: Readonly<Record<string, ControlFlow>> = {
  If: branch,
  Loop: loop,
  Scan: scan,
};
