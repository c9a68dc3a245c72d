import { oneHot } from '../../../../tensor/ops/indexing/one-hot.ts';
import { where } from '../../../../tensor/ops/where.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from './call.ts';
import { hostTensor, hostValues } from './host-values.ts';

/** Negative ones count from the end. */
export function fromStart(indices: AnyTensor, size: number): AnyTensor {
  const values = hostValues(indices);
  if (!values) return where(indices.less(0), indices.add(size), indices);
  return hostTensor(
    Array.from(values, (i) => (i < 0 ? i + size : i)),
    indices.shape,
    'i32',
  );
}

/** The axis that a call names, counted from the first. */
export function axisOf(call: OperatorCall, otherwise = 0): number {
  const axis = call.int('axis', otherwise);
  return axis < 0 ? axis + call.x.rank : axis;
}

/** Indices [..., k] into the axes of x from `first` on. */
export function positionsFromStart(call: OperatorCall, first: number): AnyTensor {
  const indices = call.input(1).cast('i32');
  const coordinates = sizeOf(indices.shape, -1);
  const sizes = hostTensor(call.x.shape.slice(first, first + coordinates), [coordinates], 'i32');
  return where(indices.less(0), indices.add(sizes), indices);
}

function gather(call: OperatorCall): AnyTensor {
  const axis = call.int('axis', 0);
  const size = sizeOf(call.x.shape, axis < 0 ? axis + call.x.rank : axis);
  return call.x.gather(fromStart(call.input(1).cast('i32'), size), axis);
}

function oneHotOf(call: OperatorCall): AnyTensor {
  const [depth = 0] = call.known(1) ?? [];
  const [off, on] = [
    call.input(2).gather(hostTensor([0], [], 'i32')),
    call.input(2).gather(hostTensor([1], [], 'i32')),
  ];
  const hot = oneHot(fromStart(call.x.cast('i32'), depth), depth).cast('bool');
  const { rank } = hot;
  const axis = call.int('axis', -1);
  const at = axis < 0 ? axis + rank : axis;
  const order = Array.from({ length: rank }, (_, i) => (i === at ? rank - 1 : i < at ? i : i - 1));
  return where(hot.transpose(order), on, off);
}

/** What looks elements up. */
export const indexingOperators: Readonly<Record<string, Operator>> = {
  Gather: gather,
  OneHot: oneHotOf,
};
