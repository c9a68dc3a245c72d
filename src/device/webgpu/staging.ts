/** Larger buffers are not kept. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** Mappable buffers through which results come back to the host, kept for the next read. */
export class StagingBuffers {
  private readonly gpu: GPUDevice;
  private readonly free: GPUBuffer[] = [];

  constructor(gpu: GPUDevice) {
    this.gpu = gpu;
  }

  /** Copies `bytes` (a multiple of 4) out of `source` once the queue has come so far. */
  async read(source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    if (bytes === 0) return new ArrayBuffer(0);
    const staging = this.take(bytes);
    const encoder = this.gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(source, offset, staging, 0, bytes);
    this.gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    // The mapped range vanishes with unmap, so the bytes are copied out first.
    const copy = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap();
    if (staging.size <= MAX_KEPT_BYTES) this.free.push(staging);
    else staging.destroy();
    return copy;
  }

  private take(bytes: number): GPUBuffer {
    const fits = this.free.findIndex(
      (buffer) => buffer.size >= bytes && buffer.size <= bytes * 4 + 4096,
    );
    const [found] = fits >= 0 ? this.free.splice(fits, 1) : [];
    if (found) return found;
    this.free.shift()?.destroy();
    const size = bytes > MAX_KEPT_BYTES ? bytes : 2 ** Math.ceil(Math.log2(Math.max(bytes, 256)));
    return this.gpu.createBuffer({
      label: 'read-back',
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }
}
