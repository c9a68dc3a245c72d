import { messageOf } from '../../cause.ts';
import { DeviceError, OutOfMemoryError } from '../../errors.ts';
import { newCounters } from '../counters.ts';
import type {
  BufferSlice,
  Copy,
  Device,
  DeviceLimits,
  Dispatch,
  EarlyUse,
  Kernel,
  Program,
  Recording,
  SubmissionTimes,
} from '../device.ts';
import { EarlyUses } from '../early-uses.ts';
import { addressOf, WasmBuffer } from './buffer.ts';
import { CallOrder } from './call-order.ts';
import type { Compile, CompileOptions } from './compiled.ts';
import { Dispatcher } from './dispatcher.ts';
import { EventLoop } from './event-loop.ts';
import { WasmKernel } from './kernel.ts';
import type { WasmMemory } from './memory.ts';
import { type Prepared, WasmRecording } from './recording.ts';
import type { Workers } from './workers.ts';

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
  slowLoads: false,
  lanes: 64,
  maxWorkgroupBytes: 2 ** 15,
  maxStorageBuffers: 16,
  maxBindingBytes: MAX_BUFFER_BYTES,
  maxBufferBytes: MAX_BUFFER_BYTES,
  maxWorkgroupsPerDimension: 2 ** 30,
};

/** What a {@link WasmDevice} is made of; {@link openWasm} finds out what the machine has. */
interface WasmParts {
  readonly memory: WasmMemory;
  /** The helpers of the calling thread, where threads can be had. */
  readonly workers: Workers | undefined;
  /** The number of threads, the calling one among them. */
  readonly threads: number;
  /** Why there is one thread alone, where the machine could run more. */
  readonly whyOneThread: string | undefined;
  readonly compile: Compile;
  readonly options: CompileOptions;
  /** What the processor and the engine are called, where kernels are to be measured. */
  readonly tunedOn: string | undefined;
}

/** The CPU as a device: WGSL compiled to WebAssembly, run by all threads on one memory. */
export class WasmDevice implements Device {
  readonly kind = 'wasm';
  readonly name: string;
  readonly limits = LIMITS;
  readonly tuning: string | undefined;
  readonly counters = newCounters();
  readonly threads: number;
  /** Why it has one thread alone, and how to get more, where the machine could run them. */
  readonly whyOneThread: string | undefined;
  /** @internal */
  readonly memory: WasmMemory;
  /** @internal */
  readonly workers: Workers | undefined;
  /** @internal */
  readonly order = new CallOrder();

  private readonly compileProgram: Compile;
  private readonly options: CompileOptions;
  private readonly kernels = new Map<string, Promise<WasmKernel>>();
  private readonly eventLoop = new EventLoop();
  private readonly dispatcher: Dispatcher;
  private kernelCount = 0;
  private nextBufferId = 0;
  private destroyed = false;

  constructor(parts: WasmParts) {
    const { memory, workers, threads, whyOneThread, compile, options, tunedOn } = parts;
    this.memory = memory;
    this.workers = workers;
    this.threads = threads;
    this.whyOneThread = whyOneThread;
    this.dispatcher = new Dispatcher(threads, workers, this.eventLoop);
    this.compileProgram = compile;
    this.options = options;
    this.name =
      `CPU: ${threads} ${threads === 1 ? 'thread' : 'threads'}, WebAssembly SIMD` +
      `${options.fma ? ' with FMA' : ''}${options.bounds ? ', bounds checked' : ''}`;
    this.tuning = tunedOn && `${tunedOn}, ${this.name}`;
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
      this.order.perform(() => memory.release(block));
    });
  }

  allocated(): undefined {
    // Memory that is not there is refused when it is asked for.
  }

  write(to: BufferSlice, data: ArrayBufferView): void {
    this.check();
    const { byteLength } = data;
    // Kernels read whole words: the last bytes of a u8 tensor are padded with zeros.
    const padded = Math.ceil(byteLength / 4) * 4;
    const address = addressOf(to, padded, 'A write');
    const given = new Uint8Array(data.buffer, data.byteOffset, byteLength);
    // What is written later is what the data are now.
    const source = this.order.isBusy ? given.slice() : given;
    this.order.perform(() => {
      const { bytes } = this.memory;
      bytes.set(source, address);
      bytes.fill(0, address + byteLength, address + padded);
    });
  }

  async read(from: BufferSlice): Promise<ArrayBuffer> {
    this.check();
    const address = addressOf(from, from.bytes, 'A read');
    return this.order.run(async () => {
      this.check();
      const copy = new Uint8Array(from.bytes);
      copy.set(this.memory.bytes.subarray(address, address + from.bytes));
      return copy.buffer;
    });
  }

  async edit(slice: BufferSlice, work: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    this.check();
    addressOf(slice, slice.bytes, 'An edit');
    await this.order.run(async () => {
      this.check();
      await work(this.bytesIn(slice));
    });
  }

  private bytesIn(slice: BufferSlice): Uint8Array {
    const address = addressOf(slice, slice.bytes, 'An edit');
    return this.memory.bytes.subarray(address, address + slice.bytes);
  }

  async compile(programs: readonly Program[]): Promise<Kernel[]> {
    this.check();
    return Promise.all(programs.map((program) => this.compileOne(program)));
  }

  record(dispatches: readonly Dispatch[]): Recording {
    this.check();
    return new WasmRecording(this, dispatches);
  }

  async submit(
    recording: Recording,
    copies: readonly Copy[],
    early: readonly EarlyUse[] = [],
  ): Promise<void> {
    await this.run(recording, copies, {
      early: early.length > 0 ? new EarlyUses(early, (slice) => this.bytesIn(slice)) : undefined,
    });
  }

  private async run(
    recording: Recording,
    copies: readonly Copy[],
    watched: Parameters<Dispatcher['run']>[1],
  ): Promise<void> {
    this.check();
    const own = ownRecording(recording);
    const { dispatches } = own;
    own.check();
    const moves = copies.map(({ from, to, bytes }) => ({
      from: addressOf(from, bytes, 'A copy'),
      to: addressOf(to, bytes, 'A copy'),
      bytes,
    }));
    await this.order.run(async () => {
      this.check();
      await this.dispatcher.run(dispatches, watched);
      const { bytes: all } = this.memory;
      for (const { from, to, bytes } of moves) all.copyWithin(to, from, from + bytes);
    });
    this.counters.submits++;
    this.counters.dispatches += dispatches.length;
    await this.eventLoop.breathe();
  }

  async time(recording: Recording, copies: readonly Copy[]): Promise<SubmissionTimes> {
    const { dispatches } = ownRecording(recording);
    const took = new Map<Prepared, number>();
    await this.finish();
    const begun = performance.now();
    await this.run(recording, copies, { took });
    return {
      begun,
      encoded: begun,
      submitted: begun,
      finished: performance.now(),
      dispatches: dispatches.map((dispatch) => took.get(dispatch) ?? 0),
      resolution: 0,
    };
  }

  async finish(): Promise<void> {
    this.check();
    await this.order.run(async () => this.workers?.failIfDead());
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.workers?.destroy();
    // What is under way ends first.
    this.order.perform(() => {
      for (const made of this.kernels.values()) {
        void made.then((kernel) => kernel.destroy()).catch(() => {});
      }
      this.kernels.clear();
      this.memory.destroy();
    });
  }

  private check(): void {
    if (this.destroyed) {
      throw new DeviceError('The CPU device was used after destroy(); open a device again');
    }
  }

  private compileOne(program: Program): Promise<WasmKernel> {
    const known = this.kernels.get(program.source);
    if (known) return known;
    const kernel = this.createKernel(program);
    this.kernels.set(program.source, kernel);
    // A failure is not kept: there may be memory for it next time.
    kernel.catch(() => this.kernels.delete(program.source));
    return kernel;
  }

  private async createKernel(program: Program): Promise<WasmKernel> {
    const compiled = this.compileProgram(program, this.options);
    const module = await this.createModule(program, compiled.bytes);
    this.check();
    const number = this.kernelCount++;
    const kernel = new WasmKernel(program, number, compiled, module, this.memory);
    const former = this.dispatcher.reserveScratch(compiled.scratchBytes, this.memory);
    if (former) this.order.perform(() => this.memory.release(former));
    this.workers?.add({ kernel: number, module });
    this.counters.pipelines++;
    return kernel;
  }

  private async createModule(
    program: Program,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<WebAssembly.Module> {
    try {
      return await WebAssembly.compile(bytes);
    } catch (cause) {
      throw new DeviceError(
        `Kernel ${program.name} was compiled to WebAssembly that the engine does not accept: ${messageOf(cause)}. ` +
          'This is a bug of wgrad: please report it with the kernel.',
        { cause },
      );
    }
  }
}

/** @throws DeviceError where the recording is not the CPU device's */
function ownRecording(recording: Recording): WasmRecording {
  if (recording instanceof WasmRecording) return recording;
  throw new DeviceError("The CPU device was given another device's recording");
}
