import {
  add,
  average,
  concat,
  dot,
  maximum,
  minimum,
  multiply,
  subtract,
} from '../../../nn/layers/merging.ts';
import type { MergingKind } from './kind.ts';

export const mergingKinds: Readonly<Record<string, MergingKind>> = {
  Add: (branches, _, name) => add(branches, name),
  Subtract: (branches, _, name) => subtract(branches, name),
  Multiply: (branches, _, name) => multiply(branches, name),
  Average: (branches, _, name) => average(branches, name),
  Maximum: (branches, _, name) => maximum(branches, name),
  Minimum: (branches, _, name) => minimum(branches, name),
  Concatenate: (branches, config, name) => concat(branches, config.number('axis', -1), name),
  Dot(branches, config, name) {
    const [first = -1, second = first] = config.numbers('axes');
    return dot(branches, {
      axes: [first, second],
      normalize: config.flag('normalize', false),
      ...name,
    });
  },
};
