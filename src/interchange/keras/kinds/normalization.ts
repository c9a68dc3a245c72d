import { batchNorm } from '../../../nn/layers/normalization/batch-norm.ts';
import { layerNorm } from '../../../nn/layers/normalization/example-norm.ts';
import { normalization } from '../../../nn/layers/normalization/normalization.ts';
import { rescaling } from '../../../nn/layers/normalization/rescaling.ts';
import type { LayerConfig } from '../layer-config.ts';
import { type LayerKind, same, type WeightRule } from './kind.ts';

const SCALE_AND_SHIFT: readonly WeightRule[] = [
  { ...same('gamma', 'weight'), setting: 'scale' },
  { ...same('beta', 'bias'), setting: 'center' },
];

/** @throws CheckpointError unless it normalises along the last axis alone. */
function requireLastAxis(config: LayerConfig, rank: number): void {
  const axes = config.numbers('axis', 1, -1);
  if (axes.length === 1 && (axes[0] === -1 || axes[0] === rank - 1)) return;
  throw config.refused(`normalises along axes [${axes}]`, 'Only the last axis is read.');
}

export const normalizationKinds: Readonly<Record<string, LayerKind>> = {
  BatchNormalization: {
    read(config) {
      const [momentum, epsilon] = [config.number('momentum', 0.99), config.number('epsilon', 1e-3)];
      return batchNorm({ momentum, epsilon });
    },
    check: requireLastAxis,
    weights: [
      ...SCALE_AND_SHIFT,
      same('moving_mean', 'running_mean'),
      same('moving_variance', 'running_var'),
    ],
  },
  Normalization: {
    read(config) {
      config.requireUnset('invert');
      if (config.get('mean') === undefined) return normalization();
      const given = (key: string) => {
        const [first, ...others] = config.numbers(key);
        return first === undefined || others.length > 0 ? [first ?? 0, ...others] : first;
      };
      return normalization({ mean: given('mean'), variance: given('variance') });
    },
    check: requireLastAxis,
    // Those that are given stand in the config.
    weights: (config) =>
      config.get('mean') === undefined ? [same('mean', 'mean'), same('variance', 'variance')] : [],
  },
  Rescaling: {
    read: (config) => rescaling(config.number('scale'), config.number('offset', 0)),
  },
  LayerNormalization: {
    read(config) {
      config.requireUnset('rms_scaling');
      return layerNorm({ epsilon: config.number('epsilon', 1e-3) });
    },
    check: requireLastAxis,
    weights: SCALE_AND_SHIFT,
  },
};
