import type { Pick } from '../../src/kernels/pick.ts';

/** Has something computed in every way that a device would measure for it; returns what they are called. */
export async function inEveryWay(compute: (pick: Pick) => Promise<void>): Promise<Set<string>> {
  const names = new Set<string>();
  const picks =
    (name: string): Pick =>
    (_, ways) => {
      for (const way of ways.keys()) names.add(way);
      const [guess] = ways.values();
      return ways.get(name) ?? (guess as NonNullable<typeof guess>);
    };
  await compute(picks(''));
  for (const name of names) await compute(picks(name));
  return names;
}
