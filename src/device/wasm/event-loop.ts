import { turn } from '../turn.ts';

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
