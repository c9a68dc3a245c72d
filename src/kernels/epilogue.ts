import type { Program } from '../device/device.ts';
import type { NamedProgram } from './program.ts';
import endedFour from './wgsl/functions/ended-four.wgsl';
import endedOne from './wgsl/functions/ended-one.wgsl';
import one from './wgsl/functions/finished-one.wgsl';
import plain from './wgsl/functions/finished-plain.wgsl';

/**
 * What the scheduler folds into the end of a kernel: an expression of each result, over four
 * neighbouring ones at a time. Its text declares
 *   finished(i, value)               of `value`, the `i`-th four of the output
 *   finished_in(i, column, value)    the same where it is known at which column they begin
 */
export interface Epilogue {
  readonly text: string;
  /** The texts of the functions that it calls. */
  readonly functions: readonly string[];
  /** The arrays that it reads, `epilogue0` and so on: the WGSL types of their elements. */
  readonly buffers: readonly string[];
  /** How many words of parameters it reads, `params.epilogue0` and so on. */
  readonly params: number;
  /** Whether its results are to be stored as f16, by kernels that can: see `Launches.storesHalves`. */
  readonly halves: boolean;
}

/** Stores results as they are. */
export const NO_EPILOGUE: Epilogue = {
  text: plain,
  functions: [],
  buffers: [],
  params: 0,
  halves: false,
};

/** The function file of `ended(i, value)`, for kernels whose results are one or four f32 at a time. */
export function ended(width: number): string {
  return width === 4 ? endedFour : endedOne;
}

/** A program with an epilogue: bindings and parameters behind its own. */
export function withEpilogue(
  { name, source, bindings }: NamedProgram,
  epilogue: Epilogue,
): Program {
  const fields = Array.from({ length: epilogue.params }, (_, i) => `epilogue${i}: u32`);
  const params = source.replace(
    /(struct\s+Params\s*\{[^}]*?),?\s*\}/,
    (_, own: string) => `${[own, ...fields].join(', ')}\n}`,
  );
  const buffers = epilogue.buffers.map((type, i) => {
    const binding = bindings.length + 1 + i;
    return `@group(0) @binding(${binding}) var<storage, read> epilogue${i}: array<${type}>;\n`;
  });
  // A function of both texts is declared once.
  const functions = epilogue.functions.filter((text) => !source.includes(text));
  return { name, source: [...functions, ...buffers, epilogue.text, one, params].join('') };
}
