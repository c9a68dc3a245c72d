import { conv1d } from '../../../nn/layers/convolution/conv1d.ts';
import { conv1dTranspose } from '../../../nn/layers/convolution/conv1d-transpose.ts';
import { conv2d } from '../../../nn/layers/convolution/conv2d.ts';
import { conv2dTranspose } from '../../../nn/layers/convolution/conv2d-transpose.ts';
import { conv3d } from '../../../nn/layers/convolution/conv3d.ts';
import { conv3dTranspose } from '../../../nn/layers/convolution/conv3d-transpose.ts';
import { depthwiseConv2d } from '../../../nn/layers/convolution/depthwise.ts';
import { separableConv1d, separableConv2d } from '../../../nn/layers/convolution/separable.ts';
import { dense } from '../../../nn/layers/dense.ts';
import { embedding } from '../../../nn/layers/embedding.ts';
import type { WeightOptions } from '../../../nn/layers/weighted-layer.ts';
import { reshape } from '../../../tensor/ops/views.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import type { LayerConfig } from '../layer-config.ts';
import { inOne, inThree, inTwo } from './axes.ts';
import { type LayerKind, same, type WeightRule } from './kind.ts';

const KERNEL_AND_BIAS = [same('kernel', 'weight'), same('bias', 'bias')];

/** Activation, bias and regularizers; the values of weights come from the file. */
function weightOptions(config: LayerConfig, kernel = 'kernel'): WeightOptions {
  const kernelRegularizer = config.regularizer(`${kernel}_regularizer`);
  const biasRegularizer = config.regularizer('bias_regularizer');
  return {
    activation: config.activation(),
    bias: config.flag('use_bias', true),
    kernelInitializer: 'zeros',
    ...(kernelRegularizer ? { kernelRegularizer } : {}),
    ...(biasRegularizer ? { biasRegularizer } : {}),
  };
}

/** Windows, how they move and where they end, and what all layers with weights have. */
function convolution<Size, Padding extends string = never>(
  config: LayerConfig,
  axes: number,
  sizes: (list: readonly number[]) => Size,
  kernel?: string,
  otherPaddings: readonly Padding[] = [],
) {
  config.requireChannelsLast();
  config.requireUnset('output_padding');
  const along = (key: string, absent?: number) => sizes(config.numbers(key, axes, absent));
  return {
    kernelSize: along('kernel_size'),
    options: {
      strides: along('strides', 1),
      dilations: along('dilation_rate', 1),
      padding: config.text('padding', ['valid', 'same', ...otherPaddings], 'valid'),
      ...weightOptions(config, kernel),
    },
  };
}

/** In how many groups channels are convolved apart. */
const groups = (config: LayerConfig) => ({ groups: config.number('groups', 1) });
const depthMultiplier = (config: LayerConfig) => ({
  depthMultiplier: config.number('depth_multiplier', 1),
});
const filters = (config: LayerConfig) => config.number('filters');

/** [K…, C, M] of Keras, M results for each of C channels, as [K…, 1, C · M]. */
function perChannel(value: AnyTensor): AnyTensor[] {
  const results = sizeOf(value.shape, -2) * sizeOf(value.shape, -1);
  return [reshape(value, [...value.shape.slice(0, -2), 1, results])];
}

/** The other way round. */
function perGroup([value]: readonly [Tensor, ...Tensor[]], config: LayerConfig): Tensor {
  const results = config.number('depth_multiplier', 1);
  const [last, window] = [sizeOf(value.shape, -1), value.shape.slice(0, -2)];
  return reshape(value, [...window, last / results, results]);
}

const SEPARABLE: readonly WeightRule[] = [
  { name: 'depthwise_kernel', variables: ['depthwise.weight'], split: perChannel, join: perGroup },
  same('pointwise_kernel', 'pointwise.weight'),
  same('bias', 'pointwise.bias'),
];

export const weightedKinds: Readonly<Record<string, LayerKind>> = {
  Dense: {
    read: (config) => dense(config.number('units'), weightOptions(config)),
    weights: KERNEL_AND_BIAS,
  },
  Conv1D: {
    read(config) {
      const { kernelSize, options } = convolution(config, 1, inOne, 'kernel', ['causal']);
      return conv1d(filters(config), kernelSize, { ...options, ...groups(config) });
    },
    weights: KERNEL_AND_BIAS,
  },
  Conv2D: {
    read(config) {
      const { kernelSize, options } = convolution(config, 2, inTwo);
      return conv2d(filters(config), kernelSize, { ...options, ...groups(config) });
    },
    weights: KERNEL_AND_BIAS,
  },
  Conv3D: {
    read(config) {
      const { kernelSize, options } = convolution(config, 3, inThree);
      return conv3d(filters(config), kernelSize, { ...options, ...groups(config) });
    },
    weights: KERNEL_AND_BIAS,
  },
  Conv1DTranspose: {
    read(config) {
      const { kernelSize, options } = convolution(config, 1, inOne);
      return conv1dTranspose(filters(config), kernelSize, options);
    },
    weights: KERNEL_AND_BIAS,
  },
  Conv2DTranspose: {
    read(config) {
      const { kernelSize, options } = convolution(config, 2, inTwo);
      return conv2dTranspose(filters(config), kernelSize, options);
    },
    weights: KERNEL_AND_BIAS,
  },
  Conv3DTranspose: {
    read(config) {
      const { kernelSize, options } = convolution(config, 3, inThree);
      return conv3dTranspose(filters(config), kernelSize, options);
    },
    weights: KERNEL_AND_BIAS,
  },
  DepthwiseConv2D: {
    read(config) {
      const { kernelSize, options } = convolution(config, 2, inTwo, 'depthwise');
      return depthwiseConv2d(kernelSize, { ...options, ...depthMultiplier(config) });
    },
    weights: ({ origin }) => [
      {
        name: origin.keras === 3 ? 'kernel' : 'depthwise_kernel',
        variables: ['weight'],
        split: perChannel,
        join: perGroup,
      },
      same('bias', 'bias'),
    ],
  },
  SeparableConv1D: {
    read(config) {
      const { kernelSize, options } = convolution(config, 1, inOne, 'pointwise');
      return separableConv1d(filters(config), kernelSize, {
        ...options,
        ...depthMultiplier(config),
      });
    },
    weights: SEPARABLE,
  },
  SeparableConv2D: {
    read(config) {
      const { kernelSize, options } = convolution(config, 2, inTwo, 'pointwise');
      return separableConv2d(filters(config), kernelSize, {
        ...options,
        ...depthMultiplier(config),
      });
    },
    weights: SEPARABLE,
  },
  Embedding: {
    read(config) {
      const regularizer = config.regularizer('embeddings_regularizer');
      return embedding(config.number('input_dim'), config.number('output_dim'), {
        initializer: 'zeros',
        ...(regularizer ? { regularizer } : {}),
      });
    },
    weights: [same('embeddings', 'weight')],
  },
};
