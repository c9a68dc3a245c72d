import v8 from 'node:v8';
import type { Program } from '../../../../src/device/device.ts';
import { type CompiledKernel, VIOLATION_BYTES } from '../../../../src/device/wasm/compiled.ts';
import { compile } from '../../../../src/device/wasm/compiler/compile.ts';
import { describeViolation, takeViolation } from '../../../../src/device/wasm/violation.ts';

v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

/** What lies between bindings, and must still lie there when the kernel is done. */
const GUARD = 0xdeadbeef | 0;

export interface Run {
  readonly program: Program;
  /** The storage bindings 1…n; those the kernel writes are changed in place. */
  readonly buffers: readonly Uint32Array[];
  readonly params?: Uint32Array;
  readonly workgroups: number;
  readonly groupsX?: number;
  readonly fma?: boolean;
  readonly bounds?: boolean;
}

/** Compiles a program and runs it on this thread, with guard words around every buffer. */
export function runModule(run: Run): CompiledKernel {
  const { program, buffers, params = new Uint32Array(4), workgroups } = run;
  const kernel = compile(program, { fma: run.fma ?? false, bounds: run.bounds ?? false });
  execute(kernel, { ...run, buffers, params, workgroups });
  return kernel;
}

/** @throws when the kernel leaves a binding, or in bounds mode any array. */
export function execute(kernel: CompiledKernel, run: Run): void {
  const { buffers, params = new Uint32Array(4), workgroups, groupsX = workgroups } = run;
  const all = [params, ...buffers];
  let next = 4096 + kernel.scratchBytes;
  const places = all.map((data) => {
    const address = Math.ceil(next / 16) * 16 + 16;
    next = address + Math.ceil(data.byteLength / 16) * 16;
    return address;
  });
  const pages = Math.ceil((next + 64) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  const words = new Int32Array(memory.buffer);
  words.fill(GUARD, 1024);
  const table = 1024;
  places.forEach((address, i) => {
    const data = all[i] as Uint32Array;
    words.set(data, address / 4);
    words[table / 4 + i * 2] = address;
    words[table / 4 + i * 2 + 1] = Math.ceil(data.byteLength / 16) * 16;
  });
  const module = new WebAssembly.Module(kernel.bytes);
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const entry = instance.exports.run as (...args: number[]) => void;
  const groupsY = Math.ceil(workgroups / groupsX);
  const scratch = 4096;
  if (kernel.bounds) words.fill(0, scratch / 4, (scratch + VIOLATION_BYTES) / 4);
  entry(table, 0, workgroups, groupsX, groupsY, scratch);
  const violation = kernel.bounds && takeViolation(new Uint32Array(memory.buffer), scratch, 0, 1);
  if (kernel.bounds && violation) {
    throw new Error(describeViolation(run.program, kernel.bounds, violation));
  }
  places.forEach((address, i) => {
    const data = all[i] as Uint32Array;
    data.set(new Uint32Array(memory.buffer, address, data.length));
    const [before, after] = [address / 4 - 1, address / 4 + Math.ceil(data.length / 4) * 4];
    if (words[before] !== GUARD || words[after] !== GUARD) {
      throw new Error(`binding ${i} was left`);
    }
  });
}
