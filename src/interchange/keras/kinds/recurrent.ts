import { bidirectional } from '../../../nn/layers/recurrent/bidirectional.ts';
import { gru, lstm, simpleRNN } from '../../../nn/layers/recurrent/layers.ts';
import type { Recurrent } from '../../../nn/layers/recurrent/recurrent.ts';
import { zerosLike } from '../../../tensor/ops/creation.ts';
import { concat } from '../../../tensor/ops/joining.ts';
import { slice } from '../../../tensor/ops/views.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { LayerConfig } from '../layer-config.ts';
import { type LayerKind, same, type WeightRule } from './kind.ts';

function options(config: LayerConfig) {
  config.requireUnset('return_state', 'stateful', 'time_major');
  return {
    activation: config.activation('activation', 'tanh'),
    returnSequences: config.flag('return_sequences', false),
    goBackwards: config.flag('go_backwards', false),
    dropout: config.number('dropout', 0),
    bias: config.flag('use_bias', true),
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
  } as const;
}

function gatedOptions(config: LayerConfig) {
  // TensorFlow.js, and Keras before 2, have a hard one by default, but each writes what it has.
  const recurrentActivation = config.activation('recurrent_activation', 'sigmoid');
  return { ...options(config), recurrentActivation };
}

const BIASES = ['bias_ih_l0', 'bias_hh_l0'] as const;

/** Our layers have two biases, as PyTorch's, which are added. */
const TWO_BIASES: WeightRule = {
  name: 'bias',
  variables: BIASES,
  split: (value) => [value, zerosLike(value)],
  join: ([first, ...others]) => others.reduce((sum, bias) => sum.add(bias), first),
};

const WEIGHTS: readonly WeightRule[] = [
  same('kernel', 'weight_ih_l0'),
  same('recurrent_kernel', 'weight_hh_l0'),
  TWO_BIASES,
].map((rule) => ({ ...rule, holder: 'cell' }));

/** Keras has the gates of a GRU as z, r, n, and PyTorch and we as r, z, n. */
function swapGates(value: Tensor): Tensor {
  const units = sizeOf(value.shape, -1) / 3;
  const before = value.shape.slice(0, -1);
  const gates = [1, 0, 2].map((gate) =>
    slice(value, [...before.map(() => 0), gate * units], [...before, (gate + 1) * units]),
  );
  return concat(gates, -1);
}

/** The rows of the biases of one that resets after, which has two as ours. */
const ROWS: WeightRule = {
  name: 'bias',
  variables: BIASES,
  split: (value) => [0, 1].map((row) => value.slice([row], [row + 1]).reshape([-1])),
  join: (rows) =>
    concat(
      rows.map((row) => row.reshape([1, -1])),
      0,
    ),
};

function weightsOfGru(config: LayerConfig): WeightRule[] {
  const [kernel, recurrentKernel, sum] = WEIGHTS as [WeightRule, WeightRule, WeightRule];
  const bias = resetsAfter(config) ? { ...ROWS, holder: 'cell' } : sum;
  return [kernel, recurrentKernel, bias].map((rule) => ({
    ...rule,
    split: (value) => (rule.split?.(value) ?? [value]).map((one) => swapGates(one as Tensor)),
    join(values, config) {
      const [first, ...others] = values;
      return swapGates(rule.join?.([first, ...others], config) ?? first);
    },
  }));
}

/** Files of TensorFlow.js and of versions that could not, say nothing of it. */
function resetsAfter(config: LayerConfig): boolean {
  return config.flag('reset_after', false);
}

interface RecurrentKind extends LayerKind {
  readonly read: (config: LayerConfig) => Recurrent;
  readonly weights: (config: LayerConfig) => readonly WeightRule[];
}

const recurrent: Readonly<Record<string, RecurrentKind>> = {
  LSTM: {
    read: (config) => lstm(config.number('units'), gatedOptions(config)),
    weights: () => WEIGHTS,
  },
  GRU: {
    read(config) {
      const resetAfter = resetsAfter(config);
      return gru(config.number('units'), { ...gatedOptions(config), resetAfter });
    },
    weights: weightsOfGru,
  },
  SimpleRNN: {
    read: (config) => simpleRNN(config.number('units'), options(config)),
    weights: () => WEIGHTS,
  },
};

const sides = [
  ['forward', 'ahead'],
  ['backward', 'back'],
] as const;

/** The layer within a bidirectional one. */
function within(config: LayerConfig): { inner: LayerConfig; kind: RecurrentKind } {
  const inner = new LayerConfig(config.get('layer'), config.origin);
  const kind = recurrent[inner.className];
  if (!kind) throw inner.refused('is not read both ways', 'LSTM, GRU and SimpleRNN are.');
  return { inner, kind };
}

export const recurrentKinds: Readonly<Record<string, LayerKind>> = {
  ...recurrent,
  Bidirectional: {
    read(config) {
      const { inner, kind } = within(config);
      const mergeMode = config.text('merge_mode', ['concat', 'sum', 'mul', 'ave'], 'concat');
      return bidirectional(kind.read(inner), { mergeMode });
    },
    weights(config) {
      const { inner, kind } = within(config);
      return sides.flatMap(([side, path]) =>
        kind.weights(inner).map((rule) => ({
          ...rule,
          side,
          variables: rule.variables.map((name) => `${path}.${name}`),
        })),
      );
    },
  },
};
