import { type Epilogue, NO_EPILOGUE } from '../epilogue.ts';
import {
  type Binding,
  ceilDivide,
  type Launch,
  type Launches,
  launch,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import sum from '../wgsl/matmul/sum.wgsl';
import type { Extent } from './variant.ts';

const LANES = 64;

/** One pass over the operands: which share of the reduction each split takes, and what it writes. */
interface Pass {
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
 * Launches `overSplits` once, or where the reduction is to be split, once into scratch and then sums up.
 * The epilogue belongs to whichever stores the output.
 */
export function inSplits(
  { extent, epilogue, before = [] }: Reduction,
  reduction: number,
  wanted: number,
  overSplits: (pass: Pass) => Launch,
): Launches {
  const perSplit = ceilDivide(reduction, wanted);
  const splits = ceilDivide(reduction, perSplit);
  const first = before.map(({ launch }) => launch);
  const temporaries = before.map(({ bytes }) => bytes);
  if (splits === 1) {
    return {
      launches: [...first, overSplits({ splits, perSplit, to: OUTPUT, epilogue })],
      temporaries,
    };
  }
  const partial = temporary(temporaries.length);
  const stride = splitStride(extent);
  const vectors = stride / 4;
  const partials = overSplits({ splits, perSplit, to: partial, epilogue: NO_EPILOGUE });
  const summing = launch({
    program: program('matmul_sum', sum, { LANES }),
    bindings: { partial, result: OUTPUT },
    params: { vectors, splits },
    workgroups: ceilDivide(vectors, LANES),
    epilogue,
  });
  return {
    launches: [...first, partials, summing],
    temporaries: [...temporaries, splits * stride * 4],
  };
}

/** Elements from one split's partial result to the next: whole `vec4`s. */
export function splitStride({ batches, rows, columns }: Extent): number {
  return ceilDivide(batches * rows * columns, 4) * 4;
}
