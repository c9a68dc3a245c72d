import { Node } from './node.ts';
import type { Operation } from './operation.ts';

const copyOp: Operation = {
  name: 'copy',
  lowering: { kind: 'elementwise', wgsl: ([x]) => `${x}` },
};

/** The same value in memory of its own. */
export function copyOf(node: Node): Node {
  return new Node(copyOp, [node], node);
}
