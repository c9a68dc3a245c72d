import { type Epilogue, NO_EPILOGUE } from '../epilogue.ts';
import {
  alongside,
  type Binding,
  ceilDivide,
  type Launch,
  type Launches,
  launch,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import splitsAlone from '../wgsl/matmul/functions/splits-alone.wgsl';
import splitsTree from '../wgsl/matmul/functions/splits-tree.wgsl';
import sumColumns from '../wgsl/matmul/functions/sum-columns.wgsl';
import sumResult from '../wgsl/matmul/functions/sum-result.wgsl';
import sum from '../wgsl/matmul/sum.wgsl';
import { canStoreHalves, sumStores } from './result-store.ts';
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
  /** Where the results go: to the output if unsaid. */
  readonly result?: Binding;
  readonly before?: readonly Preparation[];
  /** Whether the sums of `b`'s columns are wanted alongside. */
  readonly columnSums?: boolean;
  /** Invocations that add up the splits of one result; 1 if unsaid. */
  readonly splitLanes?: 1 | 8;
}

/**
 * Launches `overSplits` once, or where the reduction is to be split, once into scratch and then sums up.
 * The epilogue belongs to whichever stores the output.
 */
export function inSplits(
  { extent, epilogue, result = OUTPUT, before = [], columnSums = false, splitLanes = 1 }: Reduction,
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
      launches: [...first, overSplits({ splits, perSplit, to: result, epilogue })],
      temporaries,
      storesHalves: canStoreHalves(extent.columns),
    };
  }
  const partial = temporary(temporaries.length);
  const stride = splitStride(extent, columnSums);
  const vectors = stride / 4;
  const partials = overSplits({ splits, perSplit, to: partial, epilogue: NO_EPILOGUE });
  const summing = launch({
    program: program('matmul_sum', sum, { LANES, SPLIT_LANES: splitLanes }, [
      splitLanes > 1 ? splitsTree : splitsAlone,
      columnSums ? sumColumns : sumResult,
      ...sumStores(epilogue),
    ]),
    bindings: { partial, result, ...(columnSums && { columnSums: alongside(0) }) },
    params: { vectors, splits, resultVectors: splitStride(extent, false) / 4 },
    workgroups: ceilDivide(vectors * splitLanes, LANES),
    epilogue,
  });
  return {
    launches: [...first, partials, summing],
    temporaries: [...temporaries, splits * stride * 4],
    storesHalves: canStoreHalves(extent.columns),
  };
}

/** Elements from one split's partial result to the next, with the sums of columns behind it: whole `vec4`s. */
export function splitStride({ batches, rows, columns }: Extent, columnSums = false): number {
  const whole = (elements: number) => ceilDivide(elements, 4) * 4;
  return whole(batches * rows * columns) + (columnSums ? whole(columns) : 0);
}
