import { inWords, requireList } from '../../arguments.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import { concat as join } from '../../tensor/ops/joining.ts';
import { requireDType } from '../../tensor/require-dtype.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { Layer, type Mode } from '../layer.ts';

/** @throws ArgumentError where something is no layer, as a function that has not been called. */
function requireLayers(name: string, layers: readonly unknown[]): void {
  requireList(name, layers, 'layers, such as [nn.flatten(), nn.dense(10)]');
  for (const [i, layer] of layers.entries()) {
    if (layer instanceof Layer) continue;
    const remedy = typeof layer === 'function' ? ' Call it, as in nn.relu().' : '';
    throw new ArgumentError(`${name}: layer ${i} is no layer but ${inWords(layer)}.${remedy}`);
  }
}

class Sequential extends Layer {
  readonly type = 'sequential';
  override readonly inputDType: DType;
  private readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    super();
    this.inputDType = layers[0]?.inputDType ?? 'f32';
    this.layers = layers;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.layers.reduce((at, layer) => layer.forward(at, mode), x);
  }
}

/**
 * Layers one after the other.
 * @throws ArgumentError where something is no layer.
 */
export function sequential(layers: readonly Layer[]): Layer {
  requireLayers('sequential', layers);
  return new Sequential([...layers]);
}

class Residual extends Layer {
  readonly type = 'residual';
  override readonly inputDType: DType;
  // In the order in which their variables are listed.
  private readonly shortcut: Layer | undefined;
  private readonly main: Layer;

  constructor(main: Layer, shortcut: Layer | undefined) {
    super();
    requireLayers('residual', shortcut === undefined ? [main] : [main, shortcut]);
    this.inputDType = main.inputDType;
    this.shortcut = shortcut;
    this.main = main;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    const past: AnyTensor = this.shortcut ? this.shortcut.forward(x, mode) : x;
    requireDType('residual', past, ['f32']);
    const through = this.main.forward(x, mode);
    if (!sameShape(through.shape, past.shape)) {
      throw new ShapeError(
        `residual: the main path gives [${through.shape}] and the shortcut [${past.shape}]. ` +
          'Give the shortcut a 1×1 convolution with the same strides and filters.',
      );
    }
    return through.add(past);
  }
}

/**
 * `main(x) + shortcut(x)`; the shortcut is x itself if left out (He et al., "Deep residual learning",
 * 2016).
 * @throws ShapeError where both paths do not give one shape.
 */
export function residual(main: Layer, shortcut?: Layer): Layer {
  return new Residual(main, shortcut);
}

class Concat extends Layer {
  readonly type = 'concat';
  override readonly inputDType: DType;
  private readonly branches: readonly Layer[];
  private readonly axis: number;

  constructor(branches: readonly Layer[], axis: number) {
    super();
    requireLayers('concat', branches);
    if (branches.length === 0) throw new ArgumentError('concat: needs at least one branch.');
    this.inputDType = branches[0]?.inputDType ?? 'f32';
    this.branches = branches;
    this.axis = axis;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return join(
      this.branches.map((branch) => branch.forward(x, mode)),
      this.axis,
    );
  }
}

/**
 * Several branches on the same input, their results one behind the other along an axis (the last).
 * @throws ArgumentError where there is no branch.
 * @throws ShapeError where the results differ in another axis.
 */
export function concat(branches: readonly Layer[], axis = -1): Layer {
  return new Concat(branches, axis);
}
