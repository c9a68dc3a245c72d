import { full } from '../../../../tensor/ops/creation.ts';
import { where } from '../../../../tensor/ops/where.ts';
import { type AnyTensor, Tensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall, Outputs } from './call.ts';
import { windowOperators } from './images/windows.ts';
import { product } from './linear.ts';

// Bytes stand for floats by a scale and the byte of 0. Those with a sign are i32 here: they, and sums
// of their products, are computed with as floats, and those are rounded.

/** A scale, or a byte of 0, for all elements, or one for each slice along an axis. */
function along(vector: AnyTensor, rank: number, axis: number): AnyTensor {
  if (vector.size === 1) return vector.reshape([]);
  const at = axis < 0 ? axis + rank : axis;
  return vector.reshape(Array.from({ length: rank }, (_, i) => (i === at ? vector.size : 1)));
}

function offset(x: AnyTensor, zero: AnyTensor | undefined, axis: number): AnyTensor {
  const floats = x.cast('f32');
  return zero ? floats.sub(along(zero.cast('f32'), x.rank, axis)) : floats;
}

function dequantized(
  x: AnyTensor,
  scale: AnyTensor,
  zero: AnyTensor | undefined,
  axis: number,
): AnyTensor {
  return offset(x, zero, axis).mul(along(scale, x.rank, axis));
}

/** Bytes of the type that 0 is given in, without a sign where it is not. */
function quantized(
  x: AnyTensor,
  scale: AnyTensor,
  zero: AnyTensor | undefined,
  axis: number,
): AnyTensor {
  const steps = x.div(along(scale, x.rank, axis)).round();
  const placed = zero ? steps.add(along(zero.cast('f32'), x.rank, axis)) : steps;
  return zero?.dtype === 'i32'
    ? placed.clip(-128, 127).cast('i32')
    : placed.clip(0, 255).cast('u8');
}

/** Bytes over the range that the elements have, and 0. */
function dynamic({ x }: OperatorCall): Outputs {
  const [low, high] = [x.min().minimum(0), x.max().maximum(0)];
  const range = high.sub(low);
  const scale = where(range.greater(0), range, 255).div(255);
  const zero = low.neg().div(scale).round().clip(0, 255).cast('u8');
  return [quantized(x, scale, zero, 0), scale, zero];
}

/** A product or convolution of bytes, as one of floats. */
function onFloats(call: OperatorCall, operator: Operator, inputs: readonly AnyTensor[]): AnyTensor {
  const [result] = [operator(call.with(inputs))].flat();
  return result instanceof Tensor ? result : full([], 0);
}

const conv: Operator = (call) => windowOperators.Conv?.(call) ?? [];
const matMul: Operator = (call) => product(call.x, call.input(1));

/** Whole numbers of two operands, whose bytes of 0 come behind them. */
const ofIntegers =
  (operator: Operator, axes: readonly [number, number]): Operator =>
  (call) => {
    const operands = axes.map((axis, i) => offset(call.input(i), call.inputs[i + 2], axis));
    return onFloats(call, operator, operands).cast('i32');
  };

/** Bytes of two operands that each come with scale and byte of 0; those of the result come next. */
const ofBytes =
  (operator: Operator, axes: readonly [number, number], result: number): Operator =>
  (call) => {
    const operands = axes.map((axis, i) =>
      dequantized(call.input(3 * i), call.input(3 * i + 1), call.inputs[3 * i + 2], axis),
    );
    const sum = onFloats(call, operator, operands);
    const bias = call.inputs[8];
    const scales = call.input(1).mul(call.input(4));
    const whole = bias ? sum.add(along(bias.cast('f32').mul(scales), sum.rank, result)) : sum;
    return quantized(whole, call.input(6), call.inputs[7], result);
  };

/** What computes with bytes. */
export const quantizationOperators: Readonly<Record<string, Operator>> = {
  ConvInteger: ofIntegers(conv, [1, 0]),
  DequantizeLinear: (call) =>
    dequantized(call.x, call.input(1), call.inputs[2], call.int('axis', 1)),
  DynamicQuantizeLinear: dynamic,
  MatMulInteger: ofIntegers(matMul, [-2, -1]),
  QLinearConv: ofBytes(conv, [1, 0], 1),
  QLinearMatMul: ofBytes(matMul, [-2, -1], -1),
  QuantizeLinear: (call) => quantized(call.x, call.input(1), call.inputs[2], call.int('axis', 1)),
};
