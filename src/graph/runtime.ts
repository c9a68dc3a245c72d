import { BufferPool, sizeClass } from '../device/buffer-pool.ts';
import type { BufferSlice, Device } from '../device/device.ts';
import { type DeviceChoice, openDevice } from '../device/open.ts';
import type { Capture } from './capture.ts';
import { Plan } from './plan.ts';

/** Plans kept for replay; the one unused for longest goes first. */
const MAX_PLANS = 256;

/** A device together with what wgrad keeps on it: pooled memory, shared scratch, plans. */
export class Runtime {
  readonly device: Device;
  readonly pool: BufferPool;
  private readonly plans = new Map<string, Plan>();
  private readonly scratchBuffers: BufferSlice[] = [];
  private tail: Promise<unknown> = Promise.resolve();

  constructor(device: Device) {
    this.device = device;
    this.pool = new BufferPool(device);
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
   * The plan for a graph and a promise of its being ready. Scheduling happens at once, while the
   * graph is as captured; compiling may take its time.
   */
  plan(graph: Capture): { readonly plan: Plan; readonly isNew: boolean } {
    const known = this.plans.get(graph.key);
    if (known) {
      this.plans.delete(graph.key);
      this.plans.set(graph.key, known);
      return { plan: known, isNew: false };
    }
    const plan = new Plan(this, graph);
    this.plans.set(graph.key, plan);
    return { plan, isNew: true };
  }

  /** Forgets a plan that could not be prepared or run, so that the next try starts afresh. */
  forget(graph: Capture, reason: unknown): void {
    this.plans.get(graph.key)?.destroy(reason);
    this.plans.delete(graph.key);
  }

  /** Drops the oldest plans over the limit. */
  trimPlans(): void {
    for (const [key, plan] of this.plans) {
      if (this.plans.size <= MAX_PLANS) return;
      plan.destroy();
      this.plans.delete(key);
    }
  }

  /**
   * Buffers of at least these sizes. Plans run one after the other, so all of them share the same
   * scratch: the total is that of the hungriest plan.
   */
  scratch(sizes: readonly number[]): BufferSlice[] {
    const slices = new Array<BufferSlice>(sizes.length);
    const taken = new Set<BufferSlice>();
    const largestFirst = [...sizes.entries()].sort(([, a], [, b]) => b - a);
    for (const [i, bytes] of largestFirst) {
      let best: BufferSlice | undefined;
      for (const slice of this.scratchBuffers) {
        const fits = !taken.has(slice) && slice.bytes >= bytes;
        if (fits && (!best || slice.bytes < best.bytes)) best = slice;
      }
      if (!best) {
        const size = Math.min(sizeClass(bytes), this.device.limits.maxBufferBytes);
        best = { buffer: this.device.createBuffer(size, 'scratch'), offset: 0, bytes: size };
        this.scratchBuffers.push(best);
      }
      taken.add(best);
      slices[i] = best;
    }
    return slices;
  }
}

let current: Runtime | undefined;
let opening: Promise<Runtime> | undefined;

/** The runtime in use, where one is open already. */
export function openRuntime(): Runtime | undefined {
  return current;
}

/** The runtime in use; opens the machine's best device when there is none yet. */
export async function runtime(): Promise<Runtime> {
  if (current) return current;
  opening ??= openDevice().then(({ device }) => {
    current ??= new Runtime(device);
    return current;
  });
  try {
    return await opening;
  } finally {
    opening = undefined;
  }
}

/**
 * The device that computes; opened if there is none yet.
 * @throws DeviceError where none can be had.
 */
export async function device(): Promise<Device> {
  return (await runtime()).device;
}

/**
 * Makes a device the one that computes from here on: one that is open, or the kind to open.
 * Tensors on another device stay there.
 * @throws DeviceError where there is none of that kind.
 */
export async function setDevice(choice: Device | DeviceChoice): Promise<Device> {
  const device = typeof choice === 'string' ? (await openDevice(choice)).device : choice;
  current = new Runtime(device);
  return device;
}

/** Closes the device in use and frees its memory; the next computation opens one again. */
export function closeDevice(): void {
  current?.device.destroy();
  current = undefined;
}
