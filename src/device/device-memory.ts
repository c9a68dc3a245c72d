import { BufferPool } from './buffer-pool.ts';
import type { Device } from './device.ts';
import { collectGarbage } from './garbage.ts';
import { Scratch } from './scratch.ts';

/** Below this, memory is not worth a look at who still needs it. */
const FLOOR_BYTES = 256 * 1024 * 1024;
/** Making memory anew costs less than one pass over it: little, once in so many passes. */
const PASSES_UNTIL_IDLE = 8;

/**
 * The memory that wgrad has of a device, and when it lets go of some. Two rules, in bytes alone, so
 * that they hold for programs of any size and speed:
 *
 * - When twice as much is handed out as was left after the last collection of garbage, garbage is
 *   collected. So a program has at most twice the memory of the tensors it holds.
 * - When runs have worked on eight times the memory there is, what none of them needed goes back.
 *   So memory follows a peak down, and what a loop needs in turns stays.
 */
export class DeviceMemory {
  readonly pool: BufferPool;
  readonly scratch: Scratch;
  private readonly device: Device;
  private collectAbove = FLOOR_BYTES;
  private worked = 0;

  constructor(device: Device) {
    this.device = device;
    this.pool = new BufferPool(device);
    this.scratch = new Scratch(device);
  }

  /** Collects garbage where it is time to; undefined where it is not. */
  collectIfDue(): Promise<void> | undefined {
    return this.pool.liveBytes > this.collectAbove ? this.collect() : undefined;
  }

  /** Takes down that a run has worked on so many bytes. */
  noteRun(bytes: number): void {
    this.worked += bytes;
    const held = Math.max(this.device.counters.bytes, FLOOR_BYTES);
    if (this.worked < PASSES_UNTIL_IDLE * held) return;
    this.worked = 0;
    this.pool.trim();
    this.scratch.trim();
  }

  /** Gives back all that can be done without, after memory ran out. */
  giveBackUnused(): void {
    this.scratch.clear();
    // Twice: what is free now has been idle then.
    this.pool.trim();
    this.pool.trim();
  }

  /** Has garbage collected, and with it what it holds on the device. */
  async collect(): Promise<void> {
    await collectGarbage();
    // What fell free while the engine was at it already is found the next time alone.
    if (2 * this.pool.liveBytes > this.collectAbove) await collectGarbage();
    this.collectAbove = Math.max(FLOOR_BYTES, 2 * this.pool.liveBytes);
  }
}
