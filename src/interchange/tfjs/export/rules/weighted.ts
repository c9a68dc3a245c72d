import type { Json } from '../../../keras/json.ts';
import type { LayerSettings } from '../layer-settings.ts';
import { as, type LayerRule } from './rule.ts';

/** Activation, bias and regularizers. */
function weights(settings: LayerSettings, kernel = 'kernel'): Json {
  return {
    activation: settings.activation(),
    use_bias: settings.get('bias') ?? true,
    [`${kernel}_regularizer`]: settings.regularizer('kernelRegularizer'),
    bias_regularizer: settings.regularizer('biasRegularizer'),
  };
}

/** Windows, how they move and where they end. */
function windows(settings: LayerSettings): Json {
  return {
    kernel_size: settings.get('kernelSize'),
    strides: settings.get('strides'),
    dilation_rate: settings.get('dilations'),
    padding: settings.padding(),
  };
}

function convolution(settings: LayerSettings): Json {
  settings.requireOnly('groups', 1);
  return { filters: settings.get('filters'), ...windows(settings), ...weights(settings) };
}

function transposed(settings: LayerSettings): Json {
  settings.requireOnly('dilations', 1);
  settings.requireOnly('outputPadding', undefined);
  return convolution(settings);
}

export const weightedRules: Readonly<Record<string, LayerRule>> = {
  dense: as('Dense', (settings) => ({ units: settings.get('units'), ...weights(settings) })),
  conv1d: as('Conv1D', convolution),
  conv2d: as('Conv2D', convolution),
  conv3d: as('Conv3D', convolution),
  conv2dTranspose: as('Conv2DTranspose', transposed),
  conv3dTranspose: as('Conv3DTranspose', transposed),
  depthwiseConv2d: as('DepthwiseConv2D', (settings) => ({
    depth_multiplier: settings.get('depthMultiplier'),
    ...windows(settings),
    ...weights(settings, 'depthwise'),
  })),
  separableConv2d: as('SeparableConv2D', (settings) => ({
    filters: settings.get('filters'),
    depth_multiplier: settings.get('depthMultiplier'),
    depthwise_regularizer: settings.regularizer('kernelRegularizer'),
    ...windows(settings),
    ...weights(settings, 'pointwise'),
  })),
  embedding: as('Embedding', (settings) => ({
    input_dim: settings.get('count'),
    output_dim: settings.get('size'),
    embeddings_regularizer: settings.regularizer('regularizer'),
  })),
  batchNorm: as('BatchNormalization', (settings) => ({
    momentum: settings.get('momentum'),
    epsilon: settings.get('epsilon'),
  })),
  layerNorm: as('LayerNormalization', (settings) => ({ epsilon: settings.get('epsilon') })),
};
