// Raw WebGPU with a stopwatch: how long the device takes for what is put into a pass.

export interface Timing {
  /** Of one of the things recorded: the least of several rounds, and their median. */
  readonly us: number;
  readonly usMedian: number;
}

export interface Effort {
  /** A measurement is repeated within a pass until it takes so long. */
  readonly ms: number;
  readonly rounds: number;
  readonly repeats: number;
}

const TIMESTAMP_BYTES = 8;

export class Stopwatch {
  readonly device: GPUDevice;
  private readonly effort: Effort;
  private readonly stamps:
    | { set: GPUQuerySet; resolved: GPUBuffer; readable: GPUBuffer }
    | undefined;

  constructor(device: GPUDevice, dry: boolean) {
    this.device = device;
    this.effort = dry ? { ms: 0.2, rounds: 2, repeats: 50 } : { ms: 4, rounds: 7, repeats: 2000 };
    if (!device.features.has('timestamp-query')) return;
    this.stamps = {
      set: device.createQuerySet({ type: 'timestamp', count: 2 }),
      resolved: device.createBuffer({
        size: 256,
        usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
      }),
      readable: device.createBuffer({
        size: 256,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      }),
    };
  }

  buffer(bytes: number): GPUBuffer {
    return this.device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  }

  uniform(words: readonly number[]): GPUBuffer {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const size = Math.ceil(words.length / 4) * 16;
    const buffer = this.device.createBuffer({ size, usage });
    this.device.queue.writeBuffer(buffer, 0, Uint32Array.from(words));
    return buffer;
  }

  pipeline(code: string): Promise<GPUComputePipeline> {
    const module = this.device.createShaderModule({ code });
    return this.device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  }

  group(pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
    return this.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  /** Milliseconds of the device for one pass; of the wall clock where its own is of no use. */
  async once(record: (pass: GPUComputePassEncoder) => void): Promise<number> {
    const { device, stamps } = this;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(
      stamps === undefined
        ? {}
        : {
            timestampWrites: {
              querySet: stamps.set,
              beginningOfPassWriteIndex: 0,
              endOfPassWriteIndex: 1,
            },
          },
    );
    record(pass);
    pass.end();
    if (stamps !== undefined) {
      encoder.resolveQuerySet(stamps.set, 0, 2, stamps.resolved, 0);
      encoder.copyBufferToBuffer(stamps.resolved, 0, stamps.readable, 0, 2 * TIMESTAMP_BYTES);
    }
    const commands = encoder.finish();
    const start = performance.now();
    device.queue.submit([commands]);
    await device.queue.onSubmittedWorkDone();
    const wall = performance.now() - start;
    if (stamps === undefined) return wall;
    await stamps.readable.mapAsync(GPUMapMode.READ);
    const [begin = 0n, end = 0n] = new BigUint64Array(stamps.readable.getMappedRange());
    stamps.readable.unmap();
    const ms = Number(end - begin) / 1e6;
    return ms > 0 && ms < 1.2 * wall ? ms : wall;
  }

  async time(
    record: (pass: GPUComputePassEncoder) => void,
    wanted: Partial<Effort> = {},
  ): Promise<Timing> {
    const { ms, rounds, repeats } = { ...this.effort, ...wanted };
    let count = 1;
    const many = () =>
      this.once((pass) => {
        for (let i = 0; i < count; i++) record(pass);
      });
    await many();
    let spent = await many();
    while (spent < ms && count < repeats) {
      const enough = Math.ceil((count * ms) / Math.max(spent, 1e-3));
      count = Math.min(repeats, Math.max(2 * count, enough));
      spent = await many();
    }
    const samples = [spent];
    while (samples.length < rounds) samples.push(await many());
    const each = samples.map((sample) => (sample * 1e3) / count).sort((a, b) => a - b);
    return { us: each[0] ?? 0, usMedian: median(each) };
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Workgroups of a dispatch in two dimensions where one does not hold them. */
export function dispatch(pass: GPUComputePassEncoder, workgroups: number): void {
  const rows = Math.ceil(workgroups / 65_535);
  pass.dispatchWorkgroups(Math.ceil(workgroups / rows), rows);
}
