import type { Program } from '../device/device.ts';
import { fieldsOf } from './program.ts';

/** What a dispatch binds. */
export interface Bound {
  /** Anything that tells one place in memory from another. */
  readonly place: unknown;
  readonly bytes: number;
  /** Of the tensor that lies there, if there is one. */
  readonly shape?: readonly number[] | undefined;
}

/** What is to be run: a program on places in memory. */
export interface Work {
  readonly program: Program;
  /** In the order of the shader's bindings. */
  readonly bound: readonly Bound[];
  /** The words of the parameter block, as far as they are numbers. */
  readonly params: ArrayLike<unknown>;
  readonly workgroups: number;
}

/** What a dispatch has to do at least. */
export interface DispatchFacts {
  /** The name of its program, such as `matmul_tiled`. */
  readonly kernel: string;
  /** Of the tensors that it reads and, behind an arrow, of those it writes: `32×784 784×10 → 32×10`. */
  readonly shapes: string;
  readonly workgroups: number;
  /** Bytes of all that it binds to read; what is bound twice counts once. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /**
   * Operations of a product or a convolution, a multiplication and its addition counted as two;
   * undefined for other kernels.
   */
  readonly flops: number | undefined;
}

/** More shapes of operands than this are counted, not shown. */
const MAX_SHAPES = 3;

/** What a dispatch has to do, by what it binds and by the names of its parameters. */
export function dispatchFacts({ program, bound, params, workgroups }: Work): DispatchFacts {
  const isWritten = writesOf(program);
  const places = new Set<unknown>();
  const once = bound
    .map((one, i) => ({ ...one, isWritten: isWritten.has(i) }))
    .filter(({ place }) => !places.has(place) && places.add(place));
  const read = once.filter((one) => !one.isWritten);
  const written = once.filter((one) => one.isWritten);
  return {
    kernel: program.name,
    shapes: `${shapesOf(read)} → ${shapesOf(written)}`.trim(),
    workgroups,
    bytesRead: bytesOf(read),
    bytesWritten: bytesOf(written),
    flops: flopsOf(program, params),
  };
}

/** Which of its storage bindings a program may write, from 0; in its text they stand in any order. */
function writesOf({ source }: Program): Set<number> {
  const declared = source.matchAll(/@binding\((\w+)\)\s*var<storage, *read_write>/g);
  const constant = (name: string) => new RegExp(`const ${name} = (\\d+)u`).exec(source)?.[1];
  return new Set([...declared].map(([, at = '']) => Number(constant(at) ?? at) - 1));
}

function bytesOf(bound: readonly Bound[]): number {
  return bound.reduce((sum, { bytes }) => sum + bytes, 0);
}

function shapesOf(bound: readonly Bound[]): string {
  const shapes = bound.flatMap(({ shape }) => (shape ? [shape.join('×') || '1'] : []));
  const more = shapes.length - MAX_SHAPES;
  return [...shapes.slice(0, MAX_SHAPES), ...(more > 0 ? [`+${more}`] : [])].join(' ');
}

/** Kernels that walk a reduction have the same names for it. */
function flopsOf(program: Program, params: ArrayLike<unknown>): number | undefined {
  const names = fieldsOf(program.name, program.source).map(({ name }) => name);
  const [batches = 1, ...sizes] = ['batches', 'rows', 'columns', 'reduction'].map((name) => {
    const word = params[names.indexOf(name)];
    return typeof word === 'number' ? word : undefined;
  });
  return sizes.every((size) => size)
    ? 2 * sizes.reduce<number>((a, b) => a * (b ?? 0), batches)
    : undefined;
}
