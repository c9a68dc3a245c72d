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

/** The same graph once more, node for node; `nodes` are in order, inputs first. */
export function copiesOf(nodes: readonly Node[]): Map<Node, Node> {
  const copy = new Map<Node, Node>();
  for (const node of nodes) {
    const { op, attributes, scalars, leaf } = node;
    const inputs = leaf ? [] : node.inputs.map((input) => copy.get(input) as Node);
    copy.set(node, new Node(op, inputs, node, attributes, scalars, leaf));
  }
  return copy;
}
