import { DeviceError, OutOfMemoryError } from '../../errors.ts';
import type {
  BufferSlice,
  Copy,
  Device,
  DeviceCounters,
  DeviceLimits,
  Dispatch,
  Kernel,
  Program,
  Recording,
} from '../device.ts';
import { addressOf, WasmBuffer } from './buffer.ts';
import type { Compile, CompileOptions } from './compiled.ts';
import { EventLoop } from './event-loop.ts';
import { WasmKernel } from './kernel.ts';
import type { Block, WasmMemory } from './memory.ts';
import { type Prepared, WasmRecording } from './recording.ts';
import { KernelTrap, type Workers } from './workers.ts';

/** Into how many pieces a dispatch is cut for each thread, so that a slow one takes fewer. */
const CHUNKS_PER_THREAD = 8;
/** Lengths and offsets of a buffer stay below this, whether they are read as signed or not. */
const MAX_BUFFER_BYTES = 2 ** 31 - 64 * 1024;

/**
 * Large buffers lie this far apart. Sizes are round, and where equal places of two buffers differ
 * by a multiple of 4 KiB, a processor takes a load for one that waits for the other's store.
 */
const GAP_BYTES = 256;
const LARGE_BUFFER_BYTES = 64 * 1024;

const LIMITS: DeviceLimits = {
  cpu: true,
  dearLoads: false,
  maxStorageBuffers: 16,
  maxBindingBytes: MAX_BUFFER_BYTES,
  maxBufferBytes: MAX_BUFFER_BYTES,
  maxWorkgroupsPerDimension: 2 ** 30,
  maxWorkgroupBytes: 32 * 1024,
  maxWorkgroupInvocations: 256,
};

/** What a {@link WasmDevice} is made of; {@link openWasm} finds out what the machine has. */
export interface WasmParts {
  readonly memory: WasmMemory;
  /** The helpers of the calling thread, where threads can be had. */
  readonly workers: Workers | undefined;
  /** The number of threads, the calling one among them. */
  readonly threads: number;
  readonly compile: Compile;
  readonly options: CompileOptions;
}

/** The CPU as a device: WGSL compiled to WebAssembly, run by all threads on one memory. */
export class WasmDevice implements Device {
  readonly kind = 'wasm';
  readonly name: string;
  readonly limits = LIMITS;
  readonly counters: DeviceCounters = {
    buffers: 0,
    bytes: 0,
    buffersCreated: 0,
    pipelines: 0,
    bindGroups: 0,
    submits: 0,
    dispatches: 0,
  };
  readonly threads: number;
  /** @internal */
  readonly memory: WasmMemory;
  /** @internal */
  readonly workers: Workers | undefined;

  private readonly compileProgram: Compile;
  private readonly options: CompileOptions;
  private readonly kernels = new Map<string, Promise<WasmKernel>>();
  private readonly eventLoop = new EventLoop();
  private kernelCount = 0;
  private scratch: Block | undefined;
  private scratchStride = 0;
  private nextBufferId = 0;
  private destroyed = false;

  constructor({ memory, workers, threads, compile, options }: WasmParts) {
    this.memory = memory;
    this.workers = workers;
    this.threads = threads;
    this.compileProgram = compile;
    this.options = options;
    this.name =
      `CPU: ${threads} ${threads === 1 ? 'thread' : 'threads'}, WebAssembly SIMD` +
      `${options.fma ? ' with FMA' : ''}${options.bounds ? ', bounds checked' : ''}`;
  }

  createBuffer(bytes: number, label: string): WasmBuffer {
    this.check();
    if (bytes > LIMITS.maxBufferBytes) {
      throw new OutOfMemoryError(
        `${label} needs ${bytes} bytes, but the CPU device allows ${LIMITS.maxBufferBytes} in one buffer. ` +
          'Use a smaller batch or split the tensor.',
      );
    }
    const { counters, memory } = this;
    const block = memory.allocate(bytes < LARGE_BUFFER_BYTES ? bytes : bytes + GAP_BYTES, label);
    counters.buffers++;
    counters.buffersCreated++;
    counters.bytes += bytes;
    return new WasmBuffer(this.nextBufferId++, bytes, block, () => {
      counters.buffers--;
      counters.bytes -= bytes;
      memory.release(block);
    });
  }

  write(to: BufferSlice, data: ArrayBufferView): void {
    this.check();
    const { byteLength } = data;
    // Kernels read whole words: the last bytes of a u8 tensor are padded with zeros.
    const padded = Math.ceil(byteLength / 4) * 4;
    const address = addressOf(to, padded, 'A write');
    const { bytes } = this.memory;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, byteLength), address);
    bytes.fill(0, address + byteLength, address + padded);
  }

  async read(from: BufferSlice): Promise<ArrayBuffer> {
    this.check();
    const address = addressOf(from, from.bytes, 'A read');
    const copy = new Uint8Array(from.bytes);
    copy.set(this.memory.bytes.subarray(address, address + from.bytes));
    return copy.buffer;
  }

  async compile(programs: readonly Program[]): Promise<Kernel[]> {
    this.check();
    return Promise.all(programs.map((program) => this.compileOne(program)));
  }

  record(dispatches: readonly Dispatch[]): Recording {
    this.check();
    return new WasmRecording(this, dispatches);
  }

  async submit(recording: Recording, copies: readonly Copy[]): Promise<void> {
    this.check();
    const { counters } = this;
    const { dispatches } = recording as WasmRecording;
    (recording as WasmRecording).check();
    this.workers?.failIfDead();
    let awake: Workers | undefined;
    try {
      for (const dispatch of dispatches) {
        if (dispatch.workgroups === 0) continue;
        const helpers = dispatch.cost.begin() ? this.workers : undefined;
        if (helpers && !awake) helpers.wake();
        awake ??= helpers;
        this.run(dispatch, helpers);
      }
    } finally {
      awake?.rest();
    }
    for (const { from, to, bytes } of copies) this.copy(from, to, bytes);
    counters.submits++;
    counters.dispatches += dispatches.length;
    await this.eventLoop.breathe();
  }

  async finish(): Promise<void> {
    this.check();
    this.workers?.failIfDead();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.workers?.destroy();
    this.kernels.clear();
  }

  private check(): void {
    if (this.destroyed) {
      throw new DeviceError('The CPU device was used after destroy(); open a device again');
    }
  }

  private run(dispatch: Prepared, workers: Workers | undefined): void {
    const { kernel, workgroups, cost } = dispatch;
    try {
      const start = cost.isTimed ? performance.now() : undefined;
      this.runGroups(dispatch, workers);
      if (start !== undefined) cost.end(performance.now() - start, workers !== undefined);
    } catch (cause) {
      const where =
        cause instanceof KernelTrap
          ? ` at workgroup ${cause.firstGroup} or soon after, of ${workgroups}`
          : '';
      throw new DeviceError(
        `Kernel ${kernel.program.name} failed${where}: ${(cause as Error).message}`,
        { cause },
      );
    }
  }

  private runGroups(dispatch: Prepared, workers: Workers | undefined): void {
    const { kernel, bindingTable, workgroups: groups, cost } = dispatch;
    const { run, number } = kernel;
    const scratch = this.scratch?.address ?? 0;
    const chunk = Math.ceil(groups / (CHUNKS_PER_THREAD * this.threads));
    if (workers) {
      const { scratchStride } = this;
      workers.run({ kernel: number, run, bindingTable, groups, chunk, scratch, scratchStride });
      return;
    }
    // In pieces too: an engine replaces its first, slow code by better between two calls.
    const step = cost.isLarge ? chunk : groups;
    for (let first = 0; first < groups; first += step) {
      const end = Math.min(first + step, groups);
      try {
        run(bindingTable, first, end, groups, 1, scratch);
      } catch (cause) {
        throw new KernelTrap(first, end, (cause as Error).message);
      }
    }
  }

  private copy(from: BufferSlice, to: BufferSlice, bytes: number): void {
    const source = addressOf(from, bytes, 'A copy');
    this.memory.bytes.copyWithin(addressOf(to, bytes, 'A copy'), source, source + bytes);
  }

  private compileOne(program: Program): Promise<WasmKernel> {
    const known = this.kernels.get(program.source);
    if (known) return known;
    const kernel = this.createKernel(program);
    this.kernels.set(program.source, kernel);
    return kernel;
  }

  private async createKernel(program: Program): Promise<WasmKernel> {
    const compiled = this.compileProgram(program, this.options);
    const module = await this.createModule(program, compiled.bytes);
    this.check();
    const number = this.kernelCount++;
    const kernel = new WasmKernel(program, number, compiled, module, this.memory.memory);
    this.reserveScratch(compiled.scratchBytes);
    this.workers?.add({ kernel: number, module });
    this.counters.pipelines++;
    return kernel;
  }

  private async createModule(program: Program, bytes: Uint8Array): Promise<WebAssembly.Module> {
    try {
      return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
    } catch (cause) {
      throw new DeviceError(
        `Kernel ${program.name} was compiled to WebAssembly that the engine does not accept: ${(cause as Error).message}. ` +
          'This is a bug of wgrad: please report it with the kernel.',
        { cause },
      );
    }
  }

  /** All kernels share one piece of scratch a thread, as large as the hungriest needs. */
  private reserveScratch(bytes: number): void {
    if (bytes <= this.scratchStride) return;
    const stride = Math.ceil(bytes / 64) * 64;
    const larger = this.memory.allocate(stride * this.threads, 'kernel scratch');
    if (this.scratch) this.memory.release(this.scratch);
    this.scratch = larger;
    this.scratchStride = stride;
  }
}
