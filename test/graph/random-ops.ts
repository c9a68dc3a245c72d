import {
  type AnyTensor,
  arange,
  concat as concatTensors,
  logSoftmax,
  matMul,
  softmax,
  tensor,
  where as whereTensor,
} from '../../src/index.ts';
import { concat, NdArray, type Shape, sizeOf, where } from '../reference/array.ts';
import * as linear from '../reference/linear.ts';
import { logSumExp, max, mean, sum, variance } from '../reference/reductions.ts';
import * as softmaxes from '../reference/softmax.ts';

/** Draws whole numbers: `pick(n)` is one of 0 … n − 1. */
export type Pick = (n: number) => number;

/** An application of an op, as both sides compute it. */
export interface Application {
  readonly inputs: readonly number[];
  readonly library: (inputs: readonly AnyTensor[]) => AnyTensor;
  readonly reference: (inputs: readonly NdArray[]) => NdArray;
}

/**
 * Applies an op to some of the values so far, if it can be: `undefined` where no operand fits, or
 * where its gradient jumps nearby (finite differences and rounding would fall on either side).
 */
export type RandomOp = (values: readonly NdArray[], pick: Pick) => Application | undefined;

/** The latest value as often as any other: graphs get deep. */
const operand = (values: readonly NdArray[], pick: Pick) =>
  pick(2) === 0 ? values.length - 1 : pick(values.length);

type Unary = (x: AnyTensor) => AnyTensor;

function unary(library: Unary, reference: (x: NdArray) => NdArray, fits?: (x: NdArray) => boolean) {
  return (values: readonly NdArray[], pick: Pick): Application | undefined => {
    const at = operand(values, pick);
    if (fits && !fits(values[at]!)) return undefined;
    return { inputs: [at], library: ([x]) => library(x!), reference: ([x]) => reference(x!) };
  };
}

const within = (limit: number) => (x: NdArray) => x.data.every((v) => Math.abs(v) < limit);
const awayFrom = (x: NdArray, y: NdArray) =>
  x.zip(y, (a, b) => Math.abs(a - b)).data.every((d) => d > 1e-2);
const zero = NdArray.from(0);

const broadcastable = (a: NdArray, b: NdArray) => {
  try {
    return sizeOf(a.zip(b, () => 0).shape) <= 200;
  } catch {
    return false;
  }
};

function binary(
  library: (a: AnyTensor, b: AnyTensor) => AnyTensor,
  reference: (a: NdArray, b: NdArray) => NdArray,
  fits: (a: NdArray, b: NdArray) => boolean = () => true,
): RandomOp {
  return (values, pick) => {
    const left = operand(values, pick);
    const partners = values.flatMap((value, i) =>
      broadcastable(values[left]!, value) && fits(values[left]!, value) ? [i] : [],
    );
    if (partners.length === 0) return undefined;
    const inputs = [left, partners[pick(partners.length)]!];
    if (pick(2) === 0 && fits(values[inputs[1]!]!, values[left]!)) inputs.reverse();
    return {
      inputs,
      library: ([a, b]) => library(a!, b!),
      reference: ([a, b]) => reference(a!, b!),
    };
  };
}

/** An op whose parameters are drawn when its operand is known. */
function shaped(
  apply: (x: NdArray, pick: Pick) => [Unary, (x: NdArray) => NdArray] | undefined,
): RandomOp {
  return (values, pick) => {
    const at = operand(values, pick);
    const sides = apply(values[at]!, pick);
    if (!sides) return undefined;
    const [library, reference] = sides;
    return { inputs: [at], library: ([x]) => library(x!), reference: ([x]) => reference(x!) };
  };
}

function someAxes(shape: Shape, pick: Pick): number[] {
  return shape.flatMap((_, axis) => (pick(2) === 0 ? [axis] : []));
}

function permutation(rank: number, pick: Pick): number[] {
  const rest = Array.from({ length: rank }, (_, i) => i);
  return Array.from({ length: rank }, () => rest.splice(pick(rest.length), 1)[0]!);
}

/** Another shape of the same size: neighbours merged, axes split, ones put in. */
function otherShape(shape: Shape, pick: Pick): number[] {
  const result: number[] = [];
  for (const size of shape) {
    const choice = pick(4);
    const factor = [2, 3, 5].find((f) => size % f === 0 && size > f);
    if (choice === 0 && result.length > 0) result.push(result.pop()! * size);
    else if (choice === 1 && factor) result.push(factor, size / factor);
    else if (choice === 2) result.push(1, size);
    else result.push(size);
  }
  return result;
}

const reductions = { sum, mean, max, logSumExp, variance };

function reduction(name: keyof typeof reductions): RandomOp {
  return shaped((x, pick) => {
    const axes = someAxes(x.shape, pick);
    const keepDims = pick(2) === 0;
    if (axes.length === 0 || x.rank === 0) return undefined;
    if (name === 'variance') {
      return [(t) => t.variance(axes, { keepDims }), (r) => variance(r, axes, keepDims)];
    }
    if (name === 'max') {
      const close = sum(
        x.zip(max(x, axes, true), (a, b) => (b - a < 1e-2 ? 1 : 0)),
        axes,
      );
      if (close.data.some((ties) => ties > 1)) return undefined;
    }
    return [(t) => t[name](axes, keepDims), (r) => reductions[name](r, axes, keepDims)];
  });
}

function alongAxis(
  library: (x: AnyTensor, axis: number) => AnyTensor,
  reference: (x: NdArray, axis: number) => NdArray,
): RandomOp {
  return shaped((x, pick) => {
    if (x.rank === 0) return undefined;
    const axis = pick(x.rank);
    return [(t) => library(t, axis), (r) => reference(r, axis)];
  });
}

/** A product with a second operand that fits, or with the first one's own transposition. */
const product: RandomOp = (values, pick) => {
  const matrices = values.flatMap(({ rank }, i) => (rank >= 2 ? [i] : []));
  if (matrices.length === 0) return undefined;
  const left = matrices[pick(matrices.length)]!;
  const a = values[left]!;
  const right = matrices.filter((i) => {
    try {
      return linear.matMul(a, values[i]!).size <= 200;
    } catch {
      return false;
    }
  });
  if (right.length > 0 && pick(3) > 0) {
    return {
      inputs: [left, right[pick(right.length)]!],
      library: ([x, y]) => matMul(x!, y!),
      reference: ([x, y]) => linear.matMul(x!, y!),
    };
  }
  const swap = [...a.shape.keys()].map((i) => (i < a.rank - 2 ? i : 2 * a.rank - 3 - i));
  const first = pick(2) === 0;
  return {
    inputs: [left],
    library: ([x]) => {
      const y = x!.transpose(swap);
      return first ? matMul(y, x!) : matMul(x!, y);
    },
    reference: ([x]) => {
      const y = x!.transpose(swap);
      return first ? linear.matMul(y, x!) : linear.matMul(x!, y);
    },
  };
};

const condition: RandomOp = (values, pick) => {
  const [test, yes] = [pick(values.length), pick(values.length)];
  const no = values.findIndex(
    (value) => value !== values[yes] && broadcastable(value, values[yes]!),
  );
  if (no < 0 || !awayFrom(values[test]!, zero)) return undefined;
  const both = values[yes]!.zip(values[no]!, () => 0);
  if (!broadcastable(values[test]!, both)) return undefined;
  return {
    inputs: [test, yes, no],
    library: ([t, a, b]) => whereTensor(t!.greater(0), a!, b!),
    reference: ([t, a, b]) =>
      where(
        t!.map((x) => (x > 0 ? 1 : 0)),
        a!,
        b!,
      ),
  };
};

const joined: RandomOp = (values, pick) => {
  const at = operand(values, pick);
  const x = values[at]!;
  if (x.rank === 0) return undefined;
  const axis = pick(x.rank);
  const rest = (shape: Shape) => shape.toSpliced(axis, 1).join();
  const fits = values.flatMap(({ shape }, i) =>
    shape.length === x.rank && rest(shape) === rest(x.shape) ? [i] : [],
  );
  const inputs = [at, ...Array.from({ length: 1 + pick(2) }, () => fits[pick(fits.length)]!)];
  return {
    inputs,
    library: (all) => concatTensors(all, axis),
    reference: (all) => concat(all, axis),
  };
};

export const randomOps: Readonly<Record<string, RandomOp>> = {
  neg: unary(
    (x) => x.neg(),
    (x) => x.map((v) => -v),
  ),
  exp: unary(
    (x) => x.exp(),
    (x) => x.map(Math.exp),
    within(2.5),
  ),
  tanh: unary(
    (x) => x.tanh(),
    (x) => x.map(Math.tanh),
  ),
  sigmoid: unary(
    (x) => x.sigmoid(),
    (x) => x.map((v) => 1 / (1 + Math.exp(-v))),
  ),
  square: unary(
    (x) => x.square(),
    (x) => x.map((v) => v * v),
    within(4),
  ),
  root: unary(
    (x) => x.square().add(1).sqrt(),
    (x) => x.map((v) => Math.sqrt(v * v + 1)),
  ),
  relu: unary(
    (x) => x.relu(),
    (x) => x.map((v) => Math.max(v, 0)),
    (x) => awayFrom(x, zero),
  ),
  scale: shaped((_, pick) => {
    const [k, c] = [(pick(7) - 3) / 2, (pick(5) - 2) / 4];
    return [(x) => x.mul(k).add(c), (x) => x.map((v) => v * k + c)];
  }),
  positions: shaped((x) => [
    (t) =>
      t.add(
        arange(x.size)
          .reshape(x.shape)
          .mul(1 / 16),
      ),
    (r) => NdArray.build(r.shape, (_, at) => r.data[at]! + at / 16),
  ]),
  add: binary(
    (a, b) => a.add(b),
    (a, b) => a.zip(b, (x, y) => x + y),
  ),
  sub: binary(
    (a, b) => a.sub(b),
    (a, b) => a.zip(b, (x, y) => x - y),
  ),
  mul: binary(
    (a, b) => a.mul(b),
    (a, b) => a.zip(b, (x, y) => x * y),
  ),
  div: binary(
    (a, b) => a.div(b.square().add(1)),
    (a, b) => a.zip(b, (x, y) => x / (y * y + 1)),
  ),
  maximum: binary(
    (a, b) => a.maximum(b),
    (a, b) => a.zip(b, Math.max),
    awayFrom,
  ),
  where: condition,
  transpose: shaped((x, pick) => {
    const order = permutation(x.rank, pick);
    return [(t) => t.transpose(order), (r) => r.transpose(order)];
  }),
  reshape: shaped((x, pick) => {
    const shape = otherShape(x.shape, pick);
    if (shape.length > 5) return undefined;
    return [(t) => t.reshape(shape), (r) => r.reshape(shape)];
  }),
  flatten: shaped(() => [(t) => t.reshape([-1]), (r) => r.reshape([-1])]),
  slice: shaped((x, pick) => {
    const starts = x.shape.map((size) => pick(size));
    const ends = x.shape.map((size, i) => starts[i]! + 1 + pick(size - starts[i]!));
    const steps = x.shape.map(() => 1 + pick(2));
    const sizes = ends.map((end, i) => Math.ceil((end - starts[i]!) / steps[i]!));
    return [(t) => t.slice(starts, ends, steps), (r) => r.slice(starts, sizes, steps)];
  }),
  flip: shaped((x, pick) => {
    const axes = someAxes(x.shape, pick);
    return [(t) => t.flip(axes), (r) => r.flip(axes)];
  }),
  pad: shaped((x, pick) => {
    const widths = x.shape.map(() => [pick(2), pick(3)] as const);
    const value = pick(3) === 0 ? 0.5 : 0;
    return [
      (t) => t.pad(widths, value),
      (r) =>
        r.pad(
          widths.map(([low]) => low),
          widths.map(([, high]) => high),
          value,
        ),
    ];
  }),
  expand: shaped((x, pick) => {
    if (x.rank > 3) return undefined;
    const axis = pick(x.rank + 1);
    const shape = x.shape.toSpliced(axis, 0, 2 + pick(2));
    return [(t) => t.unsqueeze(axis).expand(shape), (r) => r.unsqueeze(axis).expand(shape)];
  }),
  concat: joined,
  gather: shaped((x, pick) => {
    if (x.rank === 0) return undefined;
    const axis = pick(x.rank);
    const indices = Array.from({ length: 1 + pick(4) }, () => pick(x.shape[axis]!));
    return [
      (t) => t.gather(tensor(Int32Array.from(indices), [indices.length]), axis),
      (r) => r.gather(NdArray.from(indices), axis),
    ];
  }),
  sum: reduction('sum'),
  mean: reduction('mean'),
  max: reduction('max'),
  logSumExp: reduction('logSumExp'),
  variance: reduction('variance'),
  softmax: alongAxis(softmax, softmaxes.softmax),
  logSoftmax: alongAxis(logSoftmax, softmaxes.logSoftmax),
  matMul: product,
};
