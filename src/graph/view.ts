import type { Node } from './node.ts';
import type { ViewMap } from './operation.ts';

/** What a node that is a view does; undefined where it is none, or its value is in memory. */
export function viewOf({ op, leaf, attributes, inputs: [input] }: Node): ViewMap | undefined {
  if (leaf || !input || op.lowering.kind !== 'view') return undefined;
  return op.lowering.map(attributes, input.shape);
}

/** The node whose memory holds this node's elements: reshapes change none of them. */
export function memoryOf(node: Node): Node {
  let at = node;
  for (;;) {
    const [input] = at.inputs;
    if (!input || viewOf(at)?.kind !== 'reshape') return at;
    at = input;
  }
}

/** The node of which this one is the transpose over the last two axes, if it is that of one. */
export function untransposed(node: Node): Node | undefined {
  const view = viewOf(node);
  const rank = node.shape.length;
  if (view?.kind !== 'axes' || view.axes.length !== rank) return undefined;
  const swaps = view.axes.every(({ axis, step, start }, i) => {
    const from = i < rank - 2 ? i : 2 * rank - 3 - i;
    return axis === from && step === 1 && start === 0;
  });
  return swaps ? node.inputs[0] : undefined;
}

/** The vector of which this node is an expansion along all axes but the last. */
export function expandedVector(node: Node): Node | undefined {
  const view = viewOf(node);
  const [vector] = node.inputs;
  if (view?.kind !== 'axes' || view.pads || !vector) return undefined;
  const last = view.axes.at(-1);
  const channels = node.shape.at(-1);
  const follows = last?.axis === node.shape.length - 1 && last.step === 1 && last.start === 0;
  // Asked of what is expanded, not of what that was reshaped from: [C] may have become [C, 1].
  return follows && vector.size === channels && vector.shape.at(-1) === channels
    ? vector
    : undefined;
}
