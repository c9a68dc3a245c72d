import { NdArray } from './array.ts';

/** Mean 0 and variance 1 in each of `groups` groups of channels of each example [..., C]. */
export function groupNormalized(x: NdArray, groups: number, epsilon: number): NdArray {
  const channels = x.shape.at(-1)!;
  const perExample = x.size / x.shape[0]!;
  const groupOf = (at: number) =>
    Math.floor(at / perExample) * groups + Math.floor((at % channels) / (channels / groups));
  return standardized(x, groupOf, epsilon);
}

/** Mean 0 and variance 1 along the last axis. */
export function layerNormalized(x: NdArray, epsilon: number): NdArray {
  const features = x.shape.at(-1)!;
  return standardized(x, (at) => Math.floor(at / features), epsilon);
}

function standardized(x: NdArray, groupOf: (at: number) => number, epsilon: number): NdArray {
  const groups = new Map<number, number[]>();
  x.data.forEach((value, at) => {
    const group = groupOf(at);
    groups.set(group, [...(groups.get(group) ?? []), value]);
  });
  const statistics = new Map(
    [...groups].map(([group, values]) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
      return [group, { mean, deviation: Math.sqrt(variance + epsilon) }];
    }),
  );
  return NdArray.build(x.shape, (_, at) => {
    const { mean, deviation } = statistics.get(groupOf(at))!;
    return (x.data[at]! - mean) / deviation;
  });
}
