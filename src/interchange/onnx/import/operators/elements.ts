import { full, positions } from '../../../../tensor/ops/creation.ts';
import { scatterAlongAxis, takeAlongAxis } from '../../../../tensor/ops/indexing/along-axis.ts';
import { gatherND, scatterND } from '../../../../tensor/ops/indexing/nd.ts';
import { concat } from '../../../../tensor/ops/joining.ts';
import { cumSum } from '../../../../tensor/ops/sorting/cumulative.ts';
import { topK } from '../../../../tensor/ops/sorting/sort.ts';
import { where } from '../../../../tensor/ops/where.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { Shape } from '../../../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall, Outputs } from './call.ts';
import { hostTensor } from './host-values.ts';
import { fromStart } from './indexing.ts';

function axisOf(call: OperatorCall, otherwise = 0): number {
  const axis = call.int('axis', otherwise);
  return axis < 0 ? axis + call.x.rank : axis;
}

/** Of each line as far as the indices go, the elements that they name. */
function gatherElements(call: OperatorCall): AnyTensor {
  const axis = axisOf(call);
  const size = sizeOf(call.x.shape, axis);
  const indices = call.input(1).cast('i32');
  const ends = indices.shape.with(axis, size);
  const lines = call.x.slice(
    ends.map(() => 0),
    ends,
  );
  return takeAlongAxis(lines, fromStart(indices, size), axis);
}

function scatterElements(call: OperatorCall): AnyTensor {
  const { x } = call;
  const axis = axisOf(call);
  const size = sizeOf(x.shape, axis);
  const indices = fromStart(call.input(1).cast('i32'), size);
  return scattered(call, (updates) => {
    const lines = scatterAlongAxis(updates, indices, size, axis);
    return lines.pad(lines.shape.map((there, i) => [0, sizeOf(x.shape, i) - there] as const));
  });
}

function scatterPositions(call: OperatorCall): AnyTensor {
  const indices = positionsFromStart(call, 0);
  return scattered(call, (updates) => scatterND(indices, updates, call.x.shape));
}

/** What is sent to places takes that of those elements' place, or is added to them. */
function scattered(call: OperatorCall, send: (updates: AnyTensor) => AnyTensor): AnyTensor {
  const { x } = call;
  const updates = call.input(2);
  const reduction = call.text('reduction', 'none');
  if (reduction === 'add') return x.add(send(updates));
  if (reduction !== 'none') throw call.unsupported(`the reduction '${reduction}'`);
  const isHit = send(full(updates.shape, 1)).greater(0);
  return where(isHit as Tensor<Shape, 'bool'>, send(updates), x);
}

/** Indices [..., k] into the axes of x from `first` on. */
function positionsFromStart(call: OperatorCall, first: number): AnyTensor {
  const indices = call.input(1).cast('i32');
  const coordinates = sizeOf(indices.shape, -1);
  const sizes = hostTensor(call.x.shape.slice(first, first + coordinates), [coordinates], 'i32');
  return where(indices.less(0), indices.add(sizes), indices);
}

function gatherPositions(call: OperatorCall): AnyTensor {
  const batches = call.int('batch_dims', 0);
  const indices = positionsFromStart(call, batches);
  const lead = indices.shape.with(-1, 1);
  const own = Array.from({ length: batches }, (_, axis) => {
    const along = lead.map((size, i) => (i === axis ? size : 1));
    return positions(along, 'i32').expand(lead) as AnyTensor;
  });
  return gatherND(call.x, concat([...own, indices], -1));
}

function largest(call: OperatorCall): Outputs {
  const k = call.known(1)?.[0] ?? call.int('k', 1);
  const { values, indices } = topK(call.x, k, {
    axis: axisOf(call, -1),
    largest: call.flag('largest', true),
  });
  return [values, indices];
}

/** What looks up, sends and orders single elements. */
export const elementOperators: Readonly<Record<string, Operator>> = {
  CumSum: (call) =>
    cumSum(call.x, call.known(1)?.[0] ?? 0, {
      exclusive: call.flag('exclusive'),
      reverse: call.flag('reverse'),
    }),
  GatherElements: gatherElements,
  GatherND: gatherPositions,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterPositions,
  TopK: largest,
};
