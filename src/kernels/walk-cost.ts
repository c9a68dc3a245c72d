import { BYTES_PER_LANE, DISPATCH } from './matmul/blocked-variant.ts';

/** A dispatch whose invocations walk through memory, and may bring together what they find. */
export interface Walk {
  readonly invocations: number;
  /** Loads of an invocation that wait for one another. */
  readonly steps: number;
  /** What is read and written altogether. */
  readonly bytes: number;
  /** At which its workgroups wait. */
  readonly barriers: number;
}

/** Microseconds that a load takes of an invocation which has nothing else to do, and a barrier. */
const LOAD = 0.4;
const BARRIER = 0.03;

/** Microseconds that a walk should take on a GPU with so many lanes. */
export function walkCost({ invocations, steps, bytes, barriers }: Walk, lanes: number): number {
  const rounds = Math.max(1, invocations / lanes);
  const waiting = rounds * (steps * LOAD + barriers * BARRIER);
  return DISPATCH + Math.max(waiting, bytes / (BYTES_PER_LANE * lanes));
}

/** The cheapest of some candidates. */
export function cheapest<T>(candidates: readonly T[], cost: (candidate: T) => number): T {
  const costs = candidates.map(cost);
  return candidates[costs.indexOf(Math.min(...costs))] as T;
}
