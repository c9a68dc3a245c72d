import { BINDING_ALIGNMENT } from '../device/device.ts';
import { Node } from './node.ts';
import type { Operation } from './operation.ts';

const packOp: Operation = { name: 'pack', lowering: { kind: 'pack' } };

/**
 * Lays f32 nodes out in one flat buffer, each at an offset that can be bound by itself, so that
 * one dispatch can run over all of them. What lies between them has no defined value.
 */
export function pack(nodes: readonly Node[]): Node {
  const { offsets, bytes } = packedLayout(nodes);
  return new Node(packOp, nodes, { shape: [bytes / 4], dtype: 'f32' }, { offsets });
}

/** Where a pack of f32 values of these sizes has each of them, in bytes. */
export function packedLayout(values: readonly { readonly size: number }[]): {
  readonly offsets: readonly number[];
  readonly bytes: number;
} {
  const offsets: number[] = [];
  let bytes = 0;
  for (const { size } of values) {
    offsets.push(bytes);
    bytes += Math.ceil((size * 4) / BINDING_ALIGNMENT) * BINDING_ALIGNMENT;
  }
  return { offsets, bytes };
}
