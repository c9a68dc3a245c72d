import type { Json } from '../../../keras/json.ts';
import type { LayerSettings } from '../layer-settings.ts';
import { as, type LayerRule } from './rule.ts';

function recurrent(settings: LayerSettings): Json {
  return {
    units: settings.get('units'),
    use_bias: settings.get('bias') ?? true,
    return_sequences: settings.get('returnSequences') ?? false,
    go_backwards: settings.get('goBackwards') ?? false,
    dropout: settings.get('dropout') ?? 0,
    activation: settings.activation(),
  };
}

function gated(settings: LayerSettings): Json {
  const recurrent_activation = settings.activation('recurrentActivation');
  return { ...recurrent(settings), recurrent_activation };
}

/** Layers that read sequences step by step. */
export const recurrentRules: Readonly<Record<string, LayerRule>> = {
  gru: as('GRU', (settings) => {
    settings.requireOnly('resetAfter', false);
    return { ...gated(settings), reset_after: false };
  }),
  lstm: as('LSTM', gated),
  simpleRNN: as('SimpleRNN', recurrent),
  timeDistributed: as('TimeDistributed', (settings) => ({ layer: settings.layer('layer') })),
  bidirectional: as('Bidirectional', (settings) => ({
    layer: settings.layer('layer'),
    merge_mode: settings.get('mergeMode'),
  })),
};
