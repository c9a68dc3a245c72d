import type { BufferSlice, Copy, Dispatch, Recording } from '../device.ts';
import type { WebGpuBuffer, WebGpuDevice, WebGpuKernel } from './webgpu-device.ts';

/** Uniform blocks start at multiples of this many bytes. */
const UNIFORM_ALIGNMENT = 256;

/**
 * A list of dispatches with everything WebGPU needs to replay it: one uniform buffer holding all
 * parameters, and a bind group a dispatch, made when first needed and kept.
 */
export class WebGpuRecording implements Recording {
  private readonly device: WebGpuDevice;
  private readonly dispatches: Dispatch[];
  private readonly groups: GPUBindGroup[];
  /** Bind groups of former bindings, by dispatch and buffers, for tensors that alternate. */
  private readonly known = new Map<string, GPUBindGroup>();
  private readonly params: Uint32Array;
  private readonly offsets: number[] = [];
  private readonly uniform: GPUBuffer | undefined;
  private dirty = true;

  constructor(device: WebGpuDevice, dispatches: readonly Dispatch[]) {
    this.device = device;
    this.dispatches = [...dispatches];
    let bytes = 0;
    for (const { params } of dispatches) {
      this.offsets.push(bytes);
      bytes += Math.ceil(params.byteLength / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;
    }
    this.params = new Uint32Array(bytes / 4);
    dispatches.forEach(({ params }, i) => {
      this.params.set(params, (this.offsets[i] as number) / 4);
    });
    if (bytes > 0) {
      this.uniform = device.gpu.createBuffer({
        label: 'kernel parameters',
        size: bytes,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
    }
    this.groups = this.dispatches.map((_, i) => this.bind(i));
  }

  rebind(index: number, bindings: readonly BufferSlice[]): void {
    this.dispatches[index] = { ...(this.dispatches[index] as Dispatch), bindings };
    this.groups[index] = this.bind(index);
  }

  setParam(index: number, word: number, bits: number): void {
    this.params[(this.offsets[index] as number) / 4 + word] = bits;
    this.dirty = true;
  }

  destroy(): void {
    this.uniform?.destroy();
  }

  encode(copies: readonly Copy[]): GPUCommandBuffer {
    const { gpu, limits, counters } = this.device;
    if (this.dirty && this.uniform) {
      gpu.queue.writeBuffer(this.uniform, 0, this.params);
      this.dirty = false;
    }
    const encoder = gpu.createCommandEncoder();
    if (this.dispatches.length > 0) {
      const pass = encoder.beginComputePass();
      const most = limits.maxWorkgroupsPerDimension;
      let pipeline: GPUComputePipeline | undefined;
      this.dispatches.forEach((dispatch, i) => {
        if (dispatch.workgroups === 0) return;
        const next = (dispatch.kernel as WebGpuKernel).pipeline;
        if (next !== pipeline) pass.setPipeline(next);
        pipeline = next;
        pass.setBindGroup(0, this.groups[i] as GPUBindGroup);
        const rows = Math.ceil(dispatch.workgroups / most);
        pass.dispatchWorkgroups(Math.ceil(dispatch.workgroups / rows), rows);
      });
      pass.end();
      counters.dispatches += this.dispatches.length;
    }
    for (const { from, to, bytes } of copies) {
      const source = (from.buffer as WebGpuBuffer).gpu;
      encoder.copyBufferToBuffer(
        source,
        from.offset,
        (to.buffer as WebGpuBuffer).gpu,
        to.offset,
        bytes,
      );
    }
    return encoder.finish();
  }

  private bind(index: number): GPUBindGroup {
    const { kernel, bindings, params } = this.dispatches[index] as Dispatch;
    const key = `${index}|${bindings.map((b) => `${b.buffer.id}+${b.offset}:${b.bytes}`).join()}`;
    const known = this.known.get(key);
    if (known) return known;
    const entries: GPUBindGroupEntry[] = bindings.map(({ buffer, offset, bytes }, i) => ({
      binding: i + 1,
      resource: { buffer: (buffer as WebGpuBuffer).gpu, offset, size: bytes },
    }));
    const offset = this.offsets[index] as number;
    entries.unshift({
      binding: 0,
      resource: { buffer: this.uniform as GPUBuffer, offset, size: params.byteLength },
    });
    const { pipeline, program } = kernel as WebGpuKernel;
    const group = this.device.gpu.createBindGroup({
      label: program.name,
      layout: pipeline.getBindGroupLayout(0),
      entries,
    });
    this.device.counters.bindGroups++;
    this.known.set(key, group);
    return group;
  }
}
