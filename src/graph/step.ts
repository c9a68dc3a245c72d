import type { Binding, Launch } from '../kernels/launch.ts';
import type { FusedKernel, ScalarParam } from './fused-kernel.ts';
import type { Node } from './node.ts';
import { viewOf } from './view.ts';

/** A dispatch whose operands are still nodes: which memory they get is decided later. */
export interface Step {
  readonly launch: Launch;
  /** The node this dispatch helps to compute. */
  readonly node: Node;
  /** The nodes behind `launch.bindings`; undefined where a binding is scratch. */
  readonly operands: readonly (Node | undefined)[];
  readonly scalars: readonly ScalarParam[];
  readonly writes: boolean;
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

export function fusedStep(node: Node, kernel: FusedKernel): Step {
  const bindings: Binding[] = kernel.loads.map((_, input) => ({ input }));
  const scalars = kernel.params.filter((param): param is ScalarParam => typeof param !== 'number');
  let next = 0;
  const params = kernel.params.map((param) =>
    typeof param === 'number' ? param : { scalar: next++ },
  );
  return {
    launch: {
      program: kernel.program,
      bindings: [...bindings, { output: true }],
      params,
      workgroups: kernel.workgroups,
    },
    node,
    operands: [...kernel.loads, node],
    scalars,
    writes: true,
  };
}
