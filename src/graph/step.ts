import type { Binding, Launch } from '../kernels/launch.ts';
import type { FusedKernel, ScalarParam } from './fused-kernel.ts';
import type { Node } from './node.ts';

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
  while (!at.leaf && at.op.lowering.kind === 'view' && isReshape(at)) at = at.inputs[0] as Node;
  return at;
}

function isReshape(node: Node): boolean {
  const { lowering } = node.op;
  return lowering.kind === 'view' && lowering.map(node.attributes, node.shape).kind === 'reshape';
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
