import { product } from '../../../../kernels/launch.ts';
import { full } from '../../../../tensor/ops/creation.ts';
import { scatterAlongAxis } from '../../../../tensor/ops/indexing/along-axis.ts';
import { scatterND } from '../../../../tensor/ops/indexing/nd.ts';
import { where } from '../../../../tensor/ops/where.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { Shape } from '../../../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from './call.ts';
import { hostTensor } from './host-values.ts';
import { axisOf, fromStart, positionsFromStart } from './indexing.ts';

/** Where updates go. */
interface Places {
  /** Zeros of x's shape, to which updates are added at their places. */
  readonly send: (updates: AnyTensor) => AnyTensor;
  /** The shape in which there is a place for each, to which that of the updates broadcasts from behind. */
  readonly shape: readonly number[];
  /** A name of the place of each, given the numbers of the indices. */
  readonly names: (indices: readonly number[]) => string[];
}

type Combine = (a: AnyTensor, b: AnyTensor) => AnyTensor;

const reductions: Readonly<Record<string, Combine>> = {
  max: (a, b) => a.maximum(b),
  min: (a, b) => a.minimum(b),
  mul: (a, b) => a.mul(b),
};

function scatterElements(call: OperatorCall): AnyTensor {
  const { x } = call;
  const axis = axisOf(call);
  const size = sizeOf(x.shape, axis);
  const indices = fromStart(call.input(1).cast('i32'), size);
  const inner = product(indices.shape.slice(axis + 1));
  const line = inner * sizeOf(indices.shape, axis);
  return scattered(call, {
    send: (updates) => {
      const lines = scatterAlongAxis(updates, indices, size, axis);
      return lines.pad(lines.shape.map((there, i) => [0, sizeOf(x.shape, i) - there] as const));
    },
    shape: indices.shape,
    names: (values) =>
      values.map((value, i) => [Math.floor(i / line), (value + size) % size, i % inner].join()),
  });
}

function scatterPositions(call: OperatorCall): AnyTensor {
  const { x } = call;
  const indices = positionsFromStart(call, 0);
  const depth = sizeOf(indices.shape, -1);
  const fromZero = (value: number, i: number) => {
    const size = sizeOf(x.shape, i % depth);
    return (value + size) % size;
  };
  return scattered(call, {
    send: (updates) => scatterND(indices, updates, x.shape),
    shape: indices.shape.slice(0, -1),
    names: (values) =>
      Array.from({ length: values.length / depth }, (_, i) =>
        values
          .slice(i * depth, (i + 1) * depth)
          .map(fromZero)
          .join(),
      ),
  });
}

/** What is sent to places takes that of those elements' place, or is combined with them. */
function scattered(call: OperatorCall, places: Places): AnyTensor {
  const { x } = call;
  const updates = call.input(2);
  const reduction = call.text('reduction', 'none');
  if (reduction === 'add') return x.add(places.send(updates));
  if (reduction === 'none') {
    return merged(x, updates, full(updates.shape, 1), places, (_, sent) => sent);
  }
  const combine = reductions[reduction];
  if (!combine) throw call.unsupported(`the reduction '${reduction}'`);
  // Each round sends one update to a place at most: the second to a place goes in the second.
  const rounds = roundsOf(places.names(call.known(1) ?? []));
  const shape = [...places.shape, ...updates.shape.slice(places.shape.length).map(() => 1)];
  return Array.from({ length: Math.max(0, ...rounds) }).reduce<AnyTensor>((sum, _, i) => {
    const chosen = rounds.map((round) => Number(round === i + 1));
    const mask = hostTensor(chosen, shape, 'f32').expand(updates.shape);
    return merged(sum, updates, mask, places, combine);
  }, x);
}

/** x combined with the updates that a mask of ones and zeros chooses. */
function merged(
  x: AnyTensor,
  updates: AnyTensor,
  mask: AnyTensor,
  { send }: Places,
  combine: Combine,
): AnyTensor {
  const isHit = send(mask).greater(0) as Tensor<Shape, 'bool'>;
  const chosen = where(mask.greater(0) as Tensor<Shape, 'bool'>, updates, 0);
  return where(isHit, combine(x, send(chosen)), x);
}

/** The how manieth of its name each is, from 1 on. */
function roundsOf(names: readonly string[]): number[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  });
}

/** What sends elements and slices to places. */
export const scatteringOperators: Readonly<Record<string, Operator>> = {
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterPositions,
};
