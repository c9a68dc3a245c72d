import { requireFlag, requireOptions, requireWhole } from '../../arguments.ts';
import { messageOf } from '../../cause.ts';
import { DeviceError, DeviceLostError, OutOfMemoryError } from '../../errors.ts';
import { newCounters } from '../counters.ts';
import type {
  BufferSlice,
  Copy,
  Device,
  DeviceLimits,
  Dispatch,
  Kernel,
  Program,
  Recording,
  SubmissionTimes,
} from '../device.ts';
import {
  describe,
  identityOf,
  isSoftware,
  isTunedUnasked,
  lanesOf,
  requestAdapter,
} from './adapter.ts';
import { WebGpuRecording } from './recording.ts';
import { gpuBufferOf, WebGpuBuffer, WebGpuKernel } from './resources.ts';
import { StagingBuffers } from './staging.ts';

/** Submissions a script may run ahead of the device before `submit` makes it wait. */
const MAX_IN_FLIGHT = 8;
/** Between the first failure after a device is lost and word of the loss. */
const LONGEST_UNTIL_TOLD_MS = 500;

export interface WebGpuOptions {
  /**
   * About how many invocations the GPU has to run at once to be at its fastest: kernels choose the
   * size of their tiles by it. Guessed by the GPU's vendor if unsaid.
   */
  readonly lanes?: number;
  /**
   * Whether the ways to compute a product, a convolution or a reduction are measured where one is first
   * needed, and the fastest is kept for this machine. Default: on hardware where `WGRAD_TUNE` is 1.
   */
  readonly tune?: boolean;
}

/**
 * Opens the machine's best WebGPU adapter.
 * @throws ArgumentError where an option is unknown, or `lanes` is no whole number from 1
 * @throws DeviceError where there is no adapter
 */
export async function openWebGpu(options: WebGpuOptions = {}): Promise<WebGpuDevice> {
  requireOptions('openWebGpu', options, ['lanes', 'tune']);
  const { lanes, tune } = options;
  if (tune !== undefined) requireFlag('openWebGpu', 'tune', tune);
  if (lanes !== undefined) requireWhole('openWebGpu', { lanes }, { from: 1 });
  const adapter = await requestAdapter();
  const limit = adapter.limits;
  // A device has the smallest limits of the standard unless asked for more.
  const requiredLimits = {
    maxBufferSize: limit.maxBufferSize,
    maxStorageBufferBindingSize: limit.maxStorageBufferBindingSize,
    maxStorageBuffersPerShaderStage: limit.maxStorageBuffersPerShaderStage,
    maxComputeWorkgroupStorageSize: limit.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: limit.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupSizeX: limit.maxComputeWorkgroupSizeX,
  };
  const clock: GPUFeatureName = 'timestamp-query';
  const requiredFeatures = adapter.features.has(clock) ? [clock] : [];
  const gpu = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  const { info } = adapter;
  return new WebGpuDevice(gpu, info, { ...options, tune: tune ?? isTunedUnasked(info) });
}

/** A device of the WebGPU standard: Dawn in Node, or the browser's. */
export class WebGpuDevice implements Device {
  readonly kind = 'webgpu';
  readonly name: string;
  readonly limits: DeviceLimits;
  readonly tuning: string | undefined;
  readonly counters = newCounters();
  /** @internal */
  readonly gpu: GPUDevice;

  private readonly kernels = new Map<string, Promise<WebGpuKernel>>();
  private readonly staging: StagingBuffers;
  private inFlight: Promise<unknown>[] = [];
  /** What became of the buffers that {@link allocated} has not been asked about. */
  private allocations: Promise<OutOfMemoryError | undefined>[] = [];
  private failure: Error | undefined;
  private destroyed = false;
  private nextBufferId = 0;

  /** @internal */
  constructor(gpu: GPUDevice, info: GPUAdapterInfo, options: WebGpuOptions = {}) {
    const { lanes = lanesOf(info), tune = false } = options;
    this.gpu = gpu;
    this.tuning = tune ? identityOf(info) : undefined;
    this.name = describe(info);
    this.limits = {
      cpu: isSoftware(info),
      slowLoads: isSoftware(info),
      lanes,
      maxWorkgroupBytes: gpu.limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffers: gpu.limits.maxStorageBuffersPerShaderStage,
      maxBindingBytes: gpu.limits.maxStorageBufferBindingSize,
      maxBufferBytes: gpu.limits.maxBufferSize,
      maxWorkgroupsPerDimension: gpu.limits.maxComputeWorkgroupsPerDimension,
    };
    this.staging = new StagingBuffers(gpu);
    gpu.addEventListener('uncapturederror', (event) => {
      const { error } = event as GPUUncapturedErrorEvent;
      this.failure ??=
        error.constructor.name === 'GPUOutOfMemoryError'
          ? new OutOfMemoryError(`${this.name}: ${error.message}`)
          : new DeviceError(`${this.name}: ${error.message}`);
    });
    void gpu.lost.then((lost) => {
      if (this.destroyed) return;
      this.failure = new DeviceLostError(
        `${this.name} was lost (${lost.reason}): ${lost.message}. Its tensors are gone; ` +
          'open a device again and restore from a checkpoint.',
      );
    });
  }

  createBuffer(bytes: number, label: string): WebGpuBuffer {
    if (bytes > this.limits.maxBufferBytes) {
      throw new OutOfMemoryError(
        `${label} needs ${bytes} bytes, but ${this.name} allows ${this.limits.maxBufferBytes} in one buffer. ` +
          'Use a smaller batch or split the tensor.',
      );
    }
    // Whether there is memory is known later, and nobody else need hear of it.
    this.gpu.pushErrorScope('out-of-memory');
    const gpu = this.gpu.createBuffer({
      label,
      size: bytes,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    const { counters } = this;
    counters.buffers++;
    counters.buffersCreated++;
    counters.bytes += bytes;
    const buffer = new WebGpuBuffer(this.nextBufferId++, bytes, gpu, () => {
      counters.buffers--;
      counters.bytes -= bytes;
    });
    this.allocations.push(this.fate(buffer, label));
    return buffer;
  }

  allocated(): Promise<void> | undefined {
    if (this.allocations.length === 0) return undefined;
    const pending = this.allocations;
    this.allocations = [];
    return Promise.all(pending).then((failures) => {
      const failure = failures.find((found) => found);
      if (failure) throw failure;
    });
  }

  /** What the error scope around a buffer's making says. */
  private async fate(buffer: WebGpuBuffer, label: string): Promise<OutOfMemoryError | undefined> {
    // A device that is lost tells so elsewhere.
    const error = await this.gpu.popErrorScope().catch(() => null);
    if (!error) return undefined;
    buffer.isMissing = true;
    return new OutOfMemoryError(
      `${label} needs ${buffer.bytes} bytes, which ${this.name} does not have (${error.message}). ` +
        'Use a smaller batch, or dispose() tensors that are no longer needed.',
    );
  }

  write(to: BufferSlice, data: ArrayBufferView): void {
    this.check();
    // A buffer that is missing refuses writes too, and its error says why better.
    const isCertain = this.allocations.length === 0;
    if (!isCertain) this.gpu.pushErrorScope('validation');
    const whole = data.byteLength - (data.byteLength % 4);
    const gpu = gpuBufferOf(to.buffer);
    if (whole > 0) this.gpu.queue.writeBuffer(gpu, to.offset, data.buffer, data.byteOffset, whole);
    if (whole < data.byteLength) {
      // WebGPU writes whole words: the last bytes of a u8 tensor are padded with zeros.
      const rest = new Uint8Array(4);
      rest.set(new Uint8Array(data.buffer, data.byteOffset + whole, data.byteLength - whole));
      this.gpu.queue.writeBuffer(gpu, to.offset + whole, rest);
    }
    if (!isCertain) void this.gpu.popErrorScope().catch(() => {});
  }

  async read(from: BufferSlice): Promise<ArrayBuffer> {
    this.check();
    try {
      const gpu = gpuBufferOf(from.buffer);
      const bytes = await this.staging.read(gpu, from.offset, from.bytes);
      this.check();
      return bytes;
    } catch (cause) {
      // A read that was under way fails before the reason is told, in browsers by some milliseconds.
      await Promise.race([
        this.gpu.lost,
        new Promise((resolve) => setTimeout(resolve, LONGEST_UNTIL_TOLD_MS)),
      ]);
      this.check();
      if (cause instanceof DeviceError) throw cause;
      throw new DeviceError(`${this.name} did not hand out a result: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  async edit(slice: BufferSlice, work: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const bytes = new Uint8Array(await this.read(slice));
    await work(bytes);
    this.write(slice, bytes);
  }

  compile(programs: readonly Program[]): Promise<Kernel[]> {
    return Promise.all(programs.map((program) => this.compileOne(program)));
  }

  record(dispatches: readonly Dispatch[]): Recording {
    return new WebGpuRecording(this, dispatches);
  }

  async submit(recording: Recording, copies: readonly Copy[]): Promise<void> {
    this.check();
    const commands = ownRecording(recording).encode(copies);
    this.gpu.queue.submit([commands]);
    this.counters.submits++;
    this.inFlight.push(this.gpu.queue.onSubmittedWorkDone());
    if (this.inFlight.length >= MAX_IN_FLIGHT) await this.inFlight.shift();
  }

  async time(recording: Recording, copies: readonly Copy[]): Promise<SubmissionTimes> {
    const own = ownRecording(recording);
    await this.finish();
    const isTold = own.length > 0 && this.gpu.features.has('timestamp-query');
    const { DispatchClock } = await import('./dispatch-clock.ts');
    const clock = isTold ? new DispatchClock(this.gpu, own.length) : undefined;
    try {
      const begun = performance.now();
      const commands = own.encode(copies, clock);
      const encoded = performance.now();
      this.gpu.queue.submit([commands]);
      this.counters.submits++;
      const submitted = performance.now();
      await this.finish();
      const finished = performance.now();
      const times = (await clock?.read()) ?? { dispatches: undefined, resolution: 0 };
      return { begun, encoded, submitted, finished, ...times };
    } finally {
      clock?.destroy();
    }
  }

  async finish(): Promise<void> {
    this.inFlight = [];
    await this.gpu.queue.onSubmittedWorkDone();
    this.check();
  }

  destroy(): void {
    this.destroyed = true;
    this.failure = undefined;
    this.gpu.destroy();
  }

  /** Throws what the device reported since the last call: WebGPU tells of failures late. */
  private check(): void {
    const { failure } = this;
    if (this.destroyed) {
      throw new DeviceError(
        `${this.name} was closed, but something is still computed or read on it. Await it before closing the device.`,
      );
    }
    if (!failure) return;
    if (!(failure instanceof DeviceLostError)) this.failure = undefined;
    throw failure;
  }

  private compileOne(program: Program): Promise<WebGpuKernel> {
    const known = this.kernels.get(program.source);
    if (known) return known;
    const kernel = this.createPipeline(program);
    this.kernels.set(program.source, kernel);
    return kernel;
  }

  private async createPipeline(program: Program): Promise<WebGpuKernel> {
    const { name, source } = program;
    // The scope takes the error that the compilation info tells as well: it would be thrown again
    // from whatever is done next.
    this.gpu.pushErrorScope('validation');
    const module = this.gpu.createShaderModule({ label: name, code: source });
    void this.gpu.popErrorScope().catch(() => {});
    try {
      const pipeline = await this.gpu.createComputePipelineAsync({
        label: name,
        layout: 'auto',
        compute: { module, entryPoint: 'main' },
      });
      this.counters.pipelines++;
      return new WebGpuKernel(program, pipeline);
    } catch (cause) {
      const info = await module.getCompilationInfo();
      const lines = info.messages.map((m) => `  ${m.lineNum}:${m.linePos} ${m.type}: ${m.message}`);
      throw new DeviceError(
        [`Kernel ${name} does not compile on ${this.name}: ${messageOf(cause)}`, ...lines].join(
          '\n',
        ),
        { cause },
      );
    }
  }
}

/** @throws DeviceError where the recording is not WebGPU's */
function ownRecording(recording: Recording): WebGpuRecording {
  if (recording instanceof WebGpuRecording) return recording;
  throw new DeviceError("The WebGPU device was given another device's recording");
}
