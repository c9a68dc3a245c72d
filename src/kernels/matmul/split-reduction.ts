import {
  activations,
  BIAS,
  type Binding,
  ceilDivide,
  type Epilogue,
  type Launch,
  type Launches,
  NO_EPILOGUE,
  OUTPUT,
  program,
  temporary,
} from '../launch.ts';
import activation from '../wgsl/matmul/functions/activation.wgsl';
import sum from '../wgsl/matmul/sum.wgsl';
import type { Extent } from './variant.ts';

const LANES = 64;

/** One pass over the operands: which share of the reduction each split takes, and what it writes. */
export interface Pass {
  readonly splits: number;
  readonly perSplit: number;
  readonly to: Binding;
  readonly epilogue: Epilogue;
}

export interface Preparation {
  readonly launch: Launch;
  readonly bytes: number;
}

/** What a reduction is about, and what has to run before it, filling one temporary each. */
export interface Reduction {
  readonly extent: Extent;
  readonly epilogue: Epilogue;
  readonly before?: readonly Preparation[];
}

/**
 * Runs `launch` once, or where the reduction is to be split, once into scratch and then sums up.
 * The epilogue belongs to whichever stores the output.
 */
export function inSplits(
  { extent, epilogue, before = [] }: Reduction,
  reduction: number,
  wanted: number,
  launch: (pass: Pass) => Launch,
): Launches {
  const perSplit = ceilDivide(reduction, wanted);
  const splits = ceilDivide(reduction, perSplit);
  const first = before.map(({ launch }) => launch);
  const temporaries = before.map(({ bytes }) => bytes);
  if (splits === 1) {
    return {
      launches: [...first, launch({ splits, perSplit, to: OUTPUT, epilogue })],
      temporaries,
    };
  }
  const partial = temporary(temporaries.length);
  const stride = splitStride(extent);
  const vectors = stride / 4;
  const constants = { ...epilogueConstants(epilogue), LANES };
  const summing: Launch = {
    program: program('matmul_sum', sum, constants, [activation]),
    bindings: [partial, epilogue.bias ? BIAS : partial, OUTPUT],
    params: [vectors, splits, extent.columns],
    workgroups: ceilDivide(vectors, LANES),
  };
  return {
    launches: [...first, launch({ splits, perSplit, to: partial, epilogue: NO_EPILOGUE }), summing],
    temporaries: [...temporaries, splits * stride * 4],
  };
}

/** Elements from one split's partial result to the next: whole `vec4`s. */
export function splitStride({ batches, rows, columns }: Extent): number {
  return ceilDivide(batches * rows * columns, 4) * 4;
}

export function epilogueConstants({ bias, activation }: Epilogue) {
  return { BIAS: Number(bias), ACTIVATION: activations.indexOf(activation) };
}
