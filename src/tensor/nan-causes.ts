import { type Node, topologicalThroughValues } from '../graph/node.ts';
import type { HostArray } from '../kernels/dtype.ts';

/** What may be behind a NaN: throws an error that names it, if it is. */
type Cause = () => Promise<void>;

const causes = new WeakMap<Node, Cause>();
let areAny = false;

/**
 * Has a cause looked for if this value, or one made from it, has a NaN when it is read; until then
 * that costs nothing.
 */
export function suspect(node: Node, cause: Cause): void {
  causes.set(node, cause);
  areAny = true;
}

/** Keeps for a node what may be behind NaNs of those it was made from, which a step lets go of. */
export function keepCauses(node: Node, history: readonly Node[]): void {
  const cause = areAny && causeIn(history);
  if (cause) causes.set(node, cause);
}

/** What to ask for the cause, where a value that has been read has a NaN. */
export function causeOfNan(node: Node, values: HostArray): Cause | undefined {
  if (!areAny || !values.some(Number.isNaN)) return undefined;
  return causeIn(topologicalThroughValues([node]));
}

function causeIn(history: readonly Node[]): Cause | undefined {
  const known = history.flatMap((node) => causes.get(node) ?? []);
  if (known.length < 2) return known[0];
  return async () => {
    for (const cause of known) await cause();
  };
}
