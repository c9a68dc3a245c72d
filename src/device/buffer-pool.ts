import type { BufferSlice, Device, DeviceBuffer } from './device.ts';
import { BINDING_ALIGNMENT } from './device.ts';

/** Slices up to this size share slabs, so that a loss kept for later costs no buffer of its own. */
const SMALL_BYTES = BINDING_ALIGNMENT;
const SLAB_BYTES = 64 * 1024;

/**
 * Rounds a size up to its class: powers of two and the middles between them, so that a buffer can
 * serve again for a tensor of a similar size and at most a third of it lies idle.
 */
export function sizeClass(bytes: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(bytes, SMALL_BYTES)));
  const middle = (power / 4) * 3;
  return bytes <= middle && middle % BINDING_ALIGNMENT === 0 ? middle : power;
}

/** Hands out device memory and takes it back for reuse. */
export class BufferPool {
  private readonly device: Device;
  private readonly free = new Map<number, DeviceBuffer[]>();
  private freeSmall: BufferSlice[] = [];
  /** Buffers that have been free since the last {@link trim}. */
  private idle = new Set<DeviceBuffer>();
  private live = 0;
  private bytes = 0;

  constructor(device: Device) {
    this.device = device;
  }

  /** The number of slices handed out and not yet taken back. */
  get liveSlices(): number {
    return this.live;
  }

  /** The bytes handed out and not yet taken back. */
  get liveBytes(): number {
    return this.bytes;
  }

  /**
   * A slice of at least `bytes`, for `label`.
   * @throws OutOfMemoryError where the device cannot give it.
   */
  acquire(bytes: number, label: string): BufferSlice {
    if (bytes <= SMALL_BYTES) {
      const slice = this.freeSmall.pop() ?? this.cutSlab();
      this.live++;
      this.bytes += slice.bytes;
      return slice;
    }
    const size = Math.min(
      sizeClass(bytes),
      Math.max(roundUp(bytes), this.device.limits.maxBufferBytes),
    );
    const buffer = this.free.get(size)?.pop() ?? this.device.createBuffer(size, label);
    this.idle.delete(buffer);
    this.live++;
    this.bytes += buffer.bytes;
    return { buffer, offset: 0, bytes: roundUp(bytes) };
  }

  release({ buffer, offset, bytes }: BufferSlice): void {
    this.live--;
    if (bytes <= SMALL_BYTES) {
      this.bytes -= SMALL_BYTES;
      if (buffer.isMissing) return;
      this.freeSmall.push({ buffer, offset, bytes: SMALL_BYTES });
      return;
    }
    this.bytes -= buffer.bytes;
    if (buffer.isMissing) {
      buffer.destroy();
      return;
    }
    const list = this.free.get(buffer.bytes);
    if (list) list.push(buffer);
    else this.free.set(buffer.bytes, [buffer]);
  }

  /** Gives buffers back to the device that have not been needed since the last call. */
  trim(): void {
    for (const [size, list] of this.free) {
      const needed = list.filter((buffer) => !this.idle.has(buffer));
      for (const buffer of list) if (this.idle.has(buffer)) buffer.destroy();
      if (needed.length > 0) this.free.set(size, needed);
      else this.free.delete(size);
    }
    this.idle = new Set([...this.free.values()].flat());
    this.trimSlabs();
  }

  /** Gives back the slabs of which no slice is out, or that turned out to be missing. */
  private trimSlabs(): void {
    const free = new Map<DeviceBuffer, number>();
    for (const { buffer } of this.freeSmall) free.set(buffer, (free.get(buffer) ?? 0) + 1);
    const isUnused = (buffer: DeviceBuffer) =>
      buffer.isMissing || free.get(buffer) === SLAB_BYTES / SMALL_BYTES;
    this.freeSmall = this.freeSmall.filter(({ buffer }) => !isUnused(buffer));
    for (const buffer of free.keys()) if (isUnused(buffer)) buffer.destroy();
  }

  private cutSlab(): BufferSlice {
    const buffer = this.device.createBuffer(SLAB_BYTES, 'small tensors');
    for (let offset = SLAB_BYTES - SMALL_BYTES; offset > 0; offset -= SMALL_BYTES) {
      this.freeSmall.push({ buffer, offset, bytes: SMALL_BYTES });
    }
    return { buffer, offset: 0, bytes: SMALL_BYTES };
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
