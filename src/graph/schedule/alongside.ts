import type { DeviceLimits } from '../../device/device.ts';
import { type Node, topologicalBy } from '../node.ts';

/** What is known of the kernels of nodes. */
interface Kernels {
  /** The node whose memory a kernel fills: what it ends with, if it ends with something. */
  resultOf(kernel: Node): Node;
  /** Whether a node has a kernel of its own that nothing is folded into. */
  isFree(node: Node): boolean;
  /** Whether a kernel binds few enough buffers if it computes others, too. */
  fits(kernel: Node, others: readonly (Node | undefined)[]): boolean;
}

/** Nodes that the kernel of another computes on the way. */
export class Alongside {
  /** What a kernel computes besides its own, by the numbers that its op's record gives them. */
  private readonly others = new Map<Node, (Node | undefined)[]>();
  /** For what is computed by another's kernel, the node whose memory that kernel fills last. */
  private readonly makers = new Map<Node, Node>();

  /** @param users of each node those that read it */
  constructor(
    order: readonly Node[],
    users: ReadonlyMap<Node, readonly Node[]>,
    { resultOf, isFree, fits }: Kernels,
    limits: DeviceLimits,
  ) {
    // Users before inputs: what a kernel further on computes need not compute anything besides.
    for (const node of [...order].reverse()) {
      const { lowering } = node.op;
      if (node.leaf || lowering.kind !== 'kernel' || !lowering.alongside) continue;
      if (this.makers.has(node)) continue;
      const others: (Node | undefined)[] = [];
      this.others.set(node, others);
      const near = new Set(node.inputs.flatMap((input) => [input, ...(users.get(input) ?? [])]));
      for (const other of near) {
        if (other === node || other.leaf || !isFree(other) || this.makers.has(other)) continue;
        const number = lowering.alongside(node, other, limits);
        if (number === undefined || others[number] || this.of(other).length > 0) continue;
        others[number] = other;
        this.makers.set(other, resultOf(node));
        if (!this.isInCircle(other) && fits(node, others)) continue;
        delete others[number];
        this.makers.delete(other);
      }
    }
  }

  /** What the kernel of `node` computes besides. */
  of(node: Node): readonly (Node | undefined)[] {
    return this.others.get(node) ?? [];
  }

  has(node: Node): boolean {
    return this.makers.has(node);
  }

  /** Inputs before users, and behind a kernel what it computes for others. */
  inOrder(roots: readonly Node[]): Node[] {
    return topologicalBy(roots, this.inputsOf);
  }

  private isInCircle(other: Node): boolean {
    return topologicalBy(this.inputsOf(other), this.inputsOf).includes(other);
  }

  private readonly inputsOf = (node: Node): readonly Node[] => {
    if (node.leaf) return [];
    const maker = this.makers.get(node);
    if (maker) return [maker];
    const others = this.of(node);
    return others.length > 0 ? node.inputs.filter((input) => !others.includes(input)) : node.inputs;
  };
}
