import { DeviceError, OutOfMemoryError } from '../../errors.ts';
import { collected, collectGarbage } from '../garbage.ts';
import { FreeRanges } from './free-ranges.ts';

const PAGE = 64 * 1024;
/** What 32-bit addresses reach: 4 GiB. */
const MAX_PAGES = 65536;
/** Growing costs a system call and a word to every thread, so memory grows by this much at least. */
const MIN_GROWTH_PAGES = 256;
/** Pieces start at multiples of this: a cache line. */
const ALIGNMENT = 64;

/** Memories that were let go of may have this much until the engine is made to look for them. */
const MAX_LET_GO_BYTES = 256 * 1024 * 1024;

/** The bytes of memories that were let go of and have not been collected yet. */
let letGoBytes = 0;

/**
 * Has the engine collect memories that were let go of, where they have much. Memory that threads may
 * share is none of the bytes by which it judges that it is time to.
 */
export async function collectLetGo(): Promise<void> {
  if (letGoBytes > MAX_LET_GO_BYTES) await collectGarbage();
}

/** A piece of linear memory. */
export interface Block {
  readonly address: number;
  /** The bytes asked for, rounded up to a whole number of cache lines. */
  readonly bytes: number;
  readonly label: string;
}

/**
 * The linear memory that all kernels of a device run in, and who has which piece of it. It grows
 * on demand. The first page is nobody's, so that address 0 is never a tensor's, and so is the
 * last, where a kernel may read past the end of the last tensor.
 */
export class WasmMemory {
  private linear: WebAssembly.Memory | undefined;
  private readonly free = new FreeRanges();
  private readonly inUse = new Map<string, number>();
  private readonly maxPages: number;
  private pages: number;
  /** Above this nothing was ever written: fresh pages are zero. */
  private untouched = PAGE;
  private used = 0;
  private currentBytes: Uint8Array;
  private currentWords: Uint32Array;

  /** `maxBytes` is how far it may grow. */
  constructor(shared: boolean, maxBytes = MAX_PAGES * PAGE) {
    this.maxPages = Math.min(MAX_PAGES, Math.max(2, Math.floor(maxBytes / PAGE)));
    this.pages = 2;
    // Modules that import the memory declare the same maximum, which `maxBytes` only narrows.
    this.linear = new WebAssembly.Memory({ initial: this.pages, maximum: MAX_PAGES, shared });
    this.currentBytes = new Uint8Array(this.memory.buffer);
    this.currentWords = new Uint32Array(this.memory.buffer);
  }

  /** What modules import. @throws DeviceError after {@link destroy}. */
  get memory(): WebAssembly.Memory {
    if (this.linear) return this.linear;
    throw new DeviceError('The memory of the CPU device was used after destroy()');
  }

  /**
   * Lets go of the memory, which the engine frees when it has found it unused: tensors and buffers,
   * which may live on, do not keep it.
   */
  destroy(): void {
    const bytes = this.pages * PAGE;
    letGoBytes += bytes;
    collected.register(this.memory, () => {
      letGoBytes -= bytes;
    });
    this.linear = undefined;
    this.currentBytes = new Uint8Array();
    this.currentWords = new Uint32Array();
  }

  /** The bytes handed out. */
  get usedBytes(): number {
    return this.used;
  }

  /** The memory as bytes. Growth replaces the view: do not keep it. */
  get bytes(): Uint8Array {
    return this.currentBytes;
  }

  /** The memory as 32-bit words. Growth replaces the view: do not keep it. */
  get words(): Uint32Array {
    return this.currentWords;
  }

  /**
   * Zeroed memory for `label`.
   * @throws OutOfMemoryError where there is no room and no more can be had.
   */
  allocate(bytes: number, label: string): Block {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    let address = this.free.take(size);
    if (address === undefined && this.grow(size)) address = this.free.take(size);
    if (address === undefined) throw this.outOfMemory(bytes, label);
    const end = address + size;
    if (address < this.untouched) {
      this.currentBytes.fill(0, address, Math.min(end, this.untouched));
    }
    this.untouched = Math.max(this.untouched, end);
    this.used += size;
    this.inUse.set(label, (this.inUse.get(label) ?? 0) + size);
    return { address, bytes: size, label };
  }

  /** Takes back what `allocate` gave. */
  release({ address, bytes, label }: Block): void {
    this.free.give(address, bytes);
    this.used -= bytes;
    const left = (this.inUse.get(label) ?? 0) - bytes;
    if (left > 0) this.inUse.set(label, left);
    else this.inUse.delete(label);
  }

  /** Makes room for a piece of `size` bytes; false where that much cannot be had. */
  private grow(size: number): boolean {
    const end = (this.pages - 1) * PAGE;
    const needed = Math.ceil((size - this.free.endingAt(end)) / PAGE);
    const left = this.maxPages - this.pages;
    if (needed > left) return false;
    const generous = Math.min(left, Math.max(needed, MIN_GROWTH_PAGES, this.pages >> 2));
    const added = this.tryGrow(generous) ? generous : this.tryGrow(needed) ? needed : 0;
    if (added === 0) return false;
    this.pages += added;
    this.currentBytes = new Uint8Array(this.memory.buffer);
    this.currentWords = new Uint32Array(this.memory.buffer);
    this.free.give(end, added * PAGE);
    return true;
  }

  private tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }

  private outOfMemory(bytes: number, label: string): OutOfMemoryError {
    const holders = [...this.inUse]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 3)
      .map(([name, size]) => `${name} ${readable(size)}`);
    const most = readable((this.maxPages - 2) * PAGE);
    return new OutOfMemoryError(
      `${label} needs ${readable(bytes)} (${bytes} bytes), but ${readable(this.used)} of the ${most} that the CPU device may have are in use` +
        `${holders.length > 0 ? ` (most by ${holders.join(', ')})` : ''}, and the largest free piece has ${readable(this.free.largest)}. ` +
        'Use a smaller batch, or dispose() tensors that are no longer needed.',
    );
  }
}

function readable(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  if (bytes >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${(bytes / 2 ** 10).toFixed(1)} KiB`;
}
