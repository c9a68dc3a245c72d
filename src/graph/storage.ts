import type { BufferPool } from '../device/buffer-pool.ts';
import type { BufferSlice } from '../device/device.ts';
import { collected } from '../device/garbage.ts';
import { DeviceError, WgradError } from '../errors.ts';

interface Lease {
  slice: BufferSlice | undefined;
  pool: BufferPool | undefined;
}

function giveBack(lease: Lease): void {
  if (lease.slice) lease.pool?.release(lease.slice);
  lease.slice = undefined;
}

/** A part of a storage: where a value lies, even if its cell moves elsewhere meanwhile. */
export interface Location {
  readonly storage: Storage;
  /** In bytes. */
  readonly offset: number;
  readonly bytes: number;
}

/** The memory at a location of the device that `pool` belongs to. */
export function sliceAt({ storage, offset, bytes }: Location, pool: BufferPool): BufferSlice {
  const whole = storage.sliceIn(pool);
  if (!whole) {
    if (storage.failure) throw storage.failure.reason;
    throw new WgradError(
      'A tensor has no value: it was disposed of while something that needs it was under way.',
    );
  }
  return { buffer: whole.buffer, offset: whole.offset + offset, bytes };
}

/** Device memory that outlives a plan: a realised tensor's, or a cell's. */
export class Storage {
  readonly bytes: number;
  private readonly lease: Lease = { slice: undefined, pool: undefined };
  /** Why nothing is there. */
  failure: { readonly reason: unknown } | undefined;
  private disposed = false;
  private holds = 0;

  constructor(bytes: number) {
    this.bytes = bytes;
    // Where nobody says so earlier, memory goes back to the pool when its last holder is collected.
    collected.register(this, giveBack.bind(undefined, this.lease), this);
  }

  /**
   * The memory itself; undefined until the work that fills it is about to be submitted.
   * @throws DeviceError where it belongs to another device than `pool`.
   */
  sliceIn(pool: BufferPool): BufferSlice | undefined {
    if (this.lease.slice && this.lease.pool !== pool) {
      throw new DeviceError(
        'A tensor or variable lies in the memory of a device that was closed or replaced. ' +
          'Read what must survive with data() before closing a device, and make tensors of it on the next.',
      );
    }
    return this.lease.slice;
  }

  /** Whether the device turned out not to have its memory. */
  get isMissing(): boolean {
    return this.lease.slice?.buffer.isMissing ?? false;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Takes memory from the pool, unless there is some of it already. What is there has no value. */
  allocate(pool: BufferPool, label: string): BufferSlice {
    if (this.lease.pool !== pool || this.lease.slice?.buffer.isMissing) giveBack(this.lease);
    this.failure = undefined;
    this.lease.pool = pool;
    this.lease.slice ??= pool.acquire(this.bytes, label);
    return this.lease.slice;
  }

  /** Gives back memory that was to be filled and was not. What was queued to read it fails, too. */
  fail(reason: unknown): void {
    this.failure = { reason };
    giveBack(this.lease);
  }

  /** Gives the memory back, as soon as no queued work reads it any more. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    collected.unregister(this);
    if (this.holds === 0) giveBack(this.lease);
  }

  /** Keeps the memory through a dispose until {@link release}: queued work still reads it. */
  hold(): void {
    this.holds++;
  }

  release(): void {
    this.holds--;
    if (this.holds === 0 && this.disposed) giveBack(this.lease);
  }
}
