/** A piece of scratch memory and the steps between which it holds a value. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface Assignment {
  /** The sizes of the buffers needed, in bytes, largest first. */
  readonly buffers: readonly number[];
  /** For each lifetime, the buffer it lives in. */
  readonly placeOf: readonly number[];
}

/**
 * Lets values share buffers when their lifetimes do not overlap. Each buffer holds one value at a
 * time: WebGPU forbids a dispatch to read and write one buffer, even at different places.
 * Greedy in order of birth; the smallest buffer that fits is taken, else the largest one grows.
 */
export function assignBuffers(lifetimes: readonly Lifetime[]): Assignment {
  const buffers: { bytes: number; busyUntil: number }[] = [];
  const holders = new Array<{ bytes: number }>(lifetimes.length);
  const byBirth = [...lifetimes.entries()].sort(([, a], [, b]) => a.first - b.first);
  for (const [i, { bytes, first, last }] of byBirth) {
    let best: { bytes: number; busyUntil: number } | undefined;
    for (const buffer of buffers) {
      if (buffer.busyUntil >= first) continue;
      const held = best?.bytes ?? -1;
      const fits = buffer.bytes >= bytes;
      const better = fits ? held < bytes || buffer.bytes < held : buffer.bytes > held;
      if (!best || better) best = buffer;
    }
    if (!best) {
      best = { bytes: 0, busyUntil: first };
      buffers.push(best);
    }
    best.bytes = Math.max(best.bytes, bytes);
    best.busyUntil = last;
    holders[i] = best;
  }
  const largestFirst: { bytes: number }[] = [...buffers].sort((a, b) => b.bytes - a.bytes);
  return {
    buffers: largestFirst.map(({ bytes }) => bytes),
    placeOf: holders.map((buffer) => largestFirst.indexOf(buffer)),
  };
}
