import {
  activation,
  elu,
  leakyRelu,
  softmax,
  thresholdedRelu,
} from '../../../nn/layers/activations/layers.ts';
import { prelu } from '../../../nn/layers/activations/prelu.ts';
import { FunctionLayer } from '../../../nn/layers/function-layer.ts';
import { where } from '../../../tensor/ops/where.ts';
import { type LayerKind, same } from './kind.ts';

export const activationKinds: Readonly<Record<string, LayerKind>> = {
  Activation: { read: (config) => activation(config.activation()) },
  ReLU: {
    read(config) {
      const most = config.number('max_value', Number.POSITIVE_INFINITY);
      const [slope, threshold] = [
        config.number('negative_slope', 0),
        config.number('threshold', 0),
      ];
      if (threshold !== 0) {
        throw config.refused(`has the threshold ${threshold}`, 'Only 0 is read.');
      }
      if (most === Number.POSITIVE_INFINITY)
        return slope === 0 ? activation('relu') : leakyRelu(slope);
      return new FunctionLayer('relu', (x) => where(x.greater(0), x.minimum(most), x.mul(slope)), {
        maxValue: most,
        slope,
      });
    },
  },
  // Keras 3 calls the slope of all of them negative_slope, Keras 2 that of a leaky one alpha.
  LeakyReLU: {
    read: (config) => leakyRelu(config.number('negative_slope', config.number('alpha', 0.3))),
  },
  ELU: { read: (config) => elu(config.number('alpha', 1)) },
  Softmax: { read: (config) => softmax(config.number('axis', -1)) },
  PReLU: {
    read(config) {
      const sharedAxes = config.numbers('shared_axes', 1, []);
      const regularizer = config.regularizer('alpha_regularizer');
      return prelu({ sharedAxes, ...(regularizer ? { regularizer } : {}) });
    },
    weights: [same('alpha', 'weight')],
  },
  ThresholdedReLU: { read: (config) => thresholdedRelu(config.number('theta', 1)) },
};
