import type { DeviceLimits } from '../../device/device.ts';

/** How many rows an invocation owns, and where it has them and what they come to. */
export interface AttentionVariant {
  readonly rows: 1 | 4;
  readonly kept: 'memory' | 'registers';
}

export function chooseVariant({ cpu }: Pick<DeviceLimits, 'cpu'>): AttentionVariant {
  return cpu ? { rows: 4, kept: 'memory' } : { rows: 1, kept: 'registers' };
}
