import type { DType } from '../../../kernels/dtype.ts';
import { elementTypeOf } from '../tensor-proto.ts';
import type { Formula, FormulaRule } from './formula.ts';
import type { GraphWriter, Written } from './graph-writer.ts';
import { broadcast, isEqual, type Size } from './open-sizes.ts';

/** The order of axes in which ONNX has what we have with channels last. */
export function channelsFirst(rank: number): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
}

export function channelsLast(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/**
 * Writes an op that computes element by element. Operands that are repetitions are left to ONNX to
 * broadcast, and what a convolution gave is computed with as it lies.
 */
export function writeElementwise(
  writer: GraphWriter,
  rule: FormulaRule | string,
  inputs: readonly Written[],
  type: { readonly shape: readonly Size[]; readonly dtype: DType },
): Written {
  const narrow = inputs.map((x) => x.narrow ?? x);
  const shape = broadcast(narrow.map((x) => x.shape));
  const result = compute(writer, rule, narrow, shape, type.dtype);
  const isWhole =
    type.shape.length === shape.length && shape.every((size, i) => isEqual(size, type.shape[i]));
  return isWhole ? result : expanded(writer, result, type.shape);
}

/** `x` repeated to a shape. */
export function expanded(writer: GraphWriter, x: Written, shape: readonly Size[]): Written {
  const whole = writer.node('Expand', [x, writer.sizes(shape)], { shape, dtype: x.dtype });
  return { ...whole, narrow: x };
}

function compute(
  writer: GraphWriter,
  rule: FormulaRule | string,
  operands: readonly Written[],
  shape: readonly Size[],
  dtype: DType,
): Written {
  const rank = shape.length;
  const isLikeConvolution = (x: Written) =>
    x.shape.length === rank &&
    rank > 2 &&
    x.origin?.permutation.join() === channelsLast(rank).join();
  const asTheyLie = operands.some(isLikeConvolution)
    ? operands.map((x) => withChannelsFirst(writer, x, rank))
    : undefined;
  if (!asTheyLie?.every((x) => x !== undefined))
    return formula(writer, rule, operands, shape, dtype);
  const lying = broadcast(asTheyLie.map((x) => x.shape));
  return writer.transpose(formula(writer, rule, asTheyLie, lying, dtype), channelsLast(rank));
}

function withChannelsFirst(writer: GraphWriter, x: Written, rank: number): Written | undefined {
  const { shape } = x;
  if (shape.length === 0) return x;
  if (shape.length === rank) return writer.transpose(x, channelsFirst(rank));
  const [channels] = shape;
  if (shape.length > 1 || !channels) return undefined;
  return writer.reshape(x, [
    channels,
    ...Array.from({ length: rank - 2 }, () => ({ at: 1, and: 1 })),
  ]);
}

function formula(
  writer: GraphWriter,
  rule: FormulaRule | string,
  operands: readonly Written[],
  shape: readonly Size[],
  result: DType,
): Written {
  const of: Formula['of'] = (opType, inputs, attributes) =>
    writer.node(opType, inputs, { shape, dtype: result }, attributes).name;
  const to: Formula['to'] = (x, dtype) => of('Cast', [x], { to: elementTypeOf[dtype] });
  const names = operands.map(({ name }) => name);
  if (typeof rule === 'string') return { name: of(rule, names), shape, dtype: result };
  const isHalf = operands[0]?.dtype === 'f16';
  const operand = isHalf ? 'f32' : (operands[0]?.dtype ?? result);
  const [x = '', y = '', z = ''] = isHalf ? names.map((name) => to(name, 'f32')) : names;
  const number = (value: number) => writer.scalar(value, operand).name;
  const name = rule({ of, number, to, operand, result }, x, y, z);
  return { name: isHalf && result === 'f16' ? to(name, 'f16') : name, shape, dtype: result };
}
