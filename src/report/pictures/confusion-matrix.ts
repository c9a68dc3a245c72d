import { requireChoice, requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { shorten, textWidth, widest } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { inkOn, mix, type Theme } from '../theme.ts';

export interface ConfusionOptions {
  readonly title?: string;
  /** What the cells show: counts, or shares of their row in percent. Default 'counts'. */
  readonly show?: 'counts' | 'shares';
}

/**
 * How often each true class (row) was predicted as each class (column). Colours are always shares
 * of the row, so that a rare class reads like a frequent one. Cells get too small for numbers
 * beyond 40 classes.
 *
 * @param counts shape [classes, classes], row = true class
 * @throws ShapeError where the counts are not square or the names not one for each class
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  classNames: readonly string[],
  options: ConfusionOptions = {},
): Picture {
  requireOptions('confusionMatrix', options, ['title', 'show']);
  const { title = 'Confusion matrix', show = 'counts' } = options;
  requireChoice('confusionMatrix', { show }, ['counts', 'shares']);
  const classes = counts.length;
  if (classNames.length !== classes || counts.some((row) => row.length !== classes)) {
    throw new ShapeError(
      `confusionMatrix: ${classNames.length} names for [${classes}, ${counts[0]?.length ?? 0}] counts; ` +
        'give as many rows, columns and names as there are classes.',
    );
  }
  const heading = show === 'counts' ? title : `${title} (% of each true class)`;
  const names = classNames.map((name) => shorten(name, 24));
  const cells = counts.flatMap((row, y) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, x) => {
      const share = total === 0 ? 0 : count / total;
      const text = show === 'counts' ? String(count) : total === 0 ? '–' : (share * 100).toFixed(1);
      return { x, y, share, text };
    });
  });
  const matrix = { heading, names, cells };
  return { ...drawn(matrix, 34, 12), narrow: drawn(matrix, 24, 5) };
}

interface Matrix {
  readonly heading: string;
  readonly names: readonly string[];
  readonly cells: readonly { x: number; y: number; share: number; text: string }[];
}

/** @param least the side of a cell, or more where its number needs it with some room around */
function drawn({ heading, names, cells }: Matrix, least: number, room: number): Picture {
  const classes = names.length;
  const numbered = classes <= 40;
  const cell = numbered ? Math.max(least, widest(cells.map(({ text }) => text)) + room) : 10;
  const slanted = widest(names) > cell - 6;
  const left = widest(names) + 50;
  const bottom = (slanted ? widest(names) : 18) + 48;
  const side = Math.max(cell * classes, 200);
  return {
    title: heading,
    width: Math.max(left + side + 24, textWidth(heading, 16) + 40),
    height: 56 + side + bottom,
    option: (theme) => ({
      grid: { left, top: 56, width: side, height: side },
      xAxis: {
        type: 'category',
        data: names,
        name: 'predicted class',
        nameGap: bottom - 30,
        axisLabel: { interval: numbered ? 0 : 'auto', rotate: slanted ? 90 : 0 },
        axisTick: { show: false },
      },
      yAxis: {
        type: 'category',
        data: names,
        inverse: true,
        name: 'true class',
        nameGap: left - 22,
        axisLabel: { interval: numbered ? 0 : 'auto' },
        axisTick: { show: false },
      },
      // ECharts draws no heat map without a colour scale.
      visualMap: {
        show: false,
        min: 0,
        max: 1,
        dimension: 2,
        inRange: { color: theme.sequential },
      },
      series: [
        {
          type: 'heatmap',
          data: cells.map(({ x, y, share, text }) => ({
            value: [x, y, share],
            label: { show: numbered, formatter: () => text, color: ink(share, theme) },
          })),
          itemStyle: { borderColor: theme.background, borderWidth: numbered ? 1 : 0 },
        },
      ],
    }),
  };
}

function ink(share: number, theme: Theme): string {
  return inkOn(mix(...theme.sequential, share));
}
