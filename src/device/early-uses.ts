import type { BufferSlice, EarlyUse } from './device.ts';

/** What the host does between two dispatches with what others have written, where all is in its memory. */
export class EarlyUses {
  private readonly begins = new Map<number, (() => () => boolean)[]>();
  private underway: (() => boolean)[] = [];

  /** @param bytesIn gives the bytes of a slice, where they lie */
  constructor(uses: readonly EarlyUse[], bytesIn: (slice: BufferSlice) => Uint8Array) {
    for (const { dispatch, slice, begin } of uses) {
      const known = this.begins.get(dispatch) ?? [];
      this.begins.set(dispatch, [...known, () => begin(bytesIn(slice))]);
    }
  }

  /** Goes on with what is under way, and begins what waits for the dispatch of this number. */
  behind(dispatch: number): void {
    if (this.underway.length > 0) this.underway = this.underway.filter((isDone) => !isDone());
    for (const begin of this.begins.get(dispatch) ?? []) this.underway.push(begin());
  }
}
