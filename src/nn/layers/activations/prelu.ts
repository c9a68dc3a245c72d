import { requireFunction, requireList, requireOptions, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import { Variable } from '../../../tensor/variable.ts';
import { type InitializerOption, initializerOf } from '../../initializers/named.ts';
import { Layer } from '../../layer.ts';
import type { Regularizer } from '../../regularizers.ts';
import { noteSettings } from '../../settings.ts';

export interface PreluOptions {
  /** The first slopes. Default 'zeros', as in Keras. */
  readonly initializer?: InitializerOption;
  readonly regularizer?: Regularizer;
  /** Axes along which all elements have one slope, such as [1, 2] of images; the batch is axis 0. */
  readonly sharedAxes?: readonly number[];
}

class Prelu extends Layer {
  readonly type = 'prelu';
  private readonly options: PreluOptions;
  private weight!: Variable;

  constructor(options: PreluOptions) {
    super();
    requireOptions('prelu', options, ['initializer', 'regularizer', 'sharedAxes']);
    const { initializer, regularizer, sharedAxes = [] } = options;
    requireList('prelu', sharedAxes, 'axes, such as [1, 2]');
    requireWhole('prelu', { sharedAxes }, { from: 1 });
    if (initializer !== undefined) initializerOf(initializer);
    if (regularizer !== undefined) requireFunction('prelu', 'regularizer', regularizer);
    this.options = { ...options, sharedAxes: [...sharedAxes] };
    noteSettings(this, { ...this.options });
  }

  protected override createVariables(shape: readonly number[]): void {
    const { initializer = 'zeros', regularizer, sharedAxes = [] } = this.options;
    if (sharedAxes.some((axis) => axis >= shape.length)) {
      throw new ShapeError(`prelu: [${shape}] has no axes [${sharedAxes}] to share slopes along.`);
    }
    const slopes = shape.map((size, axis) => (sharedAxes.includes(axis) ? 1 : size)).slice(1);
    const weight = new Variable(initializerOf(initializer)(slopes), { name: 'weight' });
    this.weight = this.own(weight, regularizer);
  }

  protected compute(x: AnyTensor): AnyTensor {
    return x.prelu(this.weight.value);
  }
}

/**
 * x above 0, slope · x below, with a learned slope for each feature of an example: [N, ...] → the same
 * shape (He et al., "Delving deep into rectifiers", 2015).
 * @throws ArgumentError where shared axes are not whole numbers above 0.
 * @throws ShapeError where inputs do not have those axes.
 */
export function prelu(options: PreluOptions = {}): Layer {
  return new Prelu(options);
}
