import { requireOptions, requireWhole } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { matMul } from '../../tensor/ops/linear.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Layer, Mode } from '../layer.ts';
import { noteSettings } from '../settings.ts';
import { WEIGHT_OPTIONS, WeightedLayer, type WeightOptions } from './weighted-layer.ts';

export interface DenseOptions extends WeightOptions {}

class Dense extends WeightedLayer {
  readonly type = 'dense';
  private readonly units: number;

  constructor(units: number, options: DenseOptions) {
    requireOptions('dense', options, WEIGHT_OPTIONS);
    super('dense', options);
    requireWhole('dense', { units }, { from: 1 });
    this.units = units;
    noteSettings(this, { units, ...options });
  }

  protected override createVariables(shape: readonly number[]): void {
    const features = shape[shape.length - 1];
    if (features === undefined || shape.length < 2) {
      throw new ShapeError(
        `dense: needs inputs [..., features], got [${shape}]. Put a flatten() before it?`,
      );
    }
    this.createWeights([features, this.units], this.units);
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.finish(matMul(x, this.weight.value), mode);
  }
}

/**
 * Fully connected: `activation(x · weight + bias)`, [..., features] → [..., units].
 * @throws ArgumentError where units is not a whole number above 0.
 * @throws ShapeError where inputs have no features.
 */
export function dense(units: number, options: DenseOptions = {}): Layer {
  return new Dense(units, options);
}
