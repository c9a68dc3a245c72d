import type { Kernel, Program } from '../device.ts';
import type { CompiledKernel } from './compiled.ts';
import type { RunGroups } from './worker.ts';

/** A program compiled to a WebAssembly module, instantiated in this thread when it first runs. */
export class WasmKernel implements Kernel {
  readonly program: Program;
  /** By which the workers know it. */
  readonly number: number;
  readonly module: WebAssembly.Module;
  readonly workgroupSize: number;
  /** The number of storage buffers it takes. */
  readonly bindingCount: number;
  readonly scratchBytes: number;
  private readonly memory: WebAssembly.Memory;
  private entry: RunGroups | undefined;

  constructor(
    program: Program,
    number: number,
    compiled: CompiledKernel,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
  ) {
    this.program = program;
    this.number = number;
    this.module = module;
    this.workgroupSize = compiled.workgroupSize;
    this.bindingCount = Math.max(0, compiled.bindings.length - 1);
    this.scratchBytes = compiled.scratchBytes;
    this.memory = memory;
  }

  get run(): RunGroups {
    this.entry ??= new WebAssembly.Instance(this.module, { env: { memory: this.memory } }).exports
      .run as RunGroups;
    return this.entry;
  }
}
