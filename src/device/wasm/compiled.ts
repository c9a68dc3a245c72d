import type { Program } from '../device.ts';

export interface CompiledBinding {
  readonly access: 'uniform' | 'read' | 'read_write';
  /** The fewest bytes that may be bound: all of it, or one element of an array without a length. */
  readonly bytes: number;
}

/**
 * What the compiler makes of a program: a WebAssembly module that imports `env.memory` and exports
 * `run(bindings, firstGroup, endGroup, groupsX, groupsY, scratch)`. `bindings` is the address of
 * pairs of words, the address and the length in bytes of each binding; all of them and `scratch`
 * are multiples of 16 and at least 1024.
 */
export interface CompiledKernel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly workgroupSize: number;
  /** The bindings in order: the uniform block, then the storage buffers. */
  readonly bindings: readonly CompiledBinding[];
  /** Memory that each thread needs for itself while it runs the kernel. */
  readonly scratchBytes: number;
  /** What a {@link VIOLATION} record means, where the kernel was compiled with `bounds`. */
  readonly bounds?: CheckedAccesses;
}

/**
 * The words at the start of a thread's scratch memory where a kernel compiled with `bounds` notes
 * the first access outside an array. Nothing was noted while the first word is 0.
 */
export const VIOLATION = { access: 0, index: 1, length: 2, group: 3, lane: 4 } as const;
export const VIOLATION_BYTES = 32;

export interface CheckedAccesses {
  /** Invocations of a workgroup along each axis. */
  readonly workgroup: readonly [number, number, number];
  /** The accesses that can fail, numbered from 1 in a record. */
  readonly accesses: readonly CheckedAccess[];
}

/** A place in a program's text where an element is named by its number. */
export interface CheckedAccess {
  readonly variable: string;
  /** The offset in the text. */
  readonly at: number;
  /** Whether the number is an i32. */
  readonly signed: boolean;
}

export interface CompileOptions {
  /** Whether `a * b + c` may round once. */
  readonly fma: boolean;
  /** Whether accesses outside an array are brought into it and noted. */
  readonly bounds: boolean;
  /** Whether the memory that the module imports is shared between threads; it is if unsaid. */
  readonly shared?: boolean;
}

export type Compile = (program: Program, options: CompileOptions) => CompiledKernel;
