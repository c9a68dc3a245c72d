import { dropout } from '../../../nn/layers/regularization/dropout.ts';
import { gaussianDropout, gaussianNoise } from '../../../nn/layers/regularization/noise.ts';
import {
  spatialDropout1d,
  spatialDropout2d,
  spatialDropout3d,
} from '../../../nn/layers/regularization/spatial-dropout.ts';
import { permute, repeatVector, reshape } from '../../../nn/layers/reshaping/arrange.ts';
import { cropping1d, cropping2d, cropping3d } from '../../../nn/layers/reshaping/cropping.ts';
import { flatten } from '../../../nn/layers/reshaping/flatten.ts';
import {
  upsampling1d,
  upsampling2d,
  upsampling3d,
} from '../../../nn/layers/reshaping/upsampling.ts';
import {
  zeroPadding1d,
  zeroPadding2d,
  zeroPadding3d,
} from '../../../nn/layers/reshaping/zero-padding.ts';
import type { LayerConfig } from '../layer-config.ts';
import { masking } from '../masks.ts';
import { inOne, inThree, inTwo } from './axes.ts';
import type { LayerKind } from './kind.ts';

/** Widths before and after, axis by axis: one number for all, one for both ends of each axis, or all. */
function sides(config: LayerConfig, key: string, axes: number): number[] {
  config.requireChannelsLast();
  const given = config.numbers(key, axes, 1);
  // In one dimension two numbers are the ends of the only axis.
  return given.length === 2 * axes ? given : given.flatMap((width) => [width, width]);
}

function sidesOfImages(config: LayerConfig, key: string) {
  const [top = 0, bottom = 0, left = 0, right = 0] = sides(config, key, 2);
  return [top, bottom, left, right] as const;
}

function sidesOfVolumes(config: LayerConfig, key: string) {
  const [front = 0, back = 0, top = 0, bottom = 0, left = 0, right = 0] = sides(config, key, 3);
  return [front, back, top, bottom, left, right] as const;
}

export const shapingKinds: Readonly<Record<string, LayerKind>> = {
  Masking: { read: (config) => masking(config.number('mask_value', 0)) },
  Dropout: { read: (config) => dropout(config.number('rate')) },
  GaussianDropout: { read: (config) => gaussianDropout(config.number('rate')) },
  GaussianNoise: { read: (config) => gaussianNoise(config.number('stddev')) },
  SpatialDropout1D: { read: (config) => spatialDropout1d(config.number('rate')) },
  SpatialDropout2D: {
    read(config) {
      config.requireChannelsLast();
      return spatialDropout2d(config.number('rate'));
    },
  },
  SpatialDropout3D: {
    read(config) {
      config.requireChannelsLast();
      return spatialDropout3d(config.number('rate'));
    },
  },
  Flatten: {
    read(config) {
      config.requireChannelsLast();
      return flatten();
    },
  },
  Reshape: { read: (config) => reshape(config.numbers('target_shape')) },
  Permute: { read: (config) => permute(config.numbers('dims')) },
  RepeatVector: { read: (config) => repeatVector(config.number('n')) },
  ZeroPadding1D: { read: (config) => zeroPadding1d(inTwo(sides(config, 'padding', 1))) },
  ZeroPadding2D: { read: (config) => zeroPadding2d(sidesOfImages(config, 'padding')) },
  ZeroPadding3D: { read: (config) => zeroPadding3d(sidesOfVolumes(config, 'padding')) },
  Cropping1D: { read: (config) => cropping1d(inTwo(sides(config, 'cropping', 1))) },
  Cropping2D: { read: (config) => cropping2d(sidesOfImages(config, 'cropping')) },
  Cropping3D: { read: (config) => cropping3d(sidesOfVolumes(config, 'cropping')) },
  UpSampling1D: { read: (config) => upsampling1d(inOne(config.numbers('size', 1, 2))) },
  UpSampling2D: {
    read(config) {
      config.requireChannelsLast();
      const interpolation = config.text('interpolation', ['nearest', 'bilinear'], 'nearest');
      return upsampling2d(inTwo(config.numbers('size', 2, 2)), { interpolation });
    },
  },
  UpSampling3D: {
    read(config) {
      config.requireChannelsLast();
      return upsampling3d(inThree(config.numbers('size', 3, 2)));
    },
  },
};
