import type { DeviceLimits } from '../../device/device.ts';
import type { DType } from '../dtype.ts';
import { elements, wholeBlocks } from '../elements.ts';
import {
  type Binding,
  ceilDivide,
  input,
  type KernelContext,
  type Launch,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import each from '../wgsl/each.wgsl';
import keepResult from '../wgsl/sorting/functions/keep-result.wgsl';
import keepRuns from '../wgsl/sorting/functions/keep-runs.wgsl';
import keyOf from '../wgsl/sorting/functions/key.wgsl';
import mergeSource from '../wgsl/sorting/merge-runs.wgsl';
import blocksSource from '../wgsl/sorting/sort-blocks.wgsl';
import { keyConstants } from './key.ts';
import { type SortAttributes, shortened } from './runs.ts';
import { selectFirst } from './select-first.ts';

const WORKGROUP = 64;
/** So many are chosen faster than sorted, by a CPU. */
const FEW = 16;

/** How many elements a workgroup sorts, and how many an invocation merges. */
export interface SortVariant {
  /** A power of two. */
  readonly block: number;
  readonly each: number;
}

/** What is sorted: an axis of a 32-bit dtype, and where its elements are. */
interface SortWork extends SortAttributes {
  readonly dtype: DType;
  readonly from: Binding;
}

/** x [outer, size, inner] → i32 [outer, kept, inner]: where the first of the elements in order are. */
export function sort(context: KernelContext<SortAttributes>, variant?: SortVariant): Launches {
  const { attributes, inputs, limits } = context;
  const { dtype } = inputs[0] as Operand;
  if (!variant && limits.cpu && attributes.kept <= FEW) return selectFirst(context);
  const work = { ...attributes, dtype, from: input(0) };
  return sortInto(OUTPUT, work, variant ?? chooseSort(limits));
}

/** On CPUs short blocks: an invocation merges a key faster than it counts those that go before it. */
export function chooseSort({ cpu }: Pick<DeviceLimits, 'cpu'>): SortVariant {
  return cpu ? { block: 64, each: 256 } : { block: 256, each: 8 };
}

/**
 * The dispatches that sort into `result`, the places alone; or, where there is none, into temporaries: the
 * last pass leaves keys in the one numbered `keys`, and places in the next.
 */
export function sortInto(
  result: Binding | undefined,
  { outer, size, inner, kept, descending, dtype, from }: SortWork,
  { block: BLOCK, each: EACH }: SortVariant,
): Launches & { readonly keys: number } {
  const rows = outer * inner;
  const span = size > BLOCK ? BLOCK : ceilDivide(size, 4) * 4;
  const blocks = ceilDivide(size, span);
  const run = Math.min(span, kept);
  const first = { run, length: shortened(size, span, run) };
  const passes = [first, ...mergesOf(first, kept)];
  // Passes read one pair of temporaries and write the other.
  const keysOf = (pass: number) => (pass % 2) * 2;

  const launches = passes.map((after, i): Launch => {
    const isResult = result && i === passes.length - 1;
    const free = i === 0 ? 2 : 3;
    const constants = isResult ? { PLACES: free } : { KEYS: free, PLACES: free + 1 };
    const keep = isResult ? keepResult : keepRuns;
    const kept = isResult
      ? { result }
      : { sortedKeys: temporary(keysOf(i)), sortedPlaces: temporary(keysOf(i) + 1) };
    const params = { inner, kept: after.run, length: after.length };
    const before = passes[i - 1];
    if (!before) {
      const all = { BLOCK, ...keyConstants(dtype, descending), ...constants };
      const total = rows * blocks;
      return launch({
        program: program('sort_blocks', blocksSource, all, [elements('u32', 1), keyOf, keep]),
        bindings: { values: from, ...kept },
        params: { total, blocks, span, size, ...params },
        workgroups: ceilDivide(total, Math.floor(BLOCK / span)),
      });
    }
    const parts = ceilDivide(after.run, EACH);
    const chunks = ceilDivide(before.length, 2 * before.run) * parts;
    const count = rows * chunks;
    const [keys, places] = [temporary(keysOf(i - 1)), temporary(keysOf(i - 1) + 1)];
    return launch({
      program: program('merge_runs', each, { WORKGROUP, EACH, ...constants }, [keep, mergeSource]),
      bindings: { keys, places, ...kept },
      params: { count, chunks, parts, size: before.length, run: before.run, ...params },
      workgroups: ceilDivide(count, WORKGROUP),
    });
  });
  const pairs = Math.min(2, passes.length - (result ? 1 : 0));
  return {
    launches,
    temporaries: new Array<number>(pairs * 2).fill(wholeBlocks(rows * first.length)),
    keys: keysOf(passes.length - 1),
  };
}

/** Rows of so many keys, in sorted runs. */
interface Runs {
  readonly run: number;
  readonly length: number;
}

/** What each pass leaves, until one run is left. */
function mergesOf({ run, length }: Runs, kept: number): Runs[] {
  if (length <= run) return [];
  const merged = Math.min(2 * run, kept);
  const next = { run: merged, length: shortened(length, 2 * run, merged) };
  return [next, ...mergesOf(next, kept)];
}
