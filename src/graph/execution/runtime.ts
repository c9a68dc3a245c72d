import type { BufferPool } from '../../device/buffer-pool.ts';
import type { Device } from '../../device/device.ts';
import { DeviceMemory } from '../../device/device-memory.ts';
import { type DeviceChoice, openDevice } from '../../device/open.ts';
import { OutOfMemoryError } from '../../errors.ts';
import type { Tuner } from '../tuning/tuner.ts';
import type { Capture } from './capture.ts';
import { Plan } from './plan.ts';
import { PlanCache } from './plan-cache.ts';
import type { PlanKey } from './plan-key.ts';
import type { Profiler } from './profiler.ts';

/** Plans kept for replay; the one unused for longest goes first. */
const MAX_PLANS = 256;
/** What plans keep for host data, all together; the one unused for longest gives its part up first. */
const MAX_UPLOAD_BYTES = 256 * 1024 * 1024;

/** A device together with what wgrad keeps on it: its memory, and plans. */
export class Runtime {
  readonly device: Device;
  readonly memory: DeviceMemory;
  readonly uploads = { bytes: 0 };
  /** Measures ways to compute, on devices that ask for it. */
  readonly tuner: Tuner | undefined;
  profiler: Profiler | undefined;
  private readonly plans = new PlanCache<Plan>();
  private tail: Promise<unknown> = Promise.resolve();

  constructor(device: Device, tuner?: Tuner) {
    this.device = device;
    this.memory = new DeviceMemory(device);
    this.tuner = tuner;
  }

  /** A runtime on a device, or on one of a kind; what measures comes with devices that ask for it. */
  static async on(choice: Device | DeviceChoice): Promise<Runtime> {
    const device = typeof choice === 'string' ? (await openDevice(choice)).device : choice;
    const { tuning } = device;
    if (tuning === undefined) return new Runtime(device);
    const { tunerFor } = await import('../tuning/tuner.ts');
    return new Runtime(device, tunerFor(tuning, device));
  }

  get pool(): BufferPool {
    return this.memory.pool;
  }

  /** How many plans are kept. */
  get planCount(): number {
    return this.plans.size;
  }

  /** Runs `work` after everything enqueued before: graphs run in the order they were asked for. */
  enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    this.tail = result.catch(() => {});
    return result;
  }

  /**
   * The plan for a graph; `unprepared` where it is new. Scheduling happens at once, while the graph is
   * as captured; compiling may take its time.
   */
  plan(graph: Capture): { readonly plan: Plan; readonly unprepared?: Capture } {
    const known = this.plans.use(graph.key);
    if (known) return { plan: known };
    const plan = new Plan(this, graph);
    this.plans.add(graph.key, plan);
    return { plan, unprepared: graph };
  }

  /** Counts a run of a plan that was not looked up. */
  touch(key: PlanKey): void {
    this.plans.touch(key);
  }

  /** Forgets a plan that could not be prepared or run, so that the next try starts afresh. */
  forget(graph: Capture, reason: unknown): void {
    this.plans.delete(graph.key)?.destroy(reason);
  }

  /** Drops the oldest plans over the limit, and what those unused for longest keep over theirs. */
  trimPlans(): void {
    const most = this.plans.size - MAX_PLANS;
    if (most <= 0 && this.uploads.bytes <= MAX_UPLOAD_BYTES) return;
    let oldest = 0;
    for (const { key, plan } of this.plans.oldestFirst()) {
      if (plan.awaited > 0) continue;
      if (oldest++ < most) {
        plan.destroy();
        this.plans.delete(key);
      } else if (this.uploads.bytes > MAX_UPLOAD_BYTES) {
        plan.giveUploadsBack();
      }
    }
  }

  /** Collects garbage where it is time to. */
  async collectIfDue(): Promise<void> {
    await this.memory.collectIfDue();
  }

  /**
   * Does work that takes memory; where that has run out, once more when all that can be done without
   * has been given back.
   */
  async inMemory(work: () => Promise<void>): Promise<void> {
    const due = this.memory.collectIfDue();
    if (due) await due;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
    }
    await this.memory.collect();
    this.giveBackUnused();
    try {
      return await work();
    } catch (error) {
      // Among it may be what the device turned out not to have, which must serve nobody.
      if (error instanceof OutOfMemoryError) this.giveBackUnused();
      throw error;
    }
  }

  private giveBackUnused(): void {
    for (const { plan } of this.plans.oldestFirst()) plan.giveUploadsBack();
    this.memory.giveBackUnused();
  }
}
