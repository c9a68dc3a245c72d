import { elements, wholeBlocks } from '../elements.ts';
import { type Epilogue, ended } from '../epilogue.ts';
import { ceilDivide, type Launches, launch, type NamedLaunch, temporary } from '../launch.ts';
import { program } from '../program.ts';
import across1 from '../wgsl/softmax/functions/across-1.wgsl';
import across4 from '../wgsl/softmax/functions/across-4.wgsl';
import powerBuiltin from '../wgsl/softmax/functions/power-builtin.wgsl';
import powerPolynomial from '../wgsl/softmax/functions/power-polynomial.wgsl';
import rowParams from '../wgsl/softmax/functions/row-params.wgsl';
import rowsAlone from '../wgsl/softmax/functions/rows-alone.wgsl';
import rowsTree from '../wgsl/softmax/functions/rows-tree.wgsl';
import seenMerged from '../wgsl/softmax/functions/seen-merged.wgsl';
import seenWalked from '../wgsl/softmax/functions/seen-walked.wgsl';
import sharesAnew from '../wgsl/softmax/functions/shares-anew.wgsl';
import sharesKept from '../wgsl/softmax/functions/shares-kept.wgsl';
import walkHeld from '../wgsl/softmax/functions/walk-held.wgsl';
import walkMemory from '../wgsl/softmax/functions/walk-memory.wgsl';
import partsSource from '../wgsl/softmax/rows/parts.wgsl';
import rowsSource from '../wgsl/softmax/rows.wgsl';
import type { RowVariant } from './row-variant.ts';

/** The bits of a quiet NaN, which WGSL has no literal for. */
const NAN = 0x7fc00000;

/** What a kernel does with rows of logits. */
export interface RowWork {
  readonly rows: number;
  readonly size: number;
  readonly constants: Readonly<{ REST: number; LOG?: number }>;
  /** The file that completes rows.wgsl, and what that needs. */
  readonly functions: readonly string[];
  readonly bindings: NamedLaunch['bindings'];
  /** What its results are: of each logit e^x or something else, or one number of each row. */
  readonly stores: 'shares' | 'logits' | 'rows';
  readonly epilogue?: Epilogue;
}

/** The launches of a kernel over rows of logits. */
export function overRows(name: string, variant: RowVariant, work: RowWork): Launches {
  const { rows, size, stores, bindings, constants, functions, epilogue } = work;
  const { width, lanes, held, power } = variant;
  const isDear = stores === 'shares' && power === 'polynomial' && held === 0 && variant.parts === 1;
  const length = size / width;
  const span = ceilDivide(length, variant.parts);
  const seen = ceilDivide(length, span);
  const pass = (own: Pass) => {
    const WORKGROUP = lanes === 1 ? 64 : 256;
    const { chunks } = own;
    const linked = [
      rowParams,
      elements('f32', width),
      width === 4 ? across4 : across1,
      lanes === 1 ? rowsAlone : rowsTree,
      power === 'builtin' ? powerBuiltin : powerPolynomial,
      held > 0 ? walkHeld : walkMemory,
      ...own.functions,
    ];
    const all = {
      LANES: lanes,
      WORKGROUP,
      HELD: held,
      SPLIT: Number(chunks > 1),
      ...own.constants,
    };
    return launch({
      program: program(own.name, rowsSource, all, linked),
      bindings: own.bindings,
      params: { parts: rows * chunks, chunks, size: length, span, seen, width, nan: NAN },
      workgroups: ceilDivide(rows * chunks * lanes, WORKGROUP),
      ...(own.epilogue && { epilogue: own.epilogue }),
    });
  };
  const shares = isDear ? sharesKept : sharesAnew;
  const last = {
    name,
    chunks: stores === 'rows' ? 1 : seen,
    functions: [shares, ...(epilogue ? [ended(width)] : []), ...functions],
    constants,
    bindings,
    epilogue,
  };
  if (seen === 1)
    return { launches: [pass({ ...last, functions: [seenWalked, ...last.functions] })] };
  const { logits } = bindings as { logits: NamedLaunch['bindings'][string] };
  const before = pass({
    name: `${name}_parts`,
    chunks: seen,
    functions: [seenWalked, shares, partsSource],
    constants,
    bindings: { logits, scales: temporary(0) },
  });
  const merging = pass({
    ...last,
    functions: [seenMerged, ...last.functions],
    constants: { ...constants, SCALES: Object.keys(bindings).length + 1 },
    bindings: { ...bindings, scales: temporary(0) },
  });
  return { launches: [before, merging], temporaries: [wholeBlocks(4 * rows * seen)] };
}

/** One dispatch: over how many chunks of each row, and what it is made of. */
interface Pass extends Pick<RowWork, 'functions' | 'bindings'> {
  readonly name: string;
  readonly chunks: number;
  readonly constants: Readonly<Record<string, number>>;
  readonly epilogue?: Epilogue | undefined;
}
