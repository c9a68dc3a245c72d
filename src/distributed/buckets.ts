import { Cell } from '../graph/cell.ts';
import { packedLayout } from '../graph/pack.ts';
import { zeros } from '../tensor/ops/creation.ts';
import type { AnyVariable } from '../tensor/variable.ts';

/**
 * A part of a flat buffer of gradients that ranks sum up by itself, once the gradients in it are there (Li et al.,
 * "PyTorch Distributed: Experiences on accelerating data parallel training", 2020, section 3.2.3).
 */
export interface Bucket {
  readonly variables: readonly AnyVariable[];
  /** Its part of the buffer. */
  readonly sums: Cell;
  /** Which share of the buffer lies before its end: gradients of the last layers are there first. */
  readonly end: number;
}

/** A flat buffer of the gradients of these variables. */
export interface Part {
  readonly variables: readonly AnyVariable[];
  readonly sums: Cell;
}

/** The most buckets of a buffer, but for what one of them leaves over. */
const MOST = 8;
/** A sum takes a network's latency: below so many bytes that is most of it. */
const LEAST_BYTES = 256 * 1024;

/** Cuts the flat buffer of these variables' gradients, from its end: what it is cut into becomes its members. */
export function bucketsOf(variables: readonly AnyVariable[], flat: Cell): Bucket[] {
  const { offsets, bytes } = packedLayout(variables);
  const size = Math.max(LEAST_BYTES, bytes / MOST);
  const buckets: Bucket[] = [];
  for (
    let [first, end, last] = [variables.length - 1, bytes, variables.length];
    first >= 0;
    first--
  ) {
    const start = offsets[first] as number;
    if (first > 0 && end - start < size) continue;
    const sums = new Cell(zeros([(end - start) / 4]).node, 'gradients', false);
    sums.moveInto(flat, start);
    buckets.push({ variables: variables.slice(first, last), sums, end: end / bytes });
    [end, last] = [start, first];
  }
  flat.members = buckets.map((bucket) => bucket.sums);
  return buckets;
}

const known = new WeakMap<Cell, readonly Bucket[]>();

/**
 * The buckets of all buffers, in the order in which their gradients come into being in a backward pass: those of
 * the last layers first.
 */
export function inOrder(parts: readonly Part[]): Bucket[] {
  const buckets = parts.flatMap(({ variables, sums }) => {
    const own = known.get(sums) ?? bucketsOf(variables, sums);
    known.set(sums, own);
    return own;
  });
  return buckets.sort((a, b) => b.end - a.end);
}
