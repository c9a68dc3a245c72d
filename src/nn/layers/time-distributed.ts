import { ShapeError } from '../../errors.ts';
import { reshape } from '../../tensor/ops/views.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { Layer, type Mode } from '../layer.ts';
import { noteSettings } from '../settings.ts';
import { requireLayers } from './require-layers.ts';

class TimeDistributed extends Layer {
  readonly type = 'timeDistributed';
  private readonly layer: Layer;

  constructor(layer: Layer) {
    super();
    requireLayers(this.type, [layer]);
    this.layer = layer;
    noteSettings(this, { layer });
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    if (x.rank < 3) {
      throw new ShapeError(
        `timeDistributed: needs sequences [batch, length, ...features], got [${x.shape}].`,
      );
    }
    const [batch, length] = [sizeOf(x.shape, 0), sizeOf(x.shape, 1)];
    const steps = reshape(x, [batch * length, ...x.shape.slice(2)]);
    const y = this.layer.forward(steps, mode);
    return reshape(y, [batch, length, ...y.shape.slice(1)]);
  }
}

/**
 * Applies a layer to each step of a sequence by itself, as if steps were examples: [batch, length, ...a] →
 * [batch, length, ...b], of a layer that makes [batch, ...b] of [batch, ...a]. What is one example to a batch
 * norm within is a step.
 * @throws ArgumentError where it is no layer.
 * @throws ShapeError where inputs are no sequences, or the layer does not take their steps.
 */
export function timeDistributed(layer: Layer): Layer {
  return new TimeDistributed(layer);
}
