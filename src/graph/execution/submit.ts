import type { BufferSlice } from '../../device/device.ts';
import type { Storage } from '../storage.ts';
import type { Capture, Located } from './capture.ts';
import type { Plan, PlanValues } from './plan.ts';
import { arrival } from './resident.ts';
import type { Runtime } from './runtime.ts';

/** How a submission went. */
export type Ended = (failure?: { readonly reason: unknown }) => void;

/** A plan with what it is to run on. */
export interface Submission {
  readonly plan: Plan;
  readonly values: PlanValues;
  /** The values among those that are in memory. */
  readonly located: readonly Located[];
  /** What the plan is prepared from, where it has not run yet. */
  readonly unprepared?: Capture | undefined;
}

/** Queues the run of a plan; `targets` are where its results go, `ended` is told how it went. */
export function submit(
  { plan, values, located, unprepared }: Submission,
  on: Runtime,
  targets: () => readonly BufferSlice[],
  ended: Ended,
): Promise<void> {
  for (const { location } of located) location.storage.hold();
  plan.awaited++;
  return on.enqueue(async () => {
    try {
      // What is queued behind a failure and needs its result fails for the same reason.
      for (const { version } of located) if (version?.failure) throw version.failure.reason;
      const arriving = arrival(storagesOf(located), on);
      if (arriving) await arriving;
      await on.inMemory(async () => {
        if (unprepared) await plan.prepare();
        await plan.run(values, targets);
      });
    } catch (reason) {
      if (unprepared) on.forget(unprepared, reason);
      ended({ reason });
      throw reason;
    } finally {
      plan.awaited--;
      for (const { location } of located) location.storage.release();
    }
    ended();
    on.trimPlans();
  });
}

/** Where the values of leaves lie that are in memory. */
export function locatedIn(sources: Capture['sources']): Located[] {
  const located: Located[] = [];
  for (const source of sources) if (source && 'location' in source) located.push(source);
  return located;
}

export function storagesOf(located: readonly Located[]): Set<Storage> {
  return new Set(located.map(({ location }) => location.storage));
}
