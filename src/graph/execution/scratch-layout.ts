import type { Device } from '../../device/device.ts';
import { OutOfMemoryError } from '../../errors.ts';
import { byteSize } from '../../kernels/dtype.ts';
import type { Node } from '../node.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { nodesOf } from '../schedule/step.ts';
import { assignBuffers, type Lifetime } from './buffer-assignment.ts';

/** A part of a scratch buffer; the buffers themselves may be replaced between two runs. */
export interface ScratchPlace {
  readonly buffer: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A schedule, with what was a leaf and a result when the graph was captured. */
interface Scheduled extends Schedule {
  readonly leaves: ReadonlySet<Node>;
  readonly results: readonly Node[];
}

/**
 * Finds room for everything that is computed: values with disjoint lifetimes share buffers.
 * @throws OutOfMemoryError where the device cannot bind as much as one of them takes
 */
export function layOut(
  { steps, placements, temporaries, leaves, results }: Scheduled,
  device: Device,
) {
  const lifetimes: { bytes: number; first: number; last: number }[] = [];
  const indexOf = new Map<Node, number>();
  const holder = (node: Node) => placements.get(node)?.pack ?? node;
  const touch = (node: Node, step: number) => {
    const held = holder(node);
    const known = indexOf.get(held);
    if (known === undefined) {
      const bytes = requireBindable(held, `The result of ${held.op.name}`, device);
      indexOf.set(held, lifetimes.push({ bytes, first: step, last: step }) - 1);
    } else {
      (lifetimes[known] as { last: number }).last = step;
    }
  };
  const scratch = new Map<Node, number[]>();
  steps.forEach((step, i) => {
    for (const operand of nodesOf(step)) if (!leaves.has(operand)) touch(operand, i);
    const sizes = temporaries.get(step.node);
    if (!sizes) return;
    const known = scratch.get(step.node);
    if (!known) {
      const what = `What ${step.node.op.name} keeps in between`;
      const made = sizes.map((size) => {
        const bytes = requireBindable(step.node, what, device, size);
        return lifetimes.push({ bytes, first: i, last: i }) - 1;
      });
      scratch.set(step.node, made);
    } else {
      for (const t of known) (lifetimes[t] as { last: number }).last = i;
    }
  });
  for (const result of results) touch(result, Number.POSITIVE_INFINITY);
  const { buffers, placeOf } = assignBuffers(lifetimes as Lifetime[]);
  const place = (lifetime: number, bytes: number, offset = 0): ScratchPlace => ({
    buffer: placeOf[lifetime] as number,
    offset,
    bytes,
  });
  return {
    buffers,
    placeOf: (node: Node) =>
      place(indexOf.get(holder(node)) as number, bytesOf(node), placements.get(node)?.offset),
    temporaryOf: (node: Node, t: number) => {
      const lifetime = (scratch.get(node) as number[])[t] as number;
      return place(lifetime, (lifetimes[lifetime] as Lifetime).bytes);
    },
  };
}

/** The bytes that a value, or something else of a node, takes. @throws OutOfMemoryError where they are too many */
export function requireBindable(
  node: Node,
  what: string,
  { limits, name }: Device,
  bytes = bytesOf(node),
): number {
  const most = limits.maxBindingBytes;
  if (bytes <= most) return bytes;
  throw new OutOfMemoryError(
    `${what}, ${node.dtype}[${node.shape}], takes ${bytes} bytes, but ${name} binds at most ${most} at once. ` +
      'Use a smaller batch or split the tensor.',
  );
}

function bytesOf(node: Node): number {
  return byteSize(node.size, node.dtype);
}
