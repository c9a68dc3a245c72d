// The GPU's own clock around the passes of a device, as the library makes them.

/** More cannot be in a query set. */
const MOST = 4096;
const BYTES = 8;

export class Stamps {
  private readonly set: GPUQuerySet;
  private readonly resolved: GPUBuffer;
  private readonly readable: GPUBuffer;
  private taken = 0;
  private isWatching = false;

  /** From here on the device's encoders are watched. It needs the feature `timestamp-query`. */
  constructor(device: GPUDevice) {
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.set = device.createQuerySet({ type: 'timestamp', count: MOST });
    this.resolved = device.createBuffer({ size: MOST * BYTES, usage: QUERY_RESOLVE | COPY_SRC });
    this.readable = device.createBuffer({ size: MOST * BYTES, usage: MAP_READ | COPY_DST });
    const createCommandEncoder = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      const encoder = createCommandEncoder(descriptor);
      return this.isWatching ? this.watch(encoder) : encoder;
    };
  }

  start(): void {
    this.taken = 0;
    this.isWatching = true;
  }

  /** Microseconds of each pass since the start, once the device has done them. */
  async take(): Promise<number[]> {
    const { taken } = this;
    this.isWatching = false;
    if (taken === 0) return [];
    await this.readable.mapAsync(GPUMapMode.READ);
    const stamps = [...new BigUint64Array(this.readable.getMappedRange(0, taken * BYTES))];
    this.readable.unmap();
    const us = (from: number, to: number) =>
      Number((stamps[to] ?? 0n) - (stamps[from] ?? 0n)) / 1e3;
    return Array.from({ length: taken / 2 }, (_, i) => us(2 * i, 2 * i + 1));
  }

  private watch(encoder: GPUCommandEncoder): GPUCommandEncoder {
    const beginComputePass = encoder.beginComputePass.bind(encoder);
    const finish = encoder.finish.bind(encoder);
    encoder.beginComputePass = () => beginComputePass({ timestampWrites: this.both() });
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
    const at = this.taken;
    if (at + 2 > MOST) throw new Error(`more than ${MOST} timestamps`);
    this.taken += 2;
    return { querySet: this.set, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
  }
}
