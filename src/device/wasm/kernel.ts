import { DeviceError } from '../../errors.ts';
import type { Kernel, Program } from '../device.ts';
import type { CheckedAccesses, CompiledBinding, CompiledKernel } from './compiled.ts';
import type { WasmMemory } from './memory.ts';
import { describeViolation, takeViolation } from './violation.ts';
import type { RunGroups } from './worker.ts';

/** A program compiled to a WebAssembly module, instantiated in this thread when it first runs. */
export class WasmKernel implements Kernel {
  readonly program: Program;
  /** By which the workers know it. */
  readonly number: number;
  readonly module: WebAssembly.Module;
  readonly workgroupSize: number;
  /** The uniform block, then the storage buffers it takes. */
  readonly bindings: readonly CompiledBinding[];
  readonly scratchBytes: number;
  private readonly bounds: CheckedAccesses | undefined;
  private readonly memory: WasmMemory;
  private entry: RunGroups | undefined;

  constructor(
    program: Program,
    number: number,
    compiled: CompiledKernel,
    module: WebAssembly.Module,
    memory: WasmMemory,
  ) {
    this.program = program;
    this.number = number;
    this.module = module;
    this.workgroupSize = compiled.workgroupSize;
    this.bindings = compiled.bindings;
    this.scratchBytes = compiled.scratchBytes;
    this.bounds = compiled.bounds;
    this.memory = memory;
  }

  get run(): RunGroups {
    this.entry ??= new WebAssembly.Instance(this.module, { env: { memory: this.memory.memory } })
      .exports.run as RunGroups;
    return this.entry;
  }

  /** Lets go of the instance, and with it of the memory. */
  destroy(): void {
    this.entry = undefined;
  }

  /**
   * For a kernel compiled with `bounds` that just ran with this scratch memory.
   * @throws DeviceError where a thread noted an access outside an array
   */
  refuseViolation(scratch: number, stride: number, threads: number): void {
    if (!this.bounds) return;
    const violation = takeViolation(this.memory.words, scratch, stride, threads);
    if (violation) throw new DeviceError(describeViolation(this.program, this.bounds, violation));
  }
}
