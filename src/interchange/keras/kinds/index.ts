import { activationKinds } from './activations.ts';
import type { LayerKind } from './kind.ts';
import { mergingKinds } from './merging.ts';
import { normalizationKinds } from './normalization.ts';
import { poolingKinds } from './pooling.ts';
import { recurrentKinds } from './recurrent.ts';
import { shapingKinds } from './shaping.ts';
import { timeDistributedKind } from './time-distributed.ts';
import { weightedKinds } from './weighted.ts';

const single: Readonly<Record<string, LayerKind>> = {
  ...activationKinds,
  ...normalizationKinds,
  ...poolingKinds,
  ...recurrentKinds,
  ...shapingKinds,
  ...weightedKinds,
};

/** The layers that are read, by their classes in Keras. */
export const layerKinds: ReadonlyMap<string, LayerKind> = new Map(
  Object.entries({ ...single, TimeDistributed: timeDistributedKind(single) }),
);

/** All classes that are read; models contain layers of them, and models. */
export const classNames: readonly string[] = [
  ...layerKinds.keys(),
  ...Object.keys(mergingKinds),
  ...['InputLayer', 'Sequential', 'Functional', 'Model'],
].sort();
