/** More cannot be in a query set. */
const MAX_STAMPS = 4096;
const BYTES = 8;
const NS_PER_MS = 1e6;

/**
 * The GPU's own clock around each pass of an encoder, where each dispatch has a pass. What a dispatch
 * takes is the time from the end of the one before it to its own: beginnings overlap with what is still
 * under way. Only the first is counted from its beginning.
 */
export class DispatchClock {
  private readonly sets: readonly GPUQuerySet[];
  private readonly resolved: GPUBuffer;
  private readonly readable: GPUBuffer;
  private readonly stamps: number;

  /** It needs the feature `timestamp-query`. */
  constructor(gpu: GPUDevice, dispatches: number) {
    this.stamps = dispatches + 1;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.sets = Array.from({ length: Math.ceil(this.stamps / MAX_STAMPS) }, (_, i) =>
      gpu.createQuerySet({ type: 'timestamp', count: this.countIn(i) }),
    );
    const size = this.stamps * BYTES;
    this.resolved = gpu.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
    this.readable = gpu.createBuffer({ size, usage: MAP_READ | COPY_DST });
  }

  /** What the pass of a dispatch writes. */
  around(dispatch: number): GPUComputePassTimestampWrites {
    const end = dispatch + 1;
    const querySet = this.sets[Math.floor(end / MAX_STAMPS)] as GPUQuerySet;
    const endOfPassWriteIndex = end % MAX_STAMPS;
    if (dispatch > 0) return { querySet, endOfPassWriteIndex };
    return { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex };
  }

  /** Ends an encoder whose passes wrote all stamps. */
  resolve(encoder: GPUCommandEncoder): void {
    this.sets.forEach((set, i) => {
      encoder.resolveQuerySet(set, 0, this.countIn(i), this.resolved, i * MAX_STAMPS * BYTES);
    });
    encoder.copyBufferToBuffer(this.resolved, 0, this.readable, 0, this.stamps * BYTES);
  }

  /** Milliseconds of each dispatch once they are done, and in what steps the clock counts. */
  async read() {
    await this.readable.mapAsync(GPUMapMode.READ);
    const stamps = [...new BigUint64Array(this.readable.getMappedRange())];
    const took = stamps.slice(1).map((end, i) => {
      const start = stamps[i] as bigint;
      return end > start ? end - start : 0n;
    });
    // Clocks are made coarse by clearing their last bits.
    const bits = stamps.reduce((all, stamp) => all | stamp, 0n);
    const milliseconds = (ns: bigint) => Number(ns) / NS_PER_MS;
    return { dispatches: took.map(milliseconds), resolution: milliseconds(bits & -bits) };
  }

  destroy(): void {
    for (const set of this.sets) set.destroy();
    this.resolved.destroy();
    this.readable.destroy();
  }

  private countIn(set: number): number {
    return Math.min(MAX_STAMPS, this.stamps - set * MAX_STAMPS);
  }
}
