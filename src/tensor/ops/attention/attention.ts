import { requireFlag, requireNumber, requireOptions } from '../../../arguments.ts';
import { DTypeError, ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import { broadcastShapes, sizeOf } from '../../shape.ts';
import type { Attention, Called, Check, CheckAttention, Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { full, zeros } from '../creation.ts';
import { where } from '../where.ts';
import { attentionInKernel } from './fused-attention.ts';
import { attentionInPlainOps } from './plain-attention.ts';

export interface AttentionOptions {
  /**
   * Whether a query sees the keys up to its own place alone: query i those from 0 to i, as in PyTorch, where
   * there are more of one than of the other, too.
   */
  readonly causal?: boolean;
  /**
   * Which keys a query sees (bool), or what is added to the scores (f32; −∞ masks, and a gradient is there):
   * broadcasts to [..., M, L].
   */
  readonly mask?: AnyTensor;
  /** By which products of queries and keys are multiplied. Default: 1/√D. */
  readonly scale?: number;
  /** With what probability a weight is set to 0, the others growing to match, as in training. Default: 0. */
  readonly dropout?: number;
}

/** Fewer scores of queries by keys are no burden to memory, and faster by way of it, in training above all. */
const FEW_SCORES = 512 * 512;

/**
 * softmax(scale · query · keyᵀ + mask) · value (Vaswani et al., "Attention is all you need", 2017), as
 * PyTorch lays it out: queries [..., M, D], keys [..., L, D] and values [..., L, E] → [..., M, E], f32;
 * leading axes, such as those of batch and heads, broadcast. Of long sequences the scores are never in
 * memory, neither here nor in the gradient, unless there is dropout. A query that sees no key comes to 0.
 * @throws ShapeError where sizes differ that must not, or the mask does not broadcast to the scores.
 * @throws DTypeError where an operand is not f32, or the mask neither bool nor f32.
 * @throws ArgumentError where an option is none of this op, or out of range.
 */
export function scaledDotProductAttention<
  Q extends Shape,
  K extends Shape,
  V extends Shape,
  Call = Called,
>(
  query: Tensor<Q, DType>,
  key: Tensor<K, DType> & Check<CheckAttention<Q, K, V>, Call>,
  value: Tensor<V, DType>,
  options: AttentionOptions = {},
): Tensor<Attention<Q, K, V>> {
  requireOptions('scaledDotProductAttention', options, ['causal', 'mask', 'scale', 'dropout']);
  return attend(query, key, value, options) as unknown as Tensor<Attention<Q, K, V>>;
}

function attend(query: AnyTensor, key: AnyTensor, value: AnyTensor, options: AttentionOptions) {
  const op = 'scaledDotProductAttention';
  requireDType(op, query, ['f32']);
  requireDType(op, key, ['f32']);
  requireDType(op, value, ['f32']);
  const batch = batchOf(op, query.shape, key.shape, value.shape);
  const [queries, width] = query.shape.slice(-2) as [number, number];
  const [keys, outputs] = value.shape.slice(-2) as [number, number];
  const { causal = false, scale = 1 / Math.sqrt(Math.max(1, width)), dropout = 0 } = options;
  requireFlag(op, 'causal', causal);
  requireNumber(op, { scale });
  requireNumber(op, { dropout }, { from: 0, to: 1 });
  const mask = addedBy(op, options.mask, [...batch, queries, keys]);
  const shape = [...batch, queries, outputs];
  if (product(shape) === 0 || keys === 0) return zeros(shape);
  const scoring = { causal, scale, mask };
  const isShort = queries * keys < FEW_SCORES;
  return isShort || dropout > 0 || width === 0
    ? attentionInPlainOps(query, key, value, scoring, dropout)
    : attentionInKernel(query, key, value, batch, scoring);
}

/** The leading axes. @throws ShapeError where shapes do not go together. */
function batchOf(op: string, query: Shape, key: Shape, value: Shape): number[] {
  const shapes = `queries [${query}], keys [${key}] and values [${value}]`;
  if (Math.min(query.length, key.length, value.length) < 2) {
    throw new ShapeError(`${op}: needs [..., length, width] each, got ${shapes}.`);
  }
  if (sizeOf(query, -1) !== sizeOf(key, -1)) {
    throw new ShapeError(
      `${op}: queries and keys must be equally wide (their last axis); got ${shapes}.`,
    );
  }
  if (sizeOf(key, -2) !== sizeOf(value, -2)) {
    throw new ShapeError(`${op}: there must be a value for each key (axis −2); got ${shapes}.`);
  }
  const both = broadcastShapes(op, query.slice(0, -2), key.slice(0, -2));
  return [...broadcastShapes(op, both, value.slice(0, -2))];
}

/** What a mask adds to the scores. @throws ShapeError, DTypeError where it cannot. */
function addedBy(op: string, mask: AnyTensor | undefined, scores: Shape): Tensor | undefined {
  if (mask === undefined) return undefined;
  requireTensor(op, mask);
  const extra = scores.length - mask.rank;
  if (extra < 0 || mask.shape.some((size, i) => size !== 1 && size !== scores[extra + i])) {
    throw new ShapeError(
      `${op}: the mask [${mask.shape}] must broadcast to the scores [${scores}], queries by keys.`,
    );
  }
  if (mask.dtype === 'f32') return mask as Tensor;
  if (mask.dtype === 'bool') {
    const open = mask as Tensor<Shape, 'bool'>;
    return where(open, zeros(mask.shape), full(mask.shape, Number.NEGATIVE_INFINITY));
  }
  throw new DTypeError(
    `${op}: the mask must be bool, which keys are seen, or f32, what is added to scores; got ${mask.dtype}[${mask.shape}].`,
  );
}
