// The time of a training step against the number of ranks.

/** What joins the ranks. */
export interface Network {
  /** Seconds until a message arrives, however short. */
  readonly latency: number;
  /** Bytes in a second, through one rank's way to the others. */
  readonly bandwidth: number;
}

/**
 * Seconds of summing `bytes` over all ranks in a ring: 2 (N − 1) messages of a part of N each, first to sum, then
 * to spread (Thakur, Rabenseifner and Gropp, "Optimization of collective communication operations in
 * MPICH", 2005, section 4.5; the additions are counted with the bandwidth that was measured with them).
 */
export function ringSeconds(ranks: number, bytes: number, { latency, bandwidth }: Network): number {
  const messages = 2 * (ranks - 1);
  return messages * (latency + bytes / ranks / bandwidth);
}

/** The network whose sums over two ranks took so long: of next to nothing, and of `bytes`. */
export function networkOf(empty: number, full: number, bytes: number): Network {
  return { latency: empty / 2, bandwidth: bytes / (full - empty) };
}

/** How many ranks have to take turns on a processor. */
export function turns(ranks: number, processors: number): number {
  return Math.max(1, ranks / processors);
}

/** Seconds that a step waits for sums which begin in the backward pass, as soon as one of `buckets` is there. */
export function exposedSeconds(sums: number, backward: number, buckets: number): number {
  return Math.max(sums / buckets, sums - backward * (1 - 1 / buckets));
}
