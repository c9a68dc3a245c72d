import { requireFlag, requireFunction } from '../../arguments.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import { type InitializerOption, initializerOf } from '../initializers/named.ts';
import { Layer, type Mode } from '../layer.ts';
import type { Regularizer } from '../regularizers.ts';
import { type Activation, activate, functionOf } from './activations/named.ts';

/** What layers with a weight, a bias and an activation have in common. */
export interface WeightOptions {
  readonly activation?: Activation;
  /** Whether a bias is added (default). */
  readonly bias?: boolean;
  /** A function or a name. Default: 'glorotUniform', as in Keras. */
  readonly kernelInitializer?: InitializerOption;
  /** Default: 'zeros'. */
  readonly biasInitializer?: InitializerOption;
  /** What the weight adds to `penalty()`; see `l1`, `l2`. */
  readonly kernelRegularizer?: Regularizer;
  readonly biasRegularizer?: Regularizer;
}

export const WEIGHT_OPTIONS = [
  'activation',
  'bias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
] as const satisfies readonly (keyof WeightOptions)[];

/**
 * Where PyTorch has the axes of [window, in, out], and of [window, out, in] where transposed: it keeps
 * them as [out, in, window] and [in, out, window], and matrices as [out, in].
 */
function pytorchAxes(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis + 2 : rank - 1 - axis));
}

/** A layer that multiplies by a weight, adds a bias unless told not to, and activates. */
export abstract class WeightedLayer extends Layer {
  protected weight!: Variable;
  private bias: Variable | undefined;
  private readonly weightOptions: WeightOptions;

  /** @param type what the layer is, for errors: a class' own property of that name is not there yet */
  constructor(type: string, options: WeightOptions) {
    super();
    const { activation, bias, kernelInitializer, biasInitializer } = options;
    // Now, and not when a first input comes: what is wrong is in the line that made the layer.
    if (activation !== undefined) functionOf(activation);
    if (kernelInitializer !== undefined) initializerOf(kernelInitializer);
    if (biasInitializer !== undefined) initializerOf(biasInitializer);
    if (bias !== undefined) requireFlag(type, 'bias', bias);
    for (const name of ['kernelRegularizer', 'biasRegularizer'] as const) {
      if (options[name] !== undefined) requireFunction(type, name, options[name]);
    }
    this.weightOptions = options;
  }

  protected createWeights(shape: readonly number[], outputs: number): void {
    const {
      bias = true,
      kernelInitializer = 'glorotUniform',
      biasInitializer = 'zeros',
      kernelRegularizer,
      biasRegularizer,
    } = this.weightOptions;
    const weight = new Variable(initializerOf(kernelInitializer)(shape), {
      name: 'weight',
      pytorchAxes: pytorchAxes(shape.length),
    });
    this.weight = this.own(weight, kernelRegularizer);
    if (!bias) return;
    this.bias = this.own(
      new Variable(initializerOf(biasInitializer)([outputs]), { name: 'bias' }),
      biasRegularizer,
    );
  }

  /** Adds the bias and activates. */
  protected finish(product: AnyTensor, mode: Mode): AnyTensor {
    const { bias, weightOptions } = this;
    return activate(bias ? product.add(bias.value) : product, mode, weightOptions.activation);
  }
}
