import { sizeClass } from './buffer-pool.ts';
import type { Device, DeviceBuffer } from './device.ts';

/**
 * Buffers that hold values within a run. Runs come one after the other and keep nothing in between,
 * so all plans share them: the largest value of any plan finds room in the first, the second largest
 * in the second, and so on.
 */
export class Scratch {
  private readonly device: Device;
  private current: readonly DeviceBuffer[] = [];
  /** What has been asked for since the last {@link trim}, all of which fits. */
  private readonly lately = new Set<readonly number[]>();

  constructor(device: Device) {
    this.device = device;
  }

  /**
   * Buffers of at least these sizes, largest first. It is the same array as long as no buffer had to
   * be replaced.
   * @throws OutOfMemoryError where the device cannot give them.
   */
  buffers(sizes: readonly number[]): readonly DeviceBuffer[] {
    if (this.lately.has(sizes)) return this.current;
    const { current } = this;
    if (!sizes.every((bytes, i) => bytes <= (current[i]?.bytes ?? 0))) {
      this.resize(largest([sizes, current.map(({ bytes }) => bytes)]));
    }
    this.lately.add(sizes);
    return this.current;
  }

  /** Makes the buffers as small as what has been asked for since the last call allows. */
  trim(): void {
    const wanted = largest([...this.lately]);
    this.lately.clear();
    if (this.current.some(({ bytes }, i) => bytes > this.sizeOf(wanted[i] ?? 0))) {
      this.resize(wanted);
    }
  }

  /** Gives all buffers back. */
  clear(): void {
    this.lately.clear();
    this.resize([]);
  }

  private resize(wanted: readonly number[]): void {
    const sizes = wanted.map((bytes) => this.sizeOf(bytes));
    const stays = ({ bytes }: DeviceBuffer, i: number) => bytes === sizes[i];
    const former = this.current;
    // Both at once might be too much.
    former.forEach((buffer, i) => {
      if (!stays(buffer, i)) buffer.destroy();
    });
    const next: DeviceBuffer[] = [];
    this.current = next;
    try {
      for (const [i, bytes] of sizes.entries()) {
        const buffer = former[i];
        const kept = buffer && stays(buffer, i) ? buffer : undefined;
        next.push(kept ?? this.device.createBuffer(bytes, 'scratch'));
      }
    } catch (error) {
      for (const buffer of new Set([...former.filter(stays), ...next])) buffer.destroy();
      this.current = [];
      throw error;
    }
  }

  private sizeOf(bytes: number): number {
    return Math.min(sizeClass(bytes), Math.max(bytes, this.device.limits.maxBufferBytes));
  }
}

/** For each place the largest number that one of the lists has there. */
function largest(lists: readonly (readonly number[])[]): number[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => Math.max(...lists.map((list) => list[i] ?? 0)));
}
