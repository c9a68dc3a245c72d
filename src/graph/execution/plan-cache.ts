import type { PlanKey } from './plan-key.ts';

interface Kept<P> {
  readonly key: PlanKey;
  readonly plan: P;
}

/** Plans by their keys, in the order in which they were used last. */
export class PlanCache<P> {
  private readonly byHash = new Map<number, Kept<P>[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The plan of a key, which is the one used last from here on. */
  use(key: PlanKey): P | undefined {
    const kept = this.byHash.get(key.hash)?.find((one) => one.key.equals(key));
    if (kept) this.touch(key);
    return kept?.plan;
  }

  /** Counts as use of the plans of a key's hash. */
  touch({ hash }: PlanKey): void {
    const alike = this.byHash.get(hash);
    if (!alike) return;
    this.byHash.delete(hash);
    this.byHash.set(hash, alike);
  }

  add(key: PlanKey, plan: P): void {
    this.byHash.set(key.hash, [...(this.byHash.get(key.hash) ?? []), { key, plan }]);
    this.count++;
  }

  delete(key: PlanKey): P | undefined {
    const alike = this.byHash.get(key.hash) ?? [];
    const gone = alike.find((one) => one.key.equals(key));
    if (!gone) return undefined;
    const others = alike.filter((one) => one !== gone);
    if (others.length > 0) this.byHash.set(key.hash, others);
    else this.byHash.delete(key.hash);
    this.count--;
    return gone.plan;
  }

  /** All of them, the one unused for longest first. */
  oldestFirst(): Kept<P>[] {
    return [...this.byHash.values()].flat();
  }
}
