import { timeDistributed } from '../../../nn/layers/time-distributed.ts';
import { LayerConfig } from '../layer-config.ts';
import { type LayerKind, weightsOf } from './kind.ts';

/** The wrapper of layers of kinds: it applies one to each step. */
export function timeDistributedKind(kinds: Readonly<Record<string, LayerKind>>): LayerKind {
  const within = (config: LayerConfig) => {
    const inner = new LayerConfig(config.get('layer'), config.origin);
    const kind = kinds[inner.className];
    if (kind) return { inner, kind };
    throw config.refused(
      `applies a ${inner.className} to each step`,
      'Single layers are read there, each in a TimeDistributed of its own.',
    );
  };
  return {
    read(config) {
      const { inner, kind } = within(config);
      return timeDistributed(kind.read(inner));
    },
    check(config, rank) {
      const { inner, kind } = within(config);
      kind.check?.(inner, rank - 1);
    },
    weights(config) {
      const { inner, kind } = within(config);
      const own = weightsOf(kind, inner).filter(
        ({ setting }) => setting === undefined || inner.flag(setting, true),
      );
      return own.map(({ setting: _, join, ...rule }) => ({
        ...rule,
        ...(join ? { join: (values) => join(values, inner) } : {}),
        holder: ['layer', ...(rule.holder ? [rule.holder] : [])].join('/'),
        variables: rule.variables.map((name) => `layer.${name}`),
      }));
    },
  };
}
