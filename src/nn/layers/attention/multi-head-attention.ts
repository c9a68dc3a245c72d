import { requireFlag, requireNumber, requireOptions, requireWhole } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { scaledDotProductAttention } from '../../../tensor/ops/attention/attention.ts';
import { reshape, transpose } from '../../../tensor/ops/views.ts';
import { requireTensor } from '../../../tensor/require-dtype.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { Layer, type Mode } from '../../layer.ts';
import { dense } from '../dense.ts';

export interface MultiHeadAttentionOptions {
  /** The width of queries and keys of a head. Default: features / heads. */
  readonly keyDim?: number;
  /** That of values of a head. Default: `keyDim`. */
  readonly valueDim?: number;
  /** Whether a place sees itself and those before it alone. Default: false. */
  readonly causal?: boolean;
  /** With what probability a weight is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether projections add a bias (default). */
  readonly bias?: boolean;
}

const OPTIONS = ['keyDim', 'valueDim', 'causal', 'dropout', 'bias'] as const;

/** Attention of several heads, to the input itself or, by {@link attend}, to another sequence. */
export class MultiHeadAttention extends Layer {
  readonly type = 'multiHeadAttention';
  private readonly heads: number;
  private readonly options: MultiHeadAttentionOptions;
  private query: Layer | undefined;
  private key: Layer | undefined;
  private value: Layer | undefined;
  private output: Layer | undefined;

  constructor(heads: number, options: MultiHeadAttentionOptions) {
    super();
    requireOptions(this.type, options, OPTIONS);
    requireWhole(this.type, { heads }, { from: 1 });
    const { keyDim = 1, valueDim = 1, dropout = 0, causal = false, bias = true } = options;
    requireWhole(this.type, { keyDim, valueDim }, { from: 1 });
    requireNumber(this.type, { dropout }, { from: 0, to: 1 });
    requireFlag(this.type, 'causal', causal);
    requireFlag(this.type, 'bias', bias);
    this.heads = heads;
    this.options = options;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.attend(x, x, mode);
  }

  /**
   * What each place of `x` [batch, M, features] finds in `memory` [batch, L, anything] → [batch, M, features].
   * @param mask which places are seen (bool), or what is added to scores (f32): broadcasts to
   *   [batch, heads, M, L], so that the mask of padded words, [batch, L], is given as [batch, 1, 1, L]
   * @throws ShapeError where sequences are not [batch, length, features], or the mask does not fit.
   * @throws ArgumentError where the features do not make so many heads.
   */
  attend(
    x: AnyTensor,
    memory: AnyTensor,
    mode: Mode = { training: false },
    mask?: AnyTensor,
  ): Tensor {
    for (const sequence of [x, memory]) {
      requireTensor(this.type, sequence);
      if (sequence.rank === 3) continue;
      throw new ShapeError(
        `${this.type}: needs sequences [batch, length, features], got [${sequence.shape}].`,
      );
    }
    const { causal = false, dropout = 0 } = this.options;
    const { query, key, value, output } = this.projections(sizeOf(x.shape, -1));
    const seen = scaledDotProductAttention(
      this.apart(query.forward(x, mode)),
      this.apart(key.forward(memory, mode)),
      this.apart(value.forward(memory, mode)),
      { causal, dropout: mode.training ? dropout : 0, ...(mask && { mask }) },
    );
    const [batch, length] = x.shape as readonly [number, number];
    const together = reshape(transpose(seen, [0, 2, 1, 3]), [batch, length, -1]);
    return output.forward(together, mode);
  }

  /** The four layers of weights, made when the features are known. */
  private projections(features: number) {
    const { heads } = this;
    const { keyDim = features / heads, valueDim = keyDim, bias = true } = this.options;
    if (!Number.isInteger(keyDim)) {
      throw new ArgumentError(
        `${this.type}: ${features} features do not make ${heads} equal heads. Give keyDim, the width of one.`,
      );
    }
    this.query ??= dense(heads * keyDim, { bias });
    this.key ??= dense(heads * keyDim, { bias });
    this.value ??= dense(heads * valueDim, { bias });
    this.output ??= dense(features, { bias });
    this.freezeNew();
    return { query: this.query, key: this.key, value: this.value, output: this.output };
  }

  /** [batch, length, heads · width] → [batch, heads, length, width] */
  private apart(x: Tensor): Tensor {
    const [batch, length] = x.shape as readonly [number, number];
    return transpose(reshape(x, [batch, length, this.heads, -1]), [0, 2, 1, 3]);
  }
}

/**
 * Attention of several heads (Vaswani et al., "Attention is all you need", 2017): self-attention as a layer,
 * [batch, length, features] → the same, and attention to another sequence by its method `attend(x, memory)`.
 * Weights are `query`, `key`, `value` and `output`, each a dense layer. PyTorch keeps the first three one
 * behind the other in `in_proj_weight`.
 * @throws ArgumentError where an option is out of range.
 */
export function multiHeadAttention(
  heads: number,
  options: MultiHeadAttentionOptions = {},
): MultiHeadAttention {
  return new MultiHeadAttention(heads, options);
}
