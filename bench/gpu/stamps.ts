// The GPU's own clock around the passes of a device, or around each dispatch of them.

/** More cannot be in a query set. */
const MOST = 4096;
const BYTES = 8;

export class Stamps {
  private readonly set: GPUQuerySet;
  private readonly resolved: GPUBuffer;
  private readonly readable: GPUBuffer;
  private taken = 0;
  private around: 'nothing' | 'passes' | 'dispatches' = 'nothing';

  /** From here on the device's encoders are watched. It needs the feature `timestamp-query`. */
  constructor(device: GPUDevice) {
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.set = device.createQuerySet({ type: 'timestamp', count: MOST });
    this.resolved = device.createBuffer({ size: MOST * BYTES, usage: QUERY_RESOLVE | COPY_SRC });
    this.readable = device.createBuffer({ size: MOST * BYTES, usage: MAP_READ | COPY_DST });
    const createCommandEncoder = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      const encoder = createCommandEncoder(descriptor);
      return this.around === 'nothing' ? encoder : this.watch(encoder);
    };
  }

  start(around: 'passes' | 'dispatches'): void {
    this.taken = 0;
    this.around = around;
  }

  /**
   * Microseconds of each pass or dispatch since the start, once the device has done them. What a
   * dispatch takes is the time from the end of the one before: beginnings overlap.
   */
  async take(): Promise<number[]> {
    const { around, taken } = this;
    this.around = 'nothing';
    if (taken === 0) return [];
    await this.readable.mapAsync(GPUMapMode.READ);
    const stamps = [...new BigUint64Array(this.readable.getMappedRange(0, taken * BYTES))];
    this.readable.unmap();
    const us = (from: number, to: number) =>
      Number((stamps[to] ?? 0n) - (stamps[from] ?? 0n)) / 1e3;
    return around === 'passes'
      ? Array.from({ length: taken / 2 }, (_, i) => us(2 * i, 2 * i + 1))
      : Array.from({ length: taken - 1 }, (_, i) => us(i, i + 1));
  }

  private watch(encoder: GPUCommandEncoder): GPUCommandEncoder {
    const beginComputePass = encoder.beginComputePass.bind(encoder);
    const finish = encoder.finish.bind(encoder);
    encoder.beginComputePass = () =>
      this.around === 'passes'
        ? beginComputePass({ timestampWrites: this.both() })
        : this.apart(beginComputePass);
    encoder.finish = (descriptor) => {
      if (this.taken > 0) {
        encoder.resolveQuerySet(this.set, 0, this.taken, this.resolved, 0);
        encoder.copyBufferToBuffer(this.resolved, 0, this.readable, 0, this.taken * BYTES);
      }
      return finish(descriptor);
    };
    return encoder;
  }

  private both(): GPUComputePassTimestampWrites {
    const at = this.next(2);
    return { querySet: this.set, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
  }

  /** A pass that makes one of each dispatch, with a stamp at its end. */
  private apart(begin: GPUCommandEncoder['beginComputePass']): GPUComputePassEncoder {
    let pipeline: GPUComputePipeline | undefined;
    let group: GPUBindGroup | null | undefined;
    const pass = {
      setPipeline(next: GPUComputePipeline) {
        pipeline = next;
      },
      setBindGroup(_: number, next: GPUBindGroup | null) {
        group = next;
      },
      dispatchWorkgroups: (x: number, y = 1, z = 1) => {
        const timestampWrites: GPUComputePassTimestampWrites =
          this.taken === 0
            ? this.both()
            : { querySet: this.set, endOfPassWriteIndex: this.next(1) };
        const own = begin({ timestampWrites });
        if (pipeline) own.setPipeline(pipeline);
        own.setBindGroup(0, group);
        own.dispatchWorkgroups(x, y, z);
        own.end();
      },
      end() {},
    };
    return pass as unknown as GPUComputePassEncoder;
  }

  private next(count: number): number {
    const at = this.taken;
    if (at + count > MOST) throw new Error(`more than ${MOST} timestamps`);
    this.taken += count;
    return at;
  }
}
