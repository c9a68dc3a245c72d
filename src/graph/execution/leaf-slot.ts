import type { BufferSlice, Device } from '../../device/device.ts';
import type { DeviceMemory } from '../../device/device-memory.ts';
import { byteSize, type DType, type HostArray, toDevice } from '../../kernels/dtype.ts';
import type { Node } from '../node.ts';
import { sliceAt } from '../storage.ts';
import type { Tuner } from '../tuning/tuner.ts';
import type { Source } from './capture.ts';
import type { Profiler } from './profiler.ts';

/** What a plan needs of the runtime that keeps it. */
export interface PlanRuntime {
  readonly device: Device;
  readonly memory: DeviceMemory;
  /** What the plans have for host data, all together. */
  readonly uploads: { bytes: number };
  readonly tuner: Tuner | undefined;
  /** What watches, while a program is profiled. */
  readonly profiler: Profiler | undefined;
}

/** A leaf of a plan's graph: for host data, the plan's own memory for it and what that holds now. */
export class LeafSlot {
  /** Its number in the graph. */
  readonly node: number;
  /** Those that read it. */
  readonly dispatches = new Set<number>();
  /** What the dispatches are bound to. */
  bound: BufferSlice | undefined;
  private readonly dtype: DType;
  private readonly bytes: number;
  private readonly label: string;
  private upload: BufferSlice | undefined;
  private uploaded: WeakRef<HostArray> | undefined;

  constructor(number: number, { dtype, shape, size }: Node) {
    this.node = number;
    this.dtype = dtype;
    this.bytes = byteSize(size, dtype);
    this.label = `input ${dtype}[${shape}]`;
  }

  /** The memory of its value; for host data, the plan's own. */
  slice(source: Source, { memory, uploads }: PlanRuntime): BufferSlice {
    if ('location' in source) return sliceAt(source.location, memory.pool);
    if (!this.upload) {
      this.upload = memory.pool.acquire(this.bytes, this.label);
      uploads.bytes += this.upload.bytes;
    }
    return this.upload;
  }

  /** Writes host data to the device, unless it is there already. */
  write(source: Source, { device }: PlanRuntime): void {
    if (!this.upload || 'location' in source || this.uploaded?.deref() === source.data) return;
    device.write(this.upload, toDevice(source.data, this.dtype));
    this.uploaded = new WeakRef(source.data);
  }

  /** Gives back the memory for host data; the next run takes some again. */
  giveBack({ memory, uploads }: PlanRuntime): void {
    if (!this.upload) return;
    uploads.bytes -= this.upload.bytes;
    memory.pool.release(this.upload);
    this.upload = undefined;
    this.uploaded = undefined;
  }
}
