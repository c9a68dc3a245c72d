import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from './call.ts';

// ONNX has channels at axis 1, our kernels at the last one. What a kernel computed is handed on as a
// transposed view that remembers its origin: the next kernel takes that, and what lies between, element
// by element, is computed on the origins, too. So nothing is moved within a chain of convolutions.

interface Origin {
  readonly tensor: AnyTensor;
  /** The axes of `tensor` in the order in which the view has them. */
  readonly permutation: readonly number[];
}

const origins = new WeakMap<AnyTensor, Origin>();

/** `x.transpose(permutation)`; its origin itself, where that is what comes out. */
export function arrange(x: AnyTensor, permutation: readonly number[]): AnyTensor {
  const origin = origins.get(x);
  if (origin && permutation.every((axis, i) => origin.permutation[axis] === i))
    return origin.tensor;
  const view = x.transpose(permutation);
  origins.set(view, { tensor: x, permutation });
  return view;
}

/** [N, C, …] as [N, …, C]. */
export function channelsLast(x: AnyTensor): AnyTensor {
  const spatial = Array.from({ length: x.rank - 2 }, (_, i) => i + 2);
  return arrange(x, [0, ...spatial, 1]);
}

/** [N, …, C] as [N, C, …]. */
export function channelsFirst(x: AnyTensor): AnyTensor {
  const spatial = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
  return arrange(x, [0, x.rank - 1, ...spatial]);
}

/** A filter [O, C, …] as [… , C, O]. */
export function filterLast(x: AnyTensor): AnyTensor {
  const spatial = Array.from({ length: x.rank - 2 }, (_, i) => i + 2);
  return arrange(x, [...spatial, 1, 0]);
}

/** An operator that computes element by element, of operands that broadcast. */
export function elementwise(
  compute: (inputs: readonly AnyTensor[], call: OperatorCall) => AnyTensor,
): Operator {
  return (call) => {
    const inputs = call.given;
    const shape = inputs.find((x) => isChannelsFirst(x))?.shape;
    const last = shape && inputs.map((x) => inLastOrder(x, shape.length));
    if (!last?.every((x) => x !== undefined)) return compute(inputs, call);
    return channelsFirst(compute(last, call));
  };
}

function isChannelsFirst(x: AnyTensor): boolean {
  const origin = origins.get(x);
  return origin !== undefined && x.rank > 2 && origin.permutation[1] === x.rank - 1;
}

/** An operand that is there with channels last, or is so small that it does not matter how it is read. */
function inLastOrder(x: AnyTensor, rank: number): AnyTensor | undefined {
  if (isChannelsFirst(x)) return channelsLast(x);
  if (x.size === 1) return x.rank > rank ? undefined : x.reshape([]);
  if (x.rank === rank) return channelsLast(x);
  // [C, 1, …] stands for [1, C, 1, …].
  if (x.rank === rank - 1 && x.size === x.shape[0]) return x.reshape([x.size]);
  return undefined;
}
