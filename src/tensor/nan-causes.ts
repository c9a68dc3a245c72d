import type { Node } from '../graph/node.ts';
import type { HostArray } from '../kernels/dtype.ts';

/** What may be behind a NaN: throws an error that names it, if it is. */
type Cause = () => Promise<void>;

const causes = new WeakMap<Node, Cause>();

/** Has a cause looked for if a value has a NaN when it is read; until then that costs nothing. */
export function suspect(node: Node, cause: Cause): void {
  causes.set(node, cause);
}

/** What to ask for the cause, where a value that has been read has a NaN. */
export function causeOfNan(node: Node, values: HostArray): Cause | undefined {
  const cause = causes.get(node);
  return cause && values.some(Number.isNaN) ? cause : undefined;
}
