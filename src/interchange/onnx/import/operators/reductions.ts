import { product } from '../../../../kernels/launch.ts';
import { oneHot } from '../../../../tensor/ops/indexing/one-hot.ts';
import { logSoftmax, softmax } from '../../../../tensor/ops/softmax.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { Operator } from './call.ts';

type Reduce = (x: AnyTensor, axes: readonly number[], keepDims: boolean) => AnyTensor;

function reduction(reduce: Reduce): Operator {
  return (call) => {
    const { x } = call;
    const axes = call.axesFrom('axes', 1) ?? [];
    if (axes.length === 0 && call.flag('noop_with_empty_axes')) return x;
    const all = Array.from(x.shape.keys());
    return reduce(x, axes.length > 0 ? axes : all, call.flag('keepdims', true));
  };
}

const reductions: Readonly<Record<string, Reduce>> = {
  ReduceL1: (x, axes, keepDims) => x.abs().sum(axes, keepDims),
  ReduceL2: (x, axes, keepDims) => x.square().sum(axes, keepDims).sqrt(),
  ReduceLogSum: (x, axes, keepDims) => x.sum(axes, keepDims).log(),
  ReduceLogSumExp: (x, axes, keepDims) => x.logSumExp(axes, keepDims),
  ReduceMax: (x, axes, keepDims) => onWords(x, (y) => y.max(axes, keepDims)),
  ReduceMean: (x, axes, keepDims) => x.mean(axes, keepDims),
  ReduceMin: (x, axes, keepDims) => onWords(x, (y) => y.min(axes, keepDims)),
  ReduceProd: (x, axes, keepDims) => x.prod(axes, keepDims),
  ReduceSum: (x, axes, keepDims) => x.sum(axes, keepDims),
  ReduceSumSquare: (x, axes, keepDims) => x.square().sum(axes, keepDims),
};

function onWords(x: AnyTensor, compute: (x: AnyTensor) => AnyTensor): AnyTensor {
  return x.dtype === 'u8' || x.dtype === 'bool' ? compute(x.cast('i32')).cast(x.dtype) : compute(x);
}

function argExtreme(name: 'argMax' | 'argMin'): Operator {
  return (call) => {
    const axis = call.int('axis', 0);
    const keepDims = call.flag('keepdims', true);
    if (!call.flag('select_last_index')) return call.x[name](axis, keepDims);
    // The first one of the reversed axis.
    const last = sizeOf(call.x.shape, axis) - 1;
    return call.x.flip([axis])[name](axis, keepDims).neg().add(last);
  };
}

/** Along an axis; before version 13 over all axes from one on, as one. */
function alongAxis(compute: (x: AnyTensor, axis: number) => AnyTensor): Operator {
  return (call) => {
    const { x } = call;
    if (call.opset >= 13) return compute(x, call.int('axis', -1));
    const axis = call.int('axis', 1);
    const rows = product(x.shape.slice(0, axis));
    return compute(x.reshape([rows, x.size / Math.max(1, rows)]), 1).reshape(x.shape);
  };
}

function hardmax(x: AnyTensor, axis: number): AnyTensor {
  const at = axis < 0 ? axis + x.rank : axis;
  const last = oneHot(x.argMax(at), sizeOf(x.shape, at));
  const order = Array.from({ length: x.rank }, (_, i) =>
    i === at ? x.rank - 1 : i < at ? i : i - 1,
  );
  return last.transpose(order);
}

/** What makes one number of many, and normalises by it. */
export const reductionOperators: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(
    Object.entries(reductions).map(([name, reduce]) => [name, reduction(reduce)]),
  ),
  ArgMax: argExtreme('argMax'),
  ArgMin: argExtreme('argMin'),
  Hardmax: alongAxis(hardmax),
  LogSoftmax: alongAxis(logSoftmax),
  Softmax: alongAxis(softmax),
};
