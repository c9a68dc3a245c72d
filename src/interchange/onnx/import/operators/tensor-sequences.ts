import { concat, stack } from '../../../../tensor/ops/joining.ts';
import { unstack } from '../../../../tensor/ops/rearranging/repeating.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import { type Operator, type OperatorCall, Sequence } from './call.ts';
import { hostTensor } from './host-values.ts';

/** The place that input `index` names, counted from the first; negative ones count from the end. */
function placeIn(call: OperatorCall, index: number, length: number): number | undefined {
  const [place] = call.known(index) ?? [];
  if (place === undefined) return undefined;
  const at = place < 0 ? place + length : place;
  if (at >= 0 && at <= length) return at;
  throw call.unsupported(`place ${place} of a sequence of ${length}`);
}

function at(call: OperatorCall): AnyTensor {
  const { tensors } = call.sequence(0);
  const tensor = tensors[placeIn(call, 1, tensors.length) ?? 0];
  if (tensor) return tensor;
  throw call.unsupported(`a place behind a sequence of ${tensors.length}`);
}

function inserted(call: OperatorCall): Sequence {
  const { tensors } = call.sequence(0);
  const place = placeIn(call, 2, tensors.length) ?? tensors.length;
  return new Sequence([...tensors.slice(0, place), call.input(1), ...tensors.slice(place)]);
}

function erased(call: OperatorCall): Sequence {
  const { tensors } = call.sequence(0);
  const place = placeIn(call, 1, tensors.length) ?? tensors.length - 1;
  return new Sequence(tensors.filter((_, i) => i !== place));
}

/** Parts of a size, of several sizes, or single slices, which may lose the axis. */
function split(call: OperatorCall): Sequence {
  const axis = call.int('axis', 0);
  const length = sizeOf(call.x.shape, axis < 0 ? axis + call.x.rank : axis);
  const sizes = call.known(1);
  if (!sizes && !call.flag('keepdims', true)) return new Sequence(unstack(call.x, axis));
  if (sizes && call.input(1).rank > 0) return new Sequence(call.x.split(sizes, axis));
  const each = sizes?.[0] ?? 1;
  const parts = Array.from({ length: Math.ceil(length / each) }, (_, i) =>
    Math.min(each, length - i * each),
  );
  return new Sequence(call.x.split(parts, axis));
}

function joined(call: OperatorCall): AnyTensor {
  const { tensors } = call.sequence(0);
  return (call.flag('new_axis') ? stack : concat)(tensors, call.int('axis', 0));
}

/** What makes, takes apart and reads sequences of tensors, whose lengths are known when the graph is built. */
export const sequenceOperators: Readonly<Record<string, Operator>> = {
  ConcatFromSequence: joined,
  SequenceAt: at,
  SequenceConstruct: (call) => new Sequence(call.given),
  SequenceEmpty: () => new Sequence([]),
  SequenceErase: erased,
  SequenceInsert: inserted,
  SequenceLength: (call) => hostTensor([call.sequence(0).tensors.length], [], 'i32'),
  SplitToSequence: split,
};
