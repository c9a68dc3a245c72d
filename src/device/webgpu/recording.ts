import { DeviceError } from '../../errors.ts';
import type { BufferSlice, Copy, Dispatch, Recording } from '../device.ts';
import type { DispatchClock } from './dispatch-clock.ts';
import { gpuBufferOf, ownKernel, type WebGpuKernel } from './resources.ts';
import type { WebGpuDevice } from './webgpu-device.ts';

/** Uniform blocks start at multiples of this many bytes. */
const UNIFORM_ALIGNMENT = 256;

/** More bind groups of former bindings than this are not kept: their buffers may be gone. */
const MAX_KNOWN = 4096;

/** A dispatch with its bind group. */
interface Recorded {
  readonly kernel: WebGpuKernel;
  readonly workgroups: number;
  /** Where its parameters start in the uniform buffer, and how long they are, in bytes. */
  readonly offset: number;
  readonly paramBytes: number;
  group: GPUBindGroup;
}

/**
 * A list of dispatches with everything WebGPU needs to replay it: one uniform buffer holding all
 * parameters, and a bind group a dispatch, made when first needed and kept.
 */
export class WebGpuRecording implements Recording {
  private readonly device: WebGpuDevice;
  private readonly dispatches: readonly Recorded[];
  /** Bind groups of former bindings, by dispatch and buffers, for tensors that alternate. */
  private readonly known = new Map<string, GPUBindGroup>();
  private readonly params: Uint32Array;
  private readonly uniform: GPUBuffer | undefined;
  private dirty = true;

  constructor(device: WebGpuDevice, dispatches: readonly Dispatch[]) {
    this.device = device;
    let bytes = 0;
    const placed = dispatches.map((dispatch) => {
      const offset = bytes;
      bytes += Math.ceil(dispatch.params.byteLength / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;
      return { ...dispatch, kernel: ownKernel(dispatch.kernel), offset };
    });
    this.params = new Uint32Array(bytes / 4);
    for (const { params, offset } of placed) this.params.set(params, offset / 4);
    if (bytes > 0) {
      this.uniform = device.gpu.createBuffer({
        label: 'kernel parameters',
        size: bytes,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
    }
    this.dispatches = placed.map(({ kernel, workgroups, offset, params, bindings }, i) => {
      const own = { kernel, workgroups, offset, paramBytes: params.byteLength };
      return { ...own, group: this.bind(i, own, bindings) };
    });
  }

  rebind(index: number, bindings: readonly BufferSlice[]): void {
    const dispatch = this.at(index);
    dispatch.group = this.bind(index, dispatch, bindings);
  }

  setParam(index: number, word: number, bits: number): void {
    this.params[this.at(index).offset / 4 + word] = bits;
    this.dirty = true;
  }

  private at(index: number): Recorded {
    const dispatch = this.dispatches[index];
    if (!dispatch) throw new DeviceError(`A recording has no dispatch ${index}`);
    return dispatch;
  }

  destroy(): void {
    this.uniform?.destroy();
  }

  get length(): number {
    return this.dispatches.length;
  }

  /** All dispatches in one pass, or for a clock each in a pass of its own; then the copies. */
  encode(copies: readonly Copy[], clock?: DispatchClock): GPUCommandBuffer {
    const { gpu, counters } = this.device;
    if (this.dirty && this.uniform) {
      gpu.queue.writeBuffer(this.uniform, 0, this.params);
      this.dirty = false;
    }
    const encoder = gpu.createCommandEncoder();
    if (this.dispatches.length > 0) {
      if (clock) this.encodeApart(encoder, clock);
      else this.encodeTogether(encoder);
      counters.dispatches += this.dispatches.length;
    }
    for (const { from, to, bytes } of copies) {
      const source = gpuBufferOf(from.buffer);
      encoder.copyBufferToBuffer(source, from.offset, gpuBufferOf(to.buffer), to.offset, bytes);
    }
    return encoder.finish();
  }

  private encodeTogether(encoder: GPUCommandEncoder): void {
    const pass = encoder.beginComputePass();
    let pipeline: GPUComputePipeline | undefined;
    for (const dispatch of this.dispatches) {
      if (dispatch.workgroups === 0) continue;
      const next = dispatch.kernel.pipeline;
      if (next !== pipeline) pass.setPipeline(next);
      pipeline = next;
      this.add(pass, dispatch);
    }
    pass.end();
  }

  private encodeApart(encoder: GPUCommandEncoder, clock: DispatchClock): void {
    for (const [i, dispatch] of this.dispatches.entries()) {
      const { program, pipeline } = dispatch.kernel;
      const pass = encoder.beginComputePass({
        label: program.name,
        timestampWrites: clock.around(i),
      });
      if (dispatch.workgroups > 0) {
        pass.setPipeline(pipeline);
        this.add(pass, dispatch);
      }
      pass.end();
    }
    clock.resolve(encoder);
  }

  private add(pass: GPUComputePassEncoder, { workgroups, group }: Recorded): void {
    pass.setBindGroup(0, group);
    const rows = Math.ceil(workgroups / this.device.limits.maxWorkgroupsPerDimension);
    pass.dispatchWorkgroups(Math.ceil(workgroups / rows), rows);
  }

  private bind(
    index: number,
    { kernel, offset: start, paramBytes }: Omit<Recorded, 'group'>,
    bindings: readonly BufferSlice[],
  ): GPUBindGroup {
    const { uniform } = this;
    if (!uniform) throw new DeviceError(`Kernel ${kernel.program.name} is without parameters`);
    const key = `${index}|${bindings.map((b) => `${b.buffer.id}+${b.offset}:${b.bytes}`).join()}`;
    const known = this.known.get(key);
    if (known) return known;
    const entries: GPUBindGroupEntry[] = bindings.map(({ buffer, offset, bytes }, i) => ({
      binding: i + 1,
      resource: { buffer: gpuBufferOf(buffer), offset, size: bytes },
    }));
    entries.unshift({
      binding: 0,
      resource: { buffer: uniform, offset: start, size: paramBytes },
    });
    const { pipeline, program } = kernel;
    const group = this.device.gpu.createBindGroup({
      label: program.name,
      layout: pipeline.getBindGroupLayout(0),
      entries,
    });
    this.device.counters.bindGroups++;
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(key, group);
    return group;
  }
}
