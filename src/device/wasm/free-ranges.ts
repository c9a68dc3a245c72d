interface Range {
  start: number;
  size: number;
}

/**
 * The free pieces of a row of addresses, in order; pieces that touch are one piece. Device memory
 * has hundreds of pieces at most, so they are kept in a plain array.
 */
export class FreeRanges {
  private readonly ranges: Range[] = [];

  /** The number of pieces. */
  get count(): number {
    return this.ranges.length;
  }

  /** The size of the largest piece. */
  get largest(): number {
    return this.ranges.reduce((most, { size }) => Math.max(most, size), 0);
  }

  /** The size of the piece that ends at `end`, which growth at the end would make larger. */
  endingAt(end: number): number {
    const last = this.ranges[this.ranges.length - 1];
    return last && last.start + last.size === end ? last.size : 0;
  }

  /** Takes `size` from the start of the smallest piece that has it; undefined where none has. */
  take(size: number): number | undefined {
    let best: Range | undefined;
    for (const range of this.ranges) {
      if (range.size >= size && (!best || range.size < best.size)) best = range;
    }
    if (!best) return undefined;
    const { start } = best;
    best.start += size;
    best.size -= size;
    if (best.size === 0) this.ranges.splice(this.ranges.indexOf(best), 1);
    return start;
  }

  /** Adds a piece that was not free. */
  give(start: number, size: number): void {
    const { ranges } = this;
    const at = this.firstFrom(start);
    const below = ranges[at - 1];
    const above = ranges[at];
    const joinsBelow = below && below.start + below.size === start;
    const joinsAbove = above && start + size === above.start;
    if (joinsBelow && joinsAbove) {
      below.size += size + above.size;
      ranges.splice(at, 1);
    } else if (joinsBelow) {
      below.size += size;
    } else if (joinsAbove) {
      above.start = start;
      above.size += size;
    } else {
      ranges.splice(at, 0, { start, size });
    }
  }

  /** The number of the first piece that does not start before `start`. */
  private firstFrom(start: number): number {
    let at = 0;
    for (let above = this.ranges.length; at < above; ) {
      const middle = (at + above) >> 1;
      const range = this.ranges[middle];
      if (range && range.start < start) at = middle + 1;
      else above = middle;
    }
    return at;
  }
}
