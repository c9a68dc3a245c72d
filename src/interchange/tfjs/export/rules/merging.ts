import { as, type LayerRule } from './rule.ts';

/** Layers that make one value of several. */
export const mergingRules: Readonly<Record<string, LayerRule>> = {
  add: as('Add'),
  residual: as('Add'),
  multiply: as('Multiply'),
  average: as('Average'),
  maximum: as('Maximum'),
  minimum: as('Minimum'),
  concat: as('Concatenate', (settings) => ({ axis: settings.get('axis') })),
  dot: as('Dot', (settings) => ({
    axes: settings.get('axes'),
    normalize: settings.get('normalize'),
  })),
};
