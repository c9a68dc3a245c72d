/** Numbers that ranks exchange. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What the numbers of all ranks come to. */
export type Reduction = 'sum' | 'max' | 'min';

/** A call that has begun, and goes on while it is asked. */
export interface Underway {
  isDone(): boolean;
  wait(): Promise<void>;
}

/** What joins the ranks: each call is made by all of them, in the same order. */
export interface Connection {
  readonly rank: number;
  readonly size: number;
  allReduce(values: Numbers, how: Reduction): Promise<void>;
  /** Begins to sum, in place. */
  sum(values: Float32Array): Underway;
  broadcast(bytes: Uint8Array, from: number): Promise<void>;
  /** Ends all ranks. */
  abort(reason: unknown): never;
  /** Takes leave of the other ranks, which do the same: how this one ends is no matter of theirs any more. */
  finalize(): void;
}

/** A program that nobody has started several times. */
export const alone: Connection = {
  rank: 0,
  size: 1,
  async allReduce() {},
  sum: () => ({ isDone: () => true, async wait() {} }),
  async broadcast() {},
  abort(reason) {
    throw reason;
  },
  finalize() {},
};
