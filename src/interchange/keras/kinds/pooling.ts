import {
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
} from '../../../nn/layers/pooling/global.ts';
import { avgPool1d, maxPool1d } from '../../../nn/layers/pooling/pool1d.ts';
import { avgPool2d, maxPool2d } from '../../../nn/layers/pooling/pool2d.ts';
import { avgPool3d, maxPool3d } from '../../../nn/layers/pooling/pool3d.ts';
import type { LayerConfig } from '../layer-config.ts';
import { inOne, inThree, inTwo } from './axes.ts';
import type { LayerKind } from './kind.ts';

/** Windows do not overlap unless strides are given. */
function pool<Size>(config: LayerConfig, axes: number, sizes: (list: readonly number[]) => Size) {
  config.requireChannelsLast();
  const poolSize = config.numbers('pool_size', axes, 2);
  return {
    poolSize: sizes(poolSize),
    options: {
      strides: sizes(config.numbers('strides', axes, poolSize)),
      padding: config.text('padding', ['valid', 'same'], 'valid'),
    },
  };
}

function overall(make: () => ReturnType<typeof globalMaxPool1d>): LayerKind {
  return {
    read(config) {
      config.requireChannelsLast();
      config.requireUnset('keepdims');
      return make();
    },
  };
}

export const poolingKinds: Readonly<Record<string, LayerKind>> = {
  MaxPooling1D: {
    read(config) {
      const { poolSize, options } = pool(config, 1, inOne);
      return maxPool1d(poolSize, options);
    },
  },
  MaxPooling2D: {
    read(config) {
      const { poolSize, options } = pool(config, 2, inTwo);
      return maxPool2d(poolSize, options);
    },
  },
  MaxPooling3D: {
    read(config) {
      const { poolSize, options } = pool(config, 3, inThree);
      return maxPool3d(poolSize, options);
    },
  },
  AveragePooling1D: {
    read(config) {
      const { poolSize, options } = pool(config, 1, inOne);
      return avgPool1d(poolSize, options);
    },
  },
  AveragePooling2D: {
    read(config) {
      const { poolSize, options } = pool(config, 2, inTwo);
      return avgPool2d(poolSize, options);
    },
  },
  AveragePooling3D: {
    read(config) {
      const { poolSize, options } = pool(config, 3, inThree);
      return avgPool3d(poolSize, options);
    },
  },
  GlobalAveragePooling1D: overall(globalAveragePool1d),
  GlobalAveragePooling2D: overall(globalAveragePool2d),
  GlobalAveragePooling3D: overall(globalAveragePool3d),
  GlobalMaxPooling1D: overall(globalMaxPool1d),
  GlobalMaxPooling2D: overall(globalMaxPool2d),
  GlobalMaxPooling3D: overall(globalMaxPool3d),
};
