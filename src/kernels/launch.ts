import type { DeviceLimits, Program } from '../device/device.ts';
import { bitsOf, type DType } from './dtype.ts';
import { type Epilogue, withEpilogue } from './epilogue.ts';
import type { Pick } from './pick.ts';
import type { Field, NamedProgram } from './program.ts';

/** Shape and dtype of a kernel's operand. */
export interface Operand {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Whether the op is applied to its transpose over the last two axes. */
  readonly transposed?: boolean;
}

/** Where a binding's memory comes from: an input of the op, its output, scratch of its own,
 * what its epilogue reads, or another node that it computes on the way. */
export type Binding =
  | { readonly input: number }
  | { readonly output: true }
  | { readonly temporary: number }
  | { readonly epilogue: number }
  | { readonly alongside: number };

/** One word of a kernel's parameter block: its bits, a scalar of the op, or one of its epilogue's. */
export type Param =
  | number
  | { readonly scalar: string; readonly type: Field['type'] }
  | { readonly epilogue: number };

/** One dispatch: which program, on what, with which numbers, over how many workgroups. */
export interface Launch {
  readonly program: Program;
  /** In the order of the shader's bindings. */
  readonly bindings: readonly Binding[];
  /**
   * In the order of `struct Params`. Scalars are numbers that the op carries, by name: they may
   * change from step to step without a new plan.
   */
  readonly params: readonly Param[];
  readonly workgroups: number;
}

/** A dispatch in the words of its shader. */
export interface NamedLaunch {
  readonly program: NamedProgram;
  /** What each storage variable binds. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** The fields of `struct Params` that a plan knows; those that are f32 take the number. */
  readonly params: Readonly<Record<string, number>>;
  /** The others: scalars of the op that have the field's name. */
  readonly scalars?: readonly string[];
  readonly workgroups: number;
  /** What becomes of its results, where its program ends with one of the `finished` functions. */
  readonly epilogue?: Epilogue;
}

/**
 * Puts in order what a dispatch passes by name.
 * @throws Error where a name of the shader is missing, or a given name is not one of its own.
 */
export function launch({
  program,
  bindings,
  params,
  scalars = [],
  workgroups,
  epilogue,
}: NamedLaunch): Launch {
  const fields = program.params.map(({ name }) => name);
  requireNames(`${program.name}: params`, fields, [...Object.keys(params), ...scalars]);
  requireNames(`${program.name}: bindings`, program.bindings, Object.keys(bindings));
  const own: Launch = {
    program,
    bindings: program.bindings.map((name) => bindings[name] as Binding),
    params: program.params.map(({ name, type }) => {
      const value = params[name];
      return value === undefined ? { scalar: name, type } : bitsOf(value, type);
    }),
    workgroups,
  };
  if (!epilogue) return own;
  return {
    program: withEpilogue(program, epilogue),
    bindings: [...own.bindings, ...epilogue.buffers.map((_, i) => ({ epilogue: i }))],
    params: [
      ...own.params,
      ...Array.from({ length: epilogue.params }, (_, i) => ({ epilogue: i })),
    ],
    workgroups,
  };
}

/** @throws Error where a wanted name is not among those given, or is there twice, or another is. */
export function requireNames(
  what: string,
  wanted: readonly string[],
  given: readonly string[],
): void {
  const missing = wanted.filter((name) => !given.includes(name));
  const unknown = given.filter((name, i) => !wanted.includes(name) || given.indexOf(name) < i);
  if (missing.length + unknown.length === 0) return;
  const wrong = [
    ...missing.map((name) => `${name} is missing`),
    ...unknown.map((name) => `${name} is ${wanted.includes(name) ? 'given twice' : 'unknown'}`),
  ];
  throw new Error(`${what}: ${wrong.join(', ')}. The shader has ${wanted.join(', ')}.`);
}

/** All an op needs to be computed: its dispatches in order, and the bytes of scratch between them. */
export interface Launches {
  readonly launches: readonly Launch[];
  readonly temporaries?: readonly number[];
  /** Whether results are stored as f16 where the epilogue asks for that; f32 if unsaid. */
  readonly storesHalves?: boolean;
}

export interface LaunchContext {
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  readonly limits: DeviceLimits;
  readonly epilogue: Epilogue;
  /** Which other nodes it computes on the way, by the numbers that its op's record gives them. */
  readonly alongside?: readonly boolean[];
  /** Picks among ways to compute it by what has been measured; undefined where nothing measures. */
  readonly pick?: Pick | undefined;
}

/** Plain data that tells one application of an op from another, such as a stride or an axis. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a launch rule is given: the operands, and the attributes of its op. */
export interface KernelContext<A extends Attributes = Attributes> extends LaunchContext {
  readonly attributes: A;
}

export const OUTPUT: Binding = { output: true };

export function input(index: number): Binding {
  return { input: index };
}

export function alongside(index: number): Binding {
  return { alongside: index };
}

export function temporary(index: number): Binding {
  return { temporary: index };
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

export function ceilDivide(a: number, b: number): number {
  return Math.ceil(a / b);
}
