import type { Program } from '../../device/device.ts';
import { Node } from '../node.ts';
import type { ScalarParam } from './expression-text.ts';
import type { FusedKernel } from './fused-kernel.ts';

/** Scratch of the node that a dispatch helps to compute, by number. */
interface Temporary {
  readonly temporary: number;
}

/** A dispatch whose operands are still nodes: which memory they get is decided later. */
export interface Step {
  readonly program: Program;
  /** The node this dispatch helps to compute. */
  readonly node: Node;
  /** What is bound, in the order of the shader's bindings. */
  readonly operands: readonly (Node | Temporary)[];
  /** The words of the parameter block. */
  readonly params: readonly (number | ScalarParam)[];
  readonly workgroups: number;
  /** The nodes whose values it leaves behind. */
  readonly written: readonly Node[];
}

/** The nodes among a dispatch's operands. */
export function nodesOf({ operands }: Step): Node[] {
  return operands.filter((operand) => operand instanceof Node);
}

export function fusedStep(node: Node, kernel: FusedKernel): Step {
  const { program, loads, params, workgroups } = kernel;
  return {
    program,
    node,
    operands: [...loads, node],
    params,
    workgroups,
    written: [node],
  };
}
