import { ownElements, type RowVariant } from '../../../src/kernels/softmax/row-variant.ts';

const widths = [1, 4] as const;
const whole = { parts: 1, held: 0 } as const;

const walked: RowVariant[] = [1, 16, 256].flatMap((lanes) =>
  widths.flatMap((width) =>
    (['builtin', 'polynomial'] as const).map((power) => ({ ...whole, width, lanes, power })),
  ),
);

/** Of each kind one at least: walked, held in registers, and cut into parts of either kind. */
export const variants: readonly RowVariant[] = [
  ...walked,
  { width: 1, lanes: 4, parts: 1, held: 4, power: 'builtin' },
  { width: 4, lanes: 64, parts: 1, held: 4, power: 'builtin' },
  { width: 1, lanes: 16, parts: 3, held: 0, power: 'builtin' },
  { width: 4, lanes: 256, parts: 2, held: 1, power: 'builtin' },
  { width: 4, lanes: 1, parts: 5, held: 0, power: 'polynomial' },
];

/** Whether a variant takes rows of so many elements. */
export function takes(variant: RowVariant, size: number): boolean {
  const { width, held } = variant;
  return size % width === 0 && (held === 0 || ownElements(size / width, variant) <= held);
}

export function nameOf({ width, lanes, parts, held, power }: RowVariant): string {
  return `rows of ${width}, ${lanes} lanes, ${parts} parts, ${held} held, ${power} powers`;
}
