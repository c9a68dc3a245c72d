import type { Node } from './node.ts';
import type { ViewMap } from './operation.ts';

/** What a node that is a view does; undefined where it is none, or its value is in memory. */
export function viewOf({ op, leaf, attributes, inputs: [input] }: Node): ViewMap | undefined {
  if (leaf || !input || op.lowering.kind !== 'view') return undefined;
  return op.lowering.map(attributes, input.shape);
}

/** The node whose memory holds this node's elements: reshapes change none of them, nor do two transposes. */
export function memoryOf(node: Node): Node {
  let at = node;
  for (;;) {
    const once = untransposed(at);
    const input = viewOf(at)?.kind === 'reshape' ? at.inputs[0] : once && untransposed(once);
    if (!input) return at;
    at = input;
  }
}

/** What a kernel reads for an input. */
interface KernelOperand {
  /** Whose memory it reads. */
  readonly node: Node;
  readonly shape: readonly number[];
  /** Whether the input is the transpose of that over the last two axes. */
  readonly transposed: boolean;
}

/**
 * Looks through what a kernel does itself while it reads its i-th input: transposing it, making f32 of
 * f16. The graph keeps it, so that the input has a gradient of its own.
 */
export function operandOf(
  { op: { lowering }, inputs, attributes }: Node,
  i: number,
): KernelOperand {
  const input = inputs[i] as Node;
  const reads = lowering.kind === 'kernel' ? lowering : undefined;
  const before = reads?.readsTransposed ? untransposed(input) : undefined;
  const { shape } = before ?? input;
  const memory = memoryOf(before ?? input);
  const from = memory.leaf || !memory.op.casts ? undefined : memory.inputs[0];
  const isHalves = from?.dtype === 'f16' && reads?.readsHalves?.(i, inputs, attributes);
  return {
    node: from && isHalves ? memoryOf(from) : memory,
    shape,
    transposed: before !== undefined,
  };
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
