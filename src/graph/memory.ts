/** A piece of scratch memory and the steps between which it holds a value. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface Assignment {
  /** The sizes of the buffers needed, in bytes. */
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
  const buffers: number[] = [];
  const busyUntil: number[] = [];
  const placeOf = new Array<number>(lifetimes.length);
  const byBirth = lifetimes.map((_, i) => i).sort((a, b) => at(a).first - at(b).first);
  function at(i: number): Lifetime {
    return lifetimes[i] as Lifetime;
  }
  for (const i of byBirth) {
    const { bytes, first, last } = at(i);
    let best = -1;
    buffers.forEach((size, b) => {
      if ((busyUntil[b] as number) >= first) return;
      const held = buffers[best] ?? -1;
      const better = size >= bytes ? held < bytes || size < held : size > held;
      if (best < 0 || better) best = b;
    });
    if (best < 0) best = buffers.push(0) - 1;
    buffers[best] = Math.max(buffers[best] as number, bytes);
    busyUntil[best] = last;
    placeOf[i] = best;
  }
  return { buffers, placeOf };
}
