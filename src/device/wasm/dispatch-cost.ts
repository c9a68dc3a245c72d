/** Before a dispatch was timed: fewer invocations than this are taken for quick. */
const LARGE_INVOCATIONS = 2048;
/** What one thread does sooner than this is not worth telling another of. */
const LARGE_MS = 0.004;
/** Where all threads together need less than this, it is tried on one. */
const TRIAL_MS = 0.02;
/** Clocks cost time themselves: a dispatch is timed on its first runs and then now and then. */
const FIRST_RUNS = 8;
const EVERY_RUN = 64;

/**
 * Whether threads should share a dispatch, learnt from its own runs: an invocation may copy a
 * number or sum a thousand products, so their count alone tells little. It decides only who
 * computes, never what comes out.
 */
export class DispatchCost {
  private readonly threads: number;
  private readonly divisible: boolean;
  private readonly invocations: number;
  /** The least that a run took on one thread and on all. Others met cold code or busy processors. */
  private alone = Number.POSITIVE_INFINITY;
  private shared = Number.POSITIVE_INFINITY;
  private runs = 0;
  private samples = 0;
  private timing = false;

  constructor(workgroups: number, workgroupSize: number, threads: number) {
    this.threads = threads;
    this.divisible = workgroups > 1 && threads > 1;
    this.invocations = workgroups * workgroupSize;
  }

  /** Whether the run that has begun should be timed. */
  get isTimed(): boolean {
    return this.timing;
  }

  /** Whether one thread is busy with it for long, as far as is known. */
  get isLarge(): boolean {
    // What threads took together says little of a quick dispatch: they may have waited for another.
    const known = this.alone < Number.POSITIVE_INFINITY ? this.alone : this.shared * this.threads;
    if (known === Number.POSITIVE_INFINITY) return this.invocations >= LARGE_INVOCATIONS;
    return known >= LARGE_MS;
  }

  /**
   * Begins a run; whether all threads should share it. What is large is shared even where that
   * gained nothing so far: threads that nobody calls fall asleep, and are late when called.
   */
  begin(): boolean {
    if (!this.divisible) return false;
    const run = this.runs++;
    this.timing = run < FIRST_RUNS || run % EVERY_RUN === 0;
    if (!this.isLarge) return false;
    const isTrial = this.timing && this.samples++ % 2 === 1 && this.shared < TRIAL_MS;
    return !isTrial;
  }

  /** Tells what the run took. */
  end(milliseconds: number, wasShared: boolean): void {
    if (wasShared) this.shared = Math.min(this.shared, milliseconds);
    else this.alone = Math.min(this.alone, milliseconds);
  }
}
