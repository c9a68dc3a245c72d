import type { DeviceLimits, Program } from '../device/device.ts';
import type { DType } from './dtype.ts';

/** Shape and dtype of a kernel's operand. */
export interface Operand {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Where a binding's memory comes from: an input of the op, its output, or scratch of its own. */
export type Binding =
  | { readonly input: number }
  | { readonly output: true }
  | { readonly temporary: number }
  | { readonly bias: true };

/**
 * One word of a kernel's parameter block: an integer, an f32, or a number the op carries that may
 * change from step to step without a new plan.
 */
export type Param = number | { readonly f32: number } | { readonly scalar: number };

/** One dispatch: which program, on what, with which numbers, over how many workgroups. */
export interface Launch {
  readonly program: Program;
  readonly bindings: readonly Binding[];
  readonly params: readonly Param[];
  readonly workgroups: number;
}

/** All an op needs to be computed: its dispatches in order, and the bytes of scratch between them. */
export interface Launches {
  readonly launches: readonly Launch[];
  readonly temporaries?: readonly number[];
}

/** What the scheduler folds into the end of a matmul or convolution: `activation(x + bias)`. */
export interface Epilogue {
  readonly bias: boolean;
  readonly activation: Activation;
}

/** The order is the numbering of the constant ACTIVATION in the kernels. */
export const activations = ['none', 'relu', 'sigmoid', 'tanh'] as const;
export type Activation = (typeof activations)[number];

export const NO_EPILOGUE: Epilogue = { bias: false, activation: 'none' };

export interface LaunchContext {
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  readonly limits: DeviceLimits;
  readonly epilogue: Epilogue;
}

/** Plain data that tells one application of an op from another, such as a stride or an axis. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a launch rule is given: the operands, and the attributes of its op. */
export interface KernelContext<A extends Attributes = Attributes> extends LaunchContext {
  readonly attributes: A;
}

export const OUTPUT: Binding = { output: true };
export const BIAS: Binding = { bias: true };

export function input(index: number): Binding {
  return { input: index };
}

export function temporary(index: number): Binding {
  return { temporary: index };
}

/**
 * A kernel file made into a program: named integer constants go in front of the text, and the
 * texts of the function files it uses behind them.
 */
export function program(
  name: string,
  source: string,
  constants: Readonly<Record<string, number>> = {},
  functions: readonly string[] = [],
): Program {
  const lines = Object.entries(constants).map(([key, value]) => `const ${key} = ${value}u;\n`);
  return { name, source: [...lines, ...functions, source].join('') };
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

export function ceilDivide(a: number, b: number): number {
  return Math.ceil(a / b);
}
