import { ShapeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import { requireDType } from '../../tensor/require-dtype.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { Layer, type Mode } from '../layer.ts';
import { noteSettings } from '../settings.ts';
import { requireLayers } from './require-layers.ts';

/** What {@link sequential} makes. */
export class Sequential extends Layer {
  readonly type = 'sequential';
  override readonly inputDType: DType;
  readonly layers: readonly Layer[];

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

/** What {@link residual} makes. */
export class Residual extends Layer {
  readonly type = 'residual';
  override readonly inputDType: DType;
  // In the order in which their variables are listed.
  readonly shortcut: Layer | undefined;
  readonly main: Layer;

  constructor(main: Layer, shortcut: Layer | undefined) {
    super();
    requireLayers('residual', shortcut === undefined ? [main] : [main, shortcut]);
    this.inputDType = main.inputDType;
    this.shortcut = shortcut;
    this.main = main;
    noteSettings(this, {});
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
