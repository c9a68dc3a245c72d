import type { Value } from './graph.ts';

const cell = new DataView(new ArrayBuffer(4));

/** The bits of an f32 as an i32. */
export function bitsOf(value: number): number {
  cell.setFloat32(0, value);
  return cell.getInt32(0);
}

export function floatOf(bits: number): number {
  cell.setInt32(0, bits);
  return cell.getFloat32(0);
}

/** The integer of a constant node. */
export function constantOf(node: Value): number | undefined {
  return node.op === 'i32.const' ? node.imm[0] : undefined;
}
