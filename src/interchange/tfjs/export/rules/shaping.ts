import type { LayerSettings } from '../layer-settings.ts';
import { as, type LayerRule } from './rule.ts';

function pool(settings: LayerSettings) {
  settings.requireOnly('dilations', 1);
  settings.requireOnly('dimRoundingMode', undefined);
  settings.requireOnly('countIncludePad', false);
  return {
    pool_size: settings.get('poolSize'),
    strides: settings.get('strides'),
    padding: settings.padding(),
  };
}

/** Layers without weights that arrange, pool or drop. */
export const shapingRules: Readonly<Record<string, LayerRule>> = {
  maxPool1d: as('MaxPooling1D', pool),
  maxPool2d: as('MaxPooling2D', pool),
  maxPool3d: as('MaxPooling3D', pool),
  avgPool1d: as('AveragePooling1D', pool),
  avgPool2d: as('AveragePooling2D', pool),
  avgPool3d: as('AveragePooling3D', pool),
  globalAveragePool1d: as('GlobalAveragePooling1D'),
  globalAveragePool2d: as('GlobalAveragePooling2D'),
  globalMaxPool1d: as('GlobalMaxPooling1D'),
  globalMaxPool2d: as('GlobalMaxPooling2D'),
  dropout: as('Dropout', (settings) => ({ rate: settings.get('rate') })),
  gaussianDropout: as('GaussianDropout', (settings) => ({ rate: settings.get('rate') })),
  gaussianNoise: as('GaussianNoise', (settings) => ({ stddev: settings.get('std') })),
  spatialDropout1d: as('SpatialDropout1D', (settings) => ({ rate: settings.get('rate') })),
  rescaling: as('Rescaling', (settings) => ({
    scale: settings.get('scale'),
    offset: settings.get('offset'),
  })),
  flatten: as('Flatten'),
  reshape: as('Reshape', (settings) => ({ target_shape: settings.get('shape') })),
  permute: as('Permute', (settings) => ({ dims: settings.get('axes') })),
  repeatVector: as('RepeatVector', (settings) => ({ n: settings.get('count') })),
  zeroPadding2d: as('ZeroPadding2D', (settings) => ({ padding: settings.get('padding') })),
  cropping2d: as('Cropping2D', (settings) => ({ cropping: settings.get('cropping') })),
  upsampling2d: as('UpSampling2D', (settings) => {
    // There it is not between the centres of elements.
    settings.requireOnly('interpolation', 'nearest');
    return { size: settings.get('size') };
  }),
};
