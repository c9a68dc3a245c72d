import fc from 'fast-check';

/**
 * Checks what should hold for all values drawn. Each run with shapes of a new kind compiles
 * kernels, so runs are few.
 */
export function holds<T extends [unknown, ...unknown[]]>(
  drawn: { [I in keyof T]: fc.Arbitrary<T[I]> },
  check: (...values: T) => Promise<void>,
  numRuns = 8,
): Promise<void> {
  return fc.assert(fc.asyncProperty(...drawn, check) as fc.IAsyncProperty<T>, {
    numRuns,
    includeErrorInReport: true,
  });
}
