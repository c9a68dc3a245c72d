/** Which examples of a batch that several ranks share are one rank's. */
export interface Part {
  /** The position of the first in the whole batch. */
  readonly from: number;
  /**
   * How many there are. Where a batch has fewer examples than there are ranks it is 0 for some, which get
   * an example to compute with all the same: what comes of it counts nothing.
   */
  readonly count: number;
  /** How many the whole batch has. */
  readonly of: number;
}

let present: Part | undefined;

/**
 * Calls `work`, whose random numbers are those of a part of a batch: what has an axis of examples first is
 * drawn for the whole batch, of which the part takes its rows. So several ranks draw what one would.
 */
export function drawnFor<T>(part: Part | undefined, work: () => T): T {
  const outer = present;
  present = part;
  try {
    return work();
  } finally {
    present = outer;
  }
}

/**
 * Where `rows` rows of a part, as many of each example, lie among those of the whole batch; undefined
 * where they are none of examples.
 */
export function rowsOf(
  rows: number | undefined,
  part = present,
): { readonly from: number; readonly of: number } | undefined {
  if (!part || !rows) return undefined;
  const each = rows / Math.max(1, part.count);
  return Number.isInteger(each) ? { from: part.from * each, of: part.of * each } : undefined;
}
