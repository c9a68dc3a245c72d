import { as, type LayerRule } from './rule.ts';

/** A layer that is a named function alone, as `nn.activation` makes them. */
export const activationRule: LayerRule = as('Activation', (settings) => ({
  activation: settings.activation(),
}));

export const activationRules: Readonly<Record<string, LayerRule>> = {
  relu: as('ReLU', (settings) => {
    settings.requireOnly('slope', 0);
    return { max_value: settings.get('maxValue') };
  }),
  leakyRelu: as('LeakyReLU', (settings) => ({ alpha: settings.get('slope') })),
  elu: as('ELU', (settings) => {
    settings.requireOnly('alpha', 1);
    return {};
  }),
  prelu: as('PReLU', (settings) => ({
    shared_axes: settings.get('sharedAxes'),
    alpha_regularizer: settings.regularizer('regularizer'),
  })),
  softmax: as('Softmax', (settings) => ({ axis: settings.get('axis') })),
  thresholdedRelu: as('ThresholdedReLU', (settings) => ({ theta: settings.get('theta') })),
};
