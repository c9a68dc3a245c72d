import { shorten } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { COLOURS } from '../theme.ts';
import { finite, lineChart } from './line-chart.ts';

/** The receiver operating characteristic of one class against the others. */
export interface RocCurve {
  readonly name: string;
  /** False and true positive rates in [0, 1], both rising from 0 to 1; empty for an absent class. */
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  /** The area under the curve in [0, 1]; null where the test set has no such class or no other. */
  readonly auc: number | null;
}

const DASHES = ['solid', 'dashed', 'dotted'] as const;

/**
 * A curve for each class with its AUC in the legend, the diagonal of guessing, and, where all curves come
 * near it, the upper left corner once more, enlarged.
 */
export function roc(
  classes: readonly RocCurve[],
  title = 'ROC, each class against the rest',
): Picture {
  const lines = classes.map(({ name, fpr, tpr, auc }, category) => ({
    name: `${shorten(name, 28)}: AUC ${finite(auc) ? auc.toFixed(4) : 'undefined'}`,
    category,
    dash: DASHES[Math.floor(category / COLOURS) % DASHES.length]!,
    points: visible(fpr.map((x, at) => [x, tpr[at]!] as const)),
    symbols: 'none' as const,
  }));
  const axis = { min: 0, max: 1, interval: 0.2 };
  return lineChart({
    title,
    x: { ...axis, name: 'false positive rate' },
    y: { ...axis, name: 'true positive rate' },
    lines,
    plot: { width: 400, height: 400 },
    corner: cornerOf(classes),
    extra: (theme) => [
      {
        type: 'line',
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        lineStyle: { color: theme.axis, width: 1.5, type: 'dotted' },
      },
    ],
  });
}

/** How far from the corner the enlarged part goes. */
const REACHES = [0.01, 0.02, 0.05, 0.1, 0.2];

/** Axes of the least part in which each curve passes; none where one comes nowhere near. */
function cornerOf(classes: readonly RocCurve[]) {
  const known = classes.filter(({ fpr }) => fpr.length > 0);
  const passes = ({ fpr, tpr }: RocCurve, reach: number) =>
    tpr.some((rate, at) => rate >= 1 - reach && fpr[at]! <= reach);
  const reach = REACHES.find((size) => known.every((curve) => passes(curve, size)));
  if (reach === undefined || known.length === 0) return undefined;
  const axis = { name: '', interval: reach / 2, splitLine: { show: false } };
  return { x: { ...axis, min: 0, max: reach }, y: { ...axis, min: 1 - reach, max: 1 } };
}

/** The points one can tell apart: a curve has one for each score, tens of thousands at times. */
function visible(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const step = 2e-4;
  const kept: (readonly [number, number])[] = [];
  for (const [at, point] of points.entries()) {
    const last = kept.at(-1);
    const near = last && Math.abs(point[0] - last[0]) < step && Math.abs(point[1] - last[1]) < step;
    if (!near || at === points.length - 1) kept.push(point);
  }
  return kept;
}
