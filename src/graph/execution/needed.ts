import type { DeviceLimits } from '../../device/device.ts';
import { functionTexts } from '../../kernels/elementwise/function-texts.ts';
import type { Node } from '../node.ts';

/** Loads the kernels that a device computes these nodes by; undefined where they are there already. */
export function loadNeeded(
  nodes: readonly Node[],
  limits: DeviceLimits,
): Promise<unknown> | undefined {
  const needed = new Set(nodes.map((node) => kernelsOf(node, limits)));
  const missing = [...needed].filter((one) => one && !one.isThere);
  return missing.length === 0 ? undefined : Promise.all(missing.map((one) => one?.load()));
}

function kernelsOf({ leaf, op: { lowering } }: Node, limits: DeviceLimits) {
  if (leaf) return undefined;
  if (lowering.kind === 'kernel') return lowering.needs?.(limits);
  return lowering.kind === 'elementwise' && lowering.functions ? functionTexts : undefined;
}
