/**
 * Kernels written in WebAssembly by hand, so that the runtime can be tested without the compiler.
 * A program's source names one of them.
 */

import type { Program } from '../../../src/device/device.ts';
import type { CompiledKernel, CompileOptions } from '../../../src/device/wasm/compiled.ts';

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, ...signed(value)];
const load = [0x28, 2, 0];
const store = [0x36, 2, 0];
const atomicAdd = [0xfe, 0x1e, 2, 0];
const drop = [0x1a];
const unreachable = [0x00];
const add = [0x6a];
const subtract = [0x6b];
const multiply = [0x6c];
const xor = [0x73];
const equal = [0x46];
const not = [0x45];
const atomicLoad = [0xfe, 0x10, 2, 0];
const when = (body: number[]) => [0x04, 0x40, ...body, 0x0b];
/** Runs `body` with a local going from its value up to the value of another. */
const until = (counter: number, end: number, body: number[]) => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...[...get(counter), ...get(end), 0x4f, 0x0d, 1],
  ...body,
  ...[...get(counter), ...constant(1), ...add, ...set(counter)],
  ...[0x0c, 0, 0x0b, 0x0b],
];

// The parameters of `run`, then a local for the number of rounds, a counter and the end of it.
const [TABLE, GROUP, END, GROUPS_X, GROUPS_Y, SCRATCH, ROUND, ROUNDS] = [0, 1, 2, 3, 4, 5, 6, 7];

/** The address of binding `n`; 0 is the uniform block. */
const binding = (n: number) => [...get(TABLE), 0x28, 2, n * 8];
const bindingBytes = (n: number) => [...get(TABLE), 0x28, 2, n * 8 + 4];
const uniform = (word: number) => [...binding(0), 0x28, 2, word * 4];
/** The address of the word of binding `n` that belongs to the current workgroup. */
const wordOf = (n: number) => [...binding(n), ...get(GROUP), ...constant(4), ...multiply, ...add];

/** Word `word` of the uniform block as a float in four lanes. */
const splat = (word: number) => [...binding(0), 0x2a, 2, word * 4, 0xfd, 0x13];

interface Kernel {
  readonly bindings: number;
  readonly body: number[];
  readonly workgroupSize?: number;
  readonly scratchBytes?: number;
}

/** Adds `[word] += 1` in scratch, as often as the uniform's word 1 says; slow on purpose. */
const work = [
  ...[...constant(0), ...set(ROUND), ...uniform(1), ...set(ROUNDS)],
  ...[...get(SCRATCH), ...constant(0), ...store],
  ...until(ROUND, ROUNDS, [
    ...[...get(SCRATCH), ...get(SCRATCH), ...load, ...constant(1), ...add, ...store],
  ]),
];

const KERNELS: Readonly<Record<string, Kernel>> = {
  /** `a[group] += 1`, with an atomic, so that a group run twice shows. */
  count: { bindings: 1, body: [...wordOf(1), ...constant(1), ...atomicAdd, ...drop] },
  /** `a[group] = uniform[0]` */
  fill: { bindings: 1, body: [...wordOf(1), ...uniform(0), ...store] },
  /** `b[group] = a[group] * 3 + group` */
  combine: {
    bindings: 2,
    body: [
      ...[...wordOf(2), ...wordOf(1), ...load, ...constant(3), ...multiply],
      ...[...get(GROUP), ...add, ...store],
    ],
  },
  /** Counts up to uniform[1] in scratch, then `a[group] = that count xor group`. */
  work: {
    bindings: 1,
    scratchBytes: 100,
    body: [...work, ...wordOf(1), ...get(SCRATCH), ...load, ...get(GROUP), ...xor, ...store],
  },
  /** The same work, then `a[group] = the address of scratch`, which tells the thread. */
  who: { bindings: 1, scratchBytes: 64, body: [...work, ...wordOf(1), ...get(SCRATCH), ...store] },
  /** Writes what it was called with. */
  arguments: {
    bindings: 2,
    body: [
      ...[...binding(1), ...get(GROUPS_X), ...store],
      ...[...binding(1), ...constant(4), ...add, ...get(GROUPS_Y), ...store],
      ...[...binding(1), ...constant(8), ...add, ...bindingBytes(0), ...store],
      ...[...binding(1), ...constant(12), ...add, ...bindingBytes(2), ...store],
    ],
  },
  /** Traps in the workgroup that uniform[0] says. */
  trap: {
    bindings: 1,
    scratchBytes: 64,
    body: [...work, ...get(GROUP), ...uniform(0), ...equal, ...when(unreachable)],
  },
  /** Works; unless scratch is at uniform[0], waits for a word of b; then `a[group] += 1`. */
  hold: {
    bindings: 2,
    scratchBytes: 64,
    body: [
      ...[...work, ...get(SCRATCH), ...uniform(0), ...equal, ...not],
      ...when([0x03, 0x40, ...binding(2), ...atomicLoad, ...not, 0x0d, 0, 0x0b]),
      ...[...wordOf(1), ...constant(1), ...atomicAdd, ...drop],
    ],
  },
  /** Reads the word before address 0. */
  outside: {
    bindings: 1,
    body: [...wordOf(1), ...constant(0), ...constant(4), ...subtract, ...load, ...store],
  },
  /** Works, then `a[group] = relaxed_madd(x, x, y)` with x and y from the uniform block. */
  fused: {
    bindings: 1,
    scratchBytes: 64,
    body: [
      ...[...work, ...wordOf(1), ...splat(2), ...splat(2), ...splat(3)],
      ...[0xfd, 0x85, 0x02, 0xfd, 0x1f, 0, 0x38, 2, 0],
    ],
  },
  nothing: { bindings: 1, body: [] },
  /** What an engine refuses. */
  invalid: { bindings: 1, body: add },
};

/** Stands for the compiler: the kernel that the source names. */
export function handWritten(program: Program, { shared }: CompileOptions): CompiledKernel {
  const name = program.source.split(' ')[0] as string;
  const kernel = KERNELS[name];
  if (!kernel) throw new Error(`no kernel is called ${name}`);
  const { bindings, body, workgroupSize = 64, scratchBytes = 0 } = kernel;
  return {
    bytes: moduleOf(until(GROUP, END, body), shared ?? true),
    workgroupSize,
    bindings: new Array(1 + bindings).fill({ access: 'read_write', bytes: 4 }),
    scratchBytes,
  };
}

function moduleOf(body: number[], shared: boolean): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const code = [...vector([[2, i32]]), ...body, 0x0b];
  const memory = shared ? [0x03, 1, ...unsigned(65536)] : [0x01, 1, ...unsigned(65536)];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([[0x60, ...vector(new Array(6).fill([i32])), 0]])),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, ...memory]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...text('run'), 0x00, 0]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  return vector([...value].map((char) => [char.charCodeAt(0)]));
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const low = value & 127;
  const rest = value >> 7;
  const done = (rest === 0 && low < 64) || (rest === -1 && low >= 64);
  return done ? [low] : [low | 128, ...signed(rest)];
}
