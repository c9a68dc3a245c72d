/** How long a script may keep the thread before timers and the like get their turn. */
const TURN_MS = 10;

/**
 * Gives the event loop a turn now and then. A device that computes within the calls of a script
 * would starve it otherwise: a loop of awaited steps consists of microtasks alone, so no timer
 * fires, no signal is handled and no collected tensor's memory comes back.
 */
export class EventLoop {
  /** Whether a page lives on it, which stands still in between. */
  readonly isOfPage = 'document' in globalThis;
  private lastTurn = performance.now();

  /** Whether the last turn was too long ago. */
  get isDue(): boolean {
    return performance.now() - this.lastTurn >= TURN_MS;
  }

  /** Resolves at once, or after a turn of the event loop when the last was too long ago. */
  async breathe(): Promise<void> {
    if (!this.isDue) return;
    await turn();
    this.lastTurn = performance.now();
  }
}

/** Resolves after a turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    // Browsers delay timers, but not messages.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
