import type { AxisView } from '../reduce/pass.ts';

/** An axis, of whose elements in order the first `kept` are wanted. */
export type SortAttributes = AxisView & { readonly kept: number; readonly descending: boolean };

/** How long a row is when of each `part` of it only the first `kept` are left. */
export function shortened(size: number, part: number, kept: number): number {
  const whole = Math.floor(size / part);
  return whole * kept + Math.min(size - whole * part, kept);
}
