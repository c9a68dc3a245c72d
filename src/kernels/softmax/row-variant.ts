import type { DeviceLimits } from '../../device/device.ts';
import { ceilDivide, type LaunchContext } from '../launch.ts';
import { picked, shortlist, sizesOf, type Ways } from '../pick.ts';
import { walkCost } from '../walk-cost.ts';

/** How a kernel walks contiguous rows: `lanes` invocations a part of a row, each `width` elements at a time. */
export interface RowVariant {
  readonly width: 1 | 4;
  /** A power of two up to 256. */
  readonly lanes: number;
  /** Into how many parts a row is cut; of more than one, a pass before finds what they are scaled by. */
  readonly parts: number;
  /** How many elements an invocation reads once and keeps in registers; 0: it walks over them again. */
  readonly held: 0 | 1 | 2 | 4;
  /** Where powers of e come from. */
  readonly power: 'builtin' | 'polynomial';
}

/** What is held is asked for at once; the most takes two loads' time. */
const MOST_HELD = 4;
const MOST_LANES = 256;

/** What is the fastest for a kernel over rows, as far as is known. */
export function pickRowVariant(
  context: LaunchContext,
  name: string,
  rows: number,
  size: number,
): RowVariant {
  return picked(context, `${name} ${sizesOf([rows, size])}`, rowWays(rows, size, context.limits));
}

/** The cheapest ways to walk rows, by name. */
export function rowWays(rows: number, size: number, limits: DeviceLimits): Ways<RowVariant> {
  return shortlist(
    candidates(size, limits),
    (variant) => rowCost(rows, size, variant, limits.lanes),
    ({ width, lanes, parts }) => `${width}x${lanes} in ${parts}`,
  );
}

function candidates(size: number, { cpu }: DeviceLimits): RowVariant[] {
  const width = size % 4 === 0 ? 4 : 1;
  if (cpu) return [{ width, lanes: 1, parts: 1, held: 0, power: 'polynomial' }];
  const length = size / width;
  const whole = [1, 4, 16, 64, MOST_LANES].map((lanes) => ({ lanes, parts: 1 }));
  const parts: { lanes: number; parts: number }[] = [];
  for (let n = 2; n * MOST_LANES <= length; n *= 2) parts.push({ lanes: MOST_LANES, parts: n });
  return [...whole, ...parts].map((some) => {
    const own = ownElements(length, some);
    const held = ([1, 2, MOST_HELD] as const).find((most) => own <= most) ?? 0;
    return { width, ...some, held, power: 'builtin' };
  });
}

/** The elements that an invocation has of a part of a row. */
export function ownElements(length: number, { lanes, parts }: Pick<RowVariant, 'lanes' | 'parts'>) {
  return ceilDivide(ceilDivide(length, parts), lanes);
}

/** Microseconds that it should take on a GPU with so many lanes. */
export function rowCost(
  rows: number,
  size: number,
  { width, parts, held, lanes: perPart }: RowVariant,
  lanes: number,
): number {
  const own = ownElements(size / width, { lanes: perPart, parts });
  const bytes = 4 * rows * size;
  const invocations = rows * parts * perPart;
  const tree = perPart === 1 ? 0 : Math.log2(perPart) + 2;
  // For the highest, the sum, the result.
  const walks = (count: number) => (held > 0 ? 1 + held / MOST_HELD : count * own);
  if (parts === 1) {
    return walkCost({ invocations, steps: walks(3), bytes: 2 * bytes, barriers: 3 * tree }, lanes);
  }
  const seen = { steps: ceilDivide(parts, perPart), bytes: 16 * rows * parts * parts };
  return (
    walkCost({ invocations, steps: walks(2), bytes, barriers: 3 * tree }, lanes) +
    walkCost(
      {
        invocations,
        steps: walks(1) + seen.steps,
        bytes: 2 * bytes + seen.bytes,
        barriers: 3 * tree,
      },
      lanes,
    )
  );
}
