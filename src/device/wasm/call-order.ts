/**
 * Keeps the calls of a device in order. A submission computes within the call that makes it, but
 * may have to wait for other threads while the event loop moves on. What is asked for meanwhile is
 * done after it.
 */
export class CallOrder {
  private last: Promise<void> | undefined;

  /** Whether something is under way, so that what is asked for now is done later. */
  get isBusy(): boolean {
    return this.last !== undefined;
  }

  /** Begins `work` at once, or when everything asked for before is done. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last ? this.last.then(work) : work();
    const settle = () => {
      if (this.last === done) this.last = undefined;
    };
    const done: Promise<void> = result.then(settle, settle);
    this.last = done;
    return result;
  }

  /** Does `action`, which cannot fail, at once or when everything asked for before is done. */
  perform(action: () => void): void {
    if (this.isBusy) void this.run(async () => action());
    else action();
  }
}
