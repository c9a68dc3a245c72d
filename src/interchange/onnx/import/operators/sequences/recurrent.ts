import { full, positions } from '../../../../../tensor/ops/creation.ts';
import { takeAlongAxis } from '../../../../../tensor/ops/indexing/along-axis.ts';
import { stack } from '../../../../../tensor/ops/joining.ts';
import { matMul } from '../../../../../tensor/ops/linear.ts';
import { where } from '../../../../../tensor/ops/where.ts';
import { sizeOf } from '../../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../../tensor/tensor.ts';
import type { Operator, OperatorCall, Outputs } from '../call.ts';
import { hostValues } from '../host-values.ts';
import { activationsOf } from './activations.ts';
import { type Cell, gru, lstm, type StateWeights, simple } from './cells.ts';

/** How one direction is read. */
interface Reading {
  readonly cell: Cell;
  readonly direction: number;
  readonly backwards: boolean;
  readonly activations: StateWeights['activations'];
  /** The steps that each sequence has, [batch, 1]; undefined where all have all. */
  readonly lengths: AnyTensor | undefined;
  readonly first: readonly AnyTensor[];
}

/** Reads steps [length, batch, features] in one direction: all outputs, where their steps are, and the last state. */
function read(
  x: AnyTensor,
  call: OperatorCall,
  { cell, direction, backwards, activations, lengths, first }: Reading,
): { sequence: AnyTensor; state: readonly AnyTensor[] } {
  const [length, batch] = [sizeOf(x.shape, 0), sizeOf(x.shape, 1)];
  const own = (given: AnyTensor) => given.slice([direction], [direction + 1]).squeeze([0]);
  const [ofInput, weight] = [own(call.input(1)), own(call.input(2))];
  const width = sizeOf(weight.shape, 0);
  const bias = call.inputs[3] ? own(call.inputs[3]) : full([2 * width], 0);
  const peepholes = call.inputs[7] && own(call.inputs[7]);
  const weights = { weight, bias: bias.slice([width]), peepholes, activations };
  const flat = matMul(x.reshape([length * batch, -1]), ofInput, false, true);
  const inputs = flat.add(bias.slice([0], [width])).reshape([length, batch, width]);
  const outputs: AnyTensor[] = [];
  let state = first;
  for (let i = 0; i < length; i++) {
    const at = backwards ? length - 1 - i : i;
    const next = cell.step(inputs.slice([at], [at + 1]).squeeze([0]), state, weights);
    const isThere = lengths?.greater(at);
    outputs[at] = isThere ? where(isThere, next[0]!, 0) : next[0]!;
    // Behind its end a sequence keeps its state: read backwards, the one it begins with.
    state = isThere ? next.map((part, k) => where(isThere, part, state[k]!)) : next;
  }
  return { sequence: stack(outputs), state };
}

/** The lengths of sequences, [batch, 1], where some are shorter than `length`. */
function lengthsOf(call: OperatorCall, length: number): AnyTensor | undefined {
  const lengths = call.inputs[4];
  const known = lengths && hostValues(lengths);
  const areWhole = known && Array.from(known).every((steps) => Number(steps) === length);
  return areWhole ? undefined : lengths?.unsqueeze(1);
}

function recurrent(call: OperatorCall, cell: Cell): Outputs {
  const isBatchFirst = call.flag('layout');
  const stepsFirst = (x: AnyTensor) => (isBatchFirst ? x.transpose([1, 0, 2]) : x);
  const x = stepsFirst(call.x);
  const lengths = lengthsOf(call, sizeOf(x.shape, 0));
  const reading = call.text('direction', 'forward');
  const directions = reading === 'bidirectional' ? [false, true] : [reading === 'reverse'];
  const activations = activationsOf(call, cell.usual, directions.length);
  const units = sizeOf(call.input(2).shape, 2);
  const runs = directions.map((backwards, direction) => {
    const first = Array.from({ length: cell.states }, (_, i) => {
      const given = call.inputs[5 + i];
      if (!given) return full([sizeOf(x.shape, 1), units], 0);
      return stepsFirst(given)
        .slice([direction], [direction + 1])
        .squeeze([0]);
    });
    const own = activations[direction] ?? [];
    return read(x, call, { cell, direction, backwards, activations: own, lengths, first });
  });
  // [length, directions, batch, H]
  const sequence = stack(
    runs.map((run) => run.sequence),
    1,
  );
  const last = Array.from({ length: cell.states }, (_, i) =>
    stepsFirst(stack(runs.map(({ state }) => state[i]!))),
  );
  return [isBatchFirst ? sequence.transpose([2, 0, 1, 3]) : sequence, ...last];
}

/** The first steps of each sequence of a batch from the last to the first; those behind them as they are. */
function reverseSequence(call: OperatorCall): AnyTensor {
  const { x } = call;
  const [time, batch] = [call.int('time_axis', 0), call.int('batch_axis', 1)];
  const along = (axis: number) => x.shape.map((size, i) => (i === axis ? size : 1));
  const lengths = call.input(1).cast('i32').reshape(along(batch));
  const step = positions(along(time), 'i32');
  const places = where(step.less(lengths), lengths.sub(step).sub(1), step);
  return takeAlongAxis(x, places, time);
}

/** What reads sequences step by step. */
export const recurrentOperators: Readonly<Record<string, Operator>> = {
  GRU: (call) => recurrent(call, gru(call.flag('linear_before_reset'))),
  LSTM: (call) => recurrent(call, lstm(call.flag('input_forget'))),
  RNN: (call) => recurrent(call, simple),
  ReverseSequence: reverseSequence,
};
