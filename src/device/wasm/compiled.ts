import type { Program } from '../device.ts';

/** What the compiler makes of a program: the bytes of a module and what its `run` expects. */
export interface CompiledKernel {
  readonly bytes: Uint8Array;
  readonly workgroupSize: number;
  /** The bindings in order: the uniform block, then the storage buffers. */
  readonly bindings: readonly unknown[];
  /** Memory that each thread needs for itself while it runs the kernel. */
  readonly scratchBytes: number;
}

export interface CompileOptions {
  /** Whether `a * b + c` may round once. */
  readonly fma: boolean;
  /** Whether accesses outside a binding are caught. */
  readonly bounds: boolean;
  /** Whether the memory that the module imports is shared between threads; it is if unsaid. */
  readonly shared?: boolean;
}

export type Compile = (program: Program, options: CompileOptions) => CompiledKernel;
