import type { DeviceLimits } from '../../device/device.ts';
import { copyOf } from '../copy.ts';
import type { Node } from '../node.ts';
import { packedLayout } from '../pack.ts';
import { memoryOf } from '../view.ts';
import { Barrier, fuse } from './fuse.ts';
import { fusedStep, nodesOf, type Step } from './step.ts';

/** Where in a pack's buffer a node lies, in bytes. */
export interface PackPlace {
  readonly pack: Node;
  readonly offset: number;
}

/**
 * Lets the kernels that compute a pack's inputs write straight into it. WebGPU forbids a dispatch
 * to read and write the same buffer, so where that would happen, and for inputs that already have
 * memory, a copy is added to `steps`.
 */
export function placeInPacks(
  packs: readonly Node[],
  steps: Step[],
  limits: DeviceLimits,
): Map<Node, PackPlace> {
  const places = new Map<Node, PackPlace>();
  for (const packed of packs) {
    packedLayout(packed.inputs).offsets.forEach((offset, i) => {
      const input = packed.inputs[i];
      if (!input) return;
      const node = memoryOf(input);
      const place = { pack: packed, offset };
      const isComputed = steps.some(({ written }) => written.includes(node));
      if (isComputed && !places.has(node) && !conflicts(node, packed, places, steps)) {
        places.set(node, place);
        return;
      }
      const copy = copyOf(node);
      const kernel = fuse(copy, (inner) => inner === node, limits);
      if (kernel instanceof Barrier) throw new Error('a copy is always one kernel');
      // Right behind the last dispatch that computes the input, or first where it is a leaf.
      const behind = steps.reduce(
        (last, step, at) => (step.written.includes(node) ? at : last),
        -1,
      );
      steps.splice(behind + 1, 0, fusedStep(copy, kernel));
      places.set(copy, place);
    });
  }
  return places;
}

/** Whether some dispatch would both read and write the pack if `node` lay in it. */
function conflicts(
  node: Node,
  packed: Node,
  places: ReadonlyMap<Node, PackPlace>,
  steps: readonly Step[],
): boolean {
  const inPack = (other: Node) => other === node || places.get(other)?.pack === packed;
  return steps.some((step) => {
    const { written } = step;
    const reads = nodesOf(step).filter((operand) => !written.includes(operand));
    const touches = written.includes(node) || reads.includes(node);
    return touches && written.some(inPack) && reads.some(inPack);
  });
}
