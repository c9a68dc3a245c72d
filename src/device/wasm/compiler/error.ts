import { DeviceError } from '../../../errors.ts';
import type { Program } from '../../device.ts';

/** A kernel that is not valid WGSL, or uses what the wasm device does not support. */
export class KernelCompileError extends DeviceError {
  readonly kernel: string;
  /** The line in the program's whole text, from 1. */
  readonly line: number;

  constructor(program: Program, offset: number, message: string) {
    const before = program.source.slice(0, offset);
    const line = before.split('\n').length;
    const text = (program.source.split('\n')[line - 1] ?? '').trim();
    const column = before.length - before.lastIndexOf('\n');
    super(
      `Kernel ${program.name} does not compile for the CPU:\n  ${line}:${column} error: ${message}\n  ${text}`,
    );
    this.kernel = program.name;
    this.line = line;
  }
}

/** A mistake found at an offset of the text; whoever knows the program makes the error of it. */
export class Mistake extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}
