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
  private readonly freeSmall: BufferSlice[] = [];
  private live = 0;

  constructor(device: Device) {
    this.device = device;
  }

  /** The number of slices handed out and not yet taken back. */
  get liveSlices(): number {
    return this.live;
  }

  /**
   * A slice of at least `bytes`, for `label`.
   * @throws OutOfMemoryError where the device cannot give it.
   */
  acquire(bytes: number, label: string): BufferSlice {
    if (bytes <= SMALL_BYTES) {
      const slice = this.freeSmall.pop() ?? this.cutSlab();
      this.live++;
      return slice;
    }
    const size = Math.min(
      sizeClass(bytes),
      Math.max(roundUp(bytes), this.device.limits.maxBufferBytes),
    );
    const buffer = this.free.get(size)?.pop() ?? this.device.createBuffer(size, label);
    this.live++;
    return { buffer, offset: 0, bytes: roundUp(bytes) };
  }

  release(slice: BufferSlice): void {
    this.live--;
    if (slice.bytes <= SMALL_BYTES) {
      this.freeSmall.push({ ...slice, bytes: SMALL_BYTES });
      return;
    }
    const size = slice.buffer.bytes;
    const list = this.free.get(size);
    if (list) list.push(slice.buffer);
    else this.free.set(size, [slice.buffer]);
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
