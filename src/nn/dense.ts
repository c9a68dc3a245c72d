import { ArgumentError, ShapeError } from '../errors.ts';
import { matMul } from '../tensor/ops/linear.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { type Activation, activate } from './activations.ts';
import { glorotUniform, type Initializer, zeros } from './initializers.ts';
import { Layer } from './layer.ts';

export interface DenseOptions {
  readonly activation?: Activation;
  /** Whether a bias is added (default). */
  readonly bias?: boolean;
  /** Default: glorot uniform, as in Keras. */
  readonly kernelInitializer?: Initializer;
  readonly biasInitializer?: Initializer;
}

class Dense extends Layer {
  readonly type = 'dense';
  private readonly units: number;
  private readonly options: DenseOptions;
  private weight!: Variable;
  private bias: Variable | undefined;

  constructor(units: number, options: DenseOptions) {
    super();
    if (!(Number.isInteger(units) && units > 0)) {
      throw new ArgumentError(
        `dense: the number of units ${units} must be a whole number above 0.`,
      );
    }
    this.units = units;
    this.options = options;
  }

  protected override createVariables(shape: readonly number[]): void {
    const features = shape[shape.length - 1];
    if (features === undefined || shape.length < 2) {
      throw new ShapeError(
        `dense: needs inputs [..., features], got [${shape}]. Put a flatten() before it?`,
      );
    }
    const {
      bias = true,
      kernelInitializer = glorotUniform,
      biasInitializer = zeros,
    } = this.options;
    const { units } = this;
    this.weight = this.own(new Variable(kernelInitializer([features, units]), { name: 'weight' }));
    if (bias) this.bias = this.own(new Variable(biasInitializer([units]), { name: 'bias' }));
  }

  protected compute(x: AnyTensor): AnyTensor {
    const product = matMul(x, this.weight.value);
    return activate(this.bias ? product.add(this.bias.value) : product, this.options.activation);
  }
}

/** Fully connected: `activation(x · weight + bias)`, [..., features] → [..., units]. */
export function dense(units: number, options: DenseOptions = {}): Layer {
  return new Dense(units, options);
}
