import type { Value } from './graph.ts';

/** An operand of a node that has so many. */
export function operand(node: Value, index: number): Value {
  const arg = node.args[index];
  if (!arg) throw new Error(`${node.op} has no operand ${index}`);
  return arg;
}

/** One of the numbers in a node's instruction. */
export function immediate(node: Value, index = 0): number {
  const number = node.imm[index];
  if (number === undefined) throw new Error(`${node.op} has no number ${index}`);
  return number;
}
