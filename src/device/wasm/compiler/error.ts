import { DeviceError } from '../../../errors.ts';
import type { Program } from '../../device.ts';

/** A second place in the text that explains a mistake. */
interface Note {
  readonly offset: number;
  readonly message: string;
}

/** A kernel that is not valid WGSL, or uses what the wasm device does not support. */
export class KernelCompileError extends DeviceError {
  readonly kernel: string;
  /** The line in the program's whole text, from 1. */
  readonly line: number;

  constructor({ name, source }: Program, { offset, message, note }: Mistake) {
    const error = quoted(source, offset, `error: ${message}`);
    const why = note ? quoted(source, note.offset, `note: ${note.message}`) : '';
    super(`Kernel ${name} does not compile for the CPU:${error}${why}`);
    this.kernel = name;
    this.line = source.slice(0, offset).split('\n').length;
  }
}

/** A message with its place, and the line it is about. */
function quoted(source: string, offset: number, message: string): string {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  const text = (source.split('\n')[line - 1] ?? '').trim();
  return `\n  ${line}:${before.length - before.lastIndexOf('\n')} ${message}\n  ${text}`;
}

/** A mistake found at an offset of the text; whoever knows the program makes the error of it. */
export class Mistake extends Error {
  readonly offset: number;
  readonly note: Note | undefined;

  constructor(offset: number, message: string, note?: Note) {
    super(message);
    this.offset = offset;
    this.note = note;
  }
}

/** What reaches a barrier where nothing can stand in between, with what to write instead. */
export function barrierMisplaced(offset: number): Mistake {
  return new Mistake(
    offset,
    "a barrier is not supported at this place: a call that reaches one must be a statement, or all that a variable is given, outside of 'switch'. Name its result first, as in 'let total = f(x);'",
  );
}
