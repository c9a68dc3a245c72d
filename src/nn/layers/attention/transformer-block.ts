import { requireFlag, requireOptions, requireWhole } from '../../../arguments.ts';
import { requireDType } from '../../../tensor/require-dtype.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { Layer, type Mode } from '../../layer.ts';
import type { Activation } from '../activations/named.ts';
import { dense } from '../dense.ts';
import { layerNorm } from '../normalization/example-norm.ts';
import { dropout as drop } from '../regularization/dropout.ts';
import { multiHeadAttention } from './multi-head-attention.ts';

export interface TransformerBlockOptions {
  readonly heads: number;
  /** The width between the two dense layers. Default: 4 · features. */
  readonly hidden?: number;
  /** Default: 'gelu'. */
  readonly activation?: Activation;
  /** With what probability weights of attention and what each half adds are dropped. Default: 0. */
  readonly dropout?: number;
  /** Whether each half normalises what it reads (default), or else the sum behind it. */
  readonly preNorm?: boolean;
  /** Whether a place sees itself and those before it alone. Default: false. */
  readonly causal?: boolean;
}

const OPTIONS = ['heads', 'hidden', 'activation', 'dropout', 'preNorm', 'causal'] as const;
/** PyTorch's. */
const EPSILON = 1e-5;

class TransformerBlock extends Layer {
  readonly type = 'transformerBlock';
  private readonly attention: Layer;
  private linear1: Layer | undefined;
  private linear2: Layer | undefined;
  private readonly norm1 = layerNorm({ epsilon: EPSILON });
  private readonly norm2 = layerNorm({ epsilon: EPSILON });
  private readonly dropout: Layer;
  private readonly options: TransformerBlockOptions;

  constructor(options: TransformerBlockOptions) {
    super();
    requireOptions(this.type, options, OPTIONS);
    const { heads, hidden = 1, dropout = 0, preNorm = true, causal = false } = options;
    requireWhole(this.type, { hidden }, { from: 1 });
    requireFlag(this.type, 'preNorm', preNorm);
    this.attention = multiHeadAttention(heads, { causal, dropout });
    this.dropout = drop(dropout);
    this.options = options;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    requireDType(this.type, x, ['f32']);
    const features = sizeOf(x.shape, -1);
    const { hidden = 4 * features, activation = 'gelu' } = this.options;
    this.linear1 ??= dense(hidden, { activation });
    this.linear2 ??= dense(features);
    const [first, second] = [this.linear1, this.linear2];
    const mixed = this.half(x, mode, this.norm1, (y) => this.attention.forward(y, mode));
    return this.half(mixed, mode, this.norm2, (y) => second.forward(first.forward(y, mode), mode));
  }

  /** x and what is added to it, normalised before or after. */
  private half(x: Tensor, mode: Mode, norm: Layer, work: (x: Tensor) => Tensor): Tensor {
    const { preNorm = true } = this.options;
    const more = this.dropout.forward(work(preNorm ? norm.forward(x, mode) : x), mode);
    return preNorm ? x.add(more) : norm.forward(x.add(more), mode);
  }
}

/**
 * A block of a transformer, self-attention and two dense layers, each beside a shortcut:
 * [batch, length, features] → the same. It normalises before each half unless told otherwise (Xiong et al.,
 * "On layer normalization in the transformer architecture", 2020), as PyTorch's TransformerEncoderLayer with
 * `norm_first=True`, whose `linear1`, `linear2`, `norm1` and `norm2` have the same names here.
 * @throws ArgumentError where an option is out of range, or the features do not make so many heads.
 */
export function transformerBlock(options: TransformerBlockOptions): Layer {
  return new TransformerBlock(options);
}
