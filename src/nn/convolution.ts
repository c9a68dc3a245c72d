import { ArgumentError, ShapeError } from '../errors.ts';
import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d as convolve,
} from '../tensor/ops/convolution.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { type Activation, activate } from './activations.ts';
import { glorotUniform, type Initializer, zeros } from './initializers.ts';
import { Layer } from './layer.ts';

export interface Conv2dOptions extends ConvolutionOptions {
  readonly activation?: Activation;
  /** Whether a bias is added (default). */
  readonly bias?: boolean;
  /** Default: glorot uniform, as in Keras. */
  readonly kernelInitializer?: Initializer;
  readonly biasInitializer?: Initializer;
}

class Conv2d extends Layer {
  readonly type = 'conv2d';
  private readonly filters: number;
  private readonly window: readonly [number, number];
  private readonly options: Conv2dOptions;
  private weight!: Variable;
  private bias: Variable | undefined;

  constructor(filters: number, window: readonly [number, number], options: Conv2dOptions) {
    super();
    for (const size of [filters, ...window, options.groups ?? 1]) {
      if (Number.isInteger(size) && size > 0) continue;
      throw new ArgumentError(
        `conv2d: ${filters} filters of ${window.join('×')} in ${options.groups ?? 1} groups: all must be whole numbers above 0.`,
      );
    }
    this.filters = filters;
    this.window = window;
    this.options = options;
  }

  protected override createVariables(shape: readonly number[]): void {
    const channels = shape[3];
    if (channels === undefined || shape.length !== 4) {
      throw new ShapeError(
        `conv2d: needs images [N, H, W, C], got [${shape}]. Reshape them, with C = 1 for grey ones.`,
      );
    }
    const {
      bias = true,
      groups = 1,
      kernelInitializer = glorotUniform,
      biasInitializer = zeros,
    } = this.options;
    if (channels % groups !== 0 || this.filters % groups !== 0) {
      throw new ShapeError(
        `conv2d: ${channels} channels and ${this.filters} filters do not make ${groups} equal groups.`,
      );
    }
    const kernelShape = [...this.window, channels / groups, this.filters];
    this.weight = this.own(new Variable(kernelInitializer(kernelShape), { name: 'weight' }));
    if (bias) this.bias = this.own(new Variable(biasInitializer([this.filters]), { name: 'bias' }));
  }

  protected compute(x: AnyTensor): AnyTensor {
    const response = convolve(x, this.weight.value, this.options);
    return activate(this.bias ? response.add(this.bias.value) : response, this.options.activation);
  }
}

/**
 * 2-D convolution with `filters` filters of a window (height and width, or one number for both):
 * [N, H, W, C] → [N, H', W', filters].
 */
export function conv2d(
  filters: number,
  window: number | readonly [number, number],
  options: Conv2dOptions = {},
): Layer {
  return new Conv2d(filters, typeof window === 'number' ? [window, window] : window, options);
}
