import { positions } from '../../../../tensor/ops/creation.ts';
import { takeAlongAxis } from '../../../../tensor/ops/indexing/along-axis.ts';
import { gatherND } from '../../../../tensor/ops/indexing/nd.ts';
import { concat } from '../../../../tensor/ops/joining.ts';
import { cumSum } from '../../../../tensor/ops/sorting/cumulative.ts';
import { topK } from '../../../../tensor/ops/sorting/sort.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall, Outputs } from './call.ts';
import { axisOf, fromStart, positionsFromStart } from './indexing.ts';

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

/** What looks up and orders single elements. */
export const elementOperators: Readonly<Record<string, Operator>> = {
  CumSum: (call) =>
    cumSum(call.x, call.known(1)?.[0] ?? 0, {
      exclusive: call.flag('exclusive'),
      reverse: call.flag('reverse'),
    }),
  GatherElements: gatherElements,
  GatherND: gatherPositions,
  TopK: largest,
};
