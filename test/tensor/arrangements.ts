import fc from 'fast-check';
import type { AnyTensor } from '../../src/index.ts';
import type { NdArray, Shape } from '../reference/array.ts';
import { choices } from './arbitraries.ts';

/** A way to get a tensor of some shape as a view of another: what ops may find as an operand. */
export interface Arrangement {
  readonly name: string;
  /** The shape of the tensor that is looked at. */
  readonly base: Shape;
  readonly view: (x: AnyTensor) => AnyTensor;
  readonly reference: (x: NdArray) => NdArray;
}

/** `pick` makes the choices; `fill` is a value for padding. */
type Step = (shape: Shape, pick: readonly number[], fill: number) => Arrangement;

const plain: Step = (base) => ({ name: 'plain', base, view: (x) => x, reference: (x) => x });

const transposed: Step = (shape, pick) => {
  const axes = shape.map((_, axis) => axis);
  // An order decided by the choices: take the axes one by one out of a list.
  const left = [...axes];
  const permutation = axes.map((axis) => left.splice(pick[axis]! % left.length, 1)[0]!);
  const order = pick[11]! > 8 ? axes.toReversed() : permutation;
  const base = axes.map((axis) => shape[order.indexOf(axis)]!);
  return {
    name: `transpose(${order})`,
    base,
    view: (x) => x.transpose(order),
    reference: (x) => x.transpose(order),
  };
};

const sliced: Step = (shape, pick) => {
  const starts = shape.map((_, axis) => pick[axis]! % 4);
  const steps = shape.map((_, axis) => 1 + (pick[axis + 4]! % 3));
  const ends = shape.map(
    (size, axis) => starts[axis]! + Math.max(0, (size - 1) * steps[axis]! + 1),
  );
  const ended = shape.map((size, axis) => (size === 0 ? starts[axis]! : ends[axis]!));
  return {
    name: `slice(${starts}; ${ended}; ${steps})`,
    base: ended.map((end, axis) => end + (pick[axis + 8]! % 3)),
    view: (x) => x.slice(starts, ended, steps),
    reference: (x) => x.slice(starts, shape, steps),
  };
};

const flipped: Step = (shape, pick) => {
  const axes = shape.flatMap((_, axis) => (pick[axis]! % 2 === 0 ? [axis] : []));
  return {
    name: `flip(${axes})`,
    base: shape,
    view: (x) => x.flip(axes),
    reference: (x) => x.flip(axes),
  };
};

const expanded: Step = (shape, pick) => {
  const ones = shape.map((size, axis) => (pick[axis]! % 2 === 0 ? 1 : size));
  return {
    name: `expand(${shape})`,
    base: ones.slice(pick[4]! % 2 === 0 ? 0 : ones.findIndex((n) => n !== 1)),
    view: (x) => x.expand(shape),
    reference: (x) => x.expand(shape),
  };
};

const padded: Step = (shape, pick, fill) => {
  const low = shape.map((size, axis) => Math.min(pick[axis]! % 3, Math.max(0, size - 1)));
  const high = shape.map((size, axis) =>
    Math.min(pick[axis + 4]! % 3, Math.max(0, size - 1 - low[axis]!)),
  );
  return {
    name: `pad(${low}; ${high}; ${fill})`,
    base: shape.map((size, axis) => size - low[axis]! - high[axis]!),
    view: (x) =>
      x.pad(
        low.map((n, axis) => [n, high[axis]!]),
        fill,
      ),
    reference: (x) => x.pad(low, high, fill),
  };
};

const reshaped: Step = (shape, pick) => {
  const size = shape.reduce((a, b) => a * b, 1);
  const factor = [2, 3, 4, 5].find((n, i) => size % n === 0 && pick[i]! % 2 === 0);
  const base = factor === undefined ? [size] : [size / factor, factor];
  return {
    name: `reshape(${base} → ${shape})`,
    base,
    view: (x) => x.reshape(shape),
    reference: (x) => x.reshape(shape),
  };
};

const steps = [plain, transposed, sliced, flipped, expanded, padded, reshaped];

/** Arrangements that give `shape`: up to two views, one behind the other. */
export function arrange(shape: Shape, pick: readonly number[], fill = 1.5): Arrangement {
  const outer = steps[pick[15]! % steps.length]!(shape, pick, fill);
  const inner = steps[pick[14]! % steps.length]!(outer.base, pick.toReversed(), fill);
  return {
    name: `${outer.name} of ${inner.name}`,
    base: inner.base,
    view: (x) => outer.view(inner.view(x)),
    reference: (x) => outer.reference(inner.reference(x)),
  };
}

/** Two sets of choices, for the arrangements of two operands. */
export const pairOfChoices = fc.tuple(choices, choices);
