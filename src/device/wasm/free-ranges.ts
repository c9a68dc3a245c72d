/**
 * The free pieces of a row of addresses, in order; pieces that touch are one piece. Device memory
 * has hundreds of pieces at most, so they are kept in plain arrays.
 */
export class FreeRanges {
  private readonly starts: number[] = [];
  private readonly sizes: number[] = [];

  /** The number of pieces. */
  get count(): number {
    return this.starts.length;
  }

  /** The size of the largest piece. */
  get largest(): number {
    return this.sizes.reduce((most, size) => Math.max(most, size), 0);
  }

  /** The size of the piece that ends at `end`, which growth at the end would make larger. */
  endingAt(end: number): number {
    const last = this.starts.length - 1;
    const size = this.sizes[last] ?? 0;
    return (this.starts[last] ?? 0) + size === end ? size : 0;
  }

  /** Takes `size` from the start of the smallest piece that has it; undefined where none has. */
  take(size: number): number | undefined {
    let best = -1;
    for (let i = 0; i < this.sizes.length; i++) {
      const has = this.sizes[i] as number;
      if (has >= size && (best < 0 || has < (this.sizes[best] as number))) best = i;
    }
    if (best < 0) return undefined;
    const start = this.starts[best] as number;
    const rest = (this.sizes[best] as number) - size;
    if (rest === 0) {
      this.starts.splice(best, 1);
      this.sizes.splice(best, 1);
    } else {
      this.starts[best] = start + size;
      this.sizes[best] = rest;
    }
    return start;
  }

  /** Adds a piece that was not free. */
  give(start: number, size: number): void {
    const { starts, sizes } = this;
    let at = 0;
    for (let above = starts.length; at < above; ) {
      const middle = (at + above) >> 1;
      if ((starts[middle] as number) < start) at = middle + 1;
      else above = middle;
    }
    const joinsBelow = at > 0 && (starts[at - 1] as number) + (sizes[at - 1] as number) === start;
    const joinsAbove = at < starts.length && start + size === starts[at];
    if (joinsBelow && joinsAbove) {
      sizes[at - 1] = (sizes[at - 1] as number) + size + (sizes[at] as number);
      starts.splice(at, 1);
      sizes.splice(at, 1);
    } else if (joinsBelow) {
      sizes[at - 1] = (sizes[at - 1] as number) + size;
    } else if (joinsAbove) {
      starts[at] = start;
      sizes[at] = (sizes[at] as number) + size;
    } else {
      starts.splice(at, 0, start);
      sizes.splice(at, 0, size);
    }
  }
}
