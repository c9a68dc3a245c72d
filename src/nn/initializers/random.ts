import * as random from '../../tensor/random/index.ts';
import type { Initializer } from './initializer.ts';

/** Even values between −limit and limit. */
export function uniform(limit = 0.05): Initializer {
  return (shape) => random.uniform(shape, { low: -limit, high: limit });
}

/** Normal values with a small standard deviation. */
export function normal(std = 0.05): Initializer {
  return (shape) => random.normal(shape, { std });
}
