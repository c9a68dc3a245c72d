import { DeviceError } from '../../errors.ts';
import type { DeviceBuffer, Kernel, Program } from '../device.ts';

/** A buffer of WebGPU. */
export class WebGpuBuffer implements DeviceBuffer {
  readonly id: number;
  readonly bytes: number;
  /** @internal */
  readonly gpu: GPUBuffer;
  isMissing = false;
  private readonly release: () => void;
  private gone = false;

  /** @internal */
  constructor(id: number, bytes: number, gpu: GPUBuffer, release: () => void) {
    this.id = id;
    this.bytes = bytes;
    this.gpu = gpu;
    this.release = release;
  }

  destroy(): void {
    if (this.gone) return;
    this.gone = true;
    this.release();
    this.gpu.destroy();
  }
}

/** A program compiled to a pipeline. */
export class WebGpuKernel implements Kernel {
  readonly program: Program;
  /** @internal */
  readonly pipeline: GPUComputePipeline;

  /** @internal */
  constructor(program: Program, pipeline: GPUComputePipeline) {
    this.program = program;
    this.pipeline = pipeline;
  }
}

/**
 * @throws DeviceError where the buffer is not WebGPU's
 * @internal
 */
export function gpuBufferOf(buffer: DeviceBuffer): GPUBuffer {
  if (buffer instanceof WebGpuBuffer) return buffer.gpu;
  throw new DeviceError("The WebGPU device was given another device's buffer");
}

/** @throws DeviceError where the kernel is not WebGPU's */
export function ownKernel(kernel: Kernel): WebGpuKernel {
  if (kernel instanceof WebGpuKernel) return kernel;
  throw new DeviceError("The WebGPU device was given another device's kernel");
}
