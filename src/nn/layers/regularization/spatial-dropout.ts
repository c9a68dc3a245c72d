import { requireNumber } from '../../../arguments.ts';
import { dropout } from '../../../tensor/ops/dropout.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer, Mode } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { channelsOf } from '../reshaping/image-shape.ts';

/**
 * In training, sets whole channels of sequences to 0 with probability `rate` and scales the others up to
 * match, since neighbours that are alike would make up for what plain dropout takes (Tompson et al.,
 * "Efficient object localization using convolutional networks", 2015): [N, L, C] → the same shape.
 * @throws ArgumentError where the rate is not from 0 to 1.
 * @throws ShapeError where inputs are no sequences.
 */
export function spatialDropout1d(rate: number): Layer {
  return spatialDropout('spatialDropout1d', 1, rate);
}

/** The same of images, [N, H, W, C]; as {@link spatialDropout1d}. */
export function spatialDropout2d(rate: number): Layer {
  return spatialDropout('spatialDropout2d', 2, rate);
}

/** The same of volumes, [N, D, H, W, C]; as {@link spatialDropout1d}. */
export function spatialDropout3d(rate: number): Layer {
  return spatialDropout('spatialDropout3d', 3, rate);
}

function spatialDropout(type: string, axes: 1 | 2 | 3, rate: number): Layer {
  requireNumber(type, { rate }, { from: 0, to: 1 });
  const drop = (x: AnyTensor, { training }: Mode) => {
    const channels = channelsOf(type, axes, x.shape);
    if (!training) return x;
    const noiseShape = [sizeOf(x.shape, 0), ...new Array<number>(axes).fill(1), channels];
    return dropout(x, rate, { noiseShape });
  };
  return new FunctionLayer(type, drop, { rate });
}
