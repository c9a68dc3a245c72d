import { ShapeError } from '../../errors.ts';
import { emptyNote } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { mix } from '../theme.ts';

/** How often values fell between neighbouring edges, after one epoch. */
export interface EpochHistogram {
  readonly epoch: number;
  /** Rising, one more than there are counts; they may differ from epoch to epoch. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The distribution of weights or gradients over the epochs, as a heat map: epoch across, value up,
 * darker (in the dark theme brighter) where more values are. Colours go with the square root of
 * the density, else one narrow peak hides all the rest.
 *
 * @param y the quantity, such as 'weight' or 'gradient'
 * @throws ShapeError where edges are not one more than counts
 */
export function histograms(title: string, y: string, epochs: readonly EpochHistogram[]): Picture {
  for (const { epoch, edges, counts } of epochs) {
    if (edges.length === counts.length + 1) continue;
    throw new ShapeError(
      `histograms: epoch ${epoch} has ${edges.length} edges for ${counts.length} counts; one more is needed.`,
    );
  }
  const cells = epochs.flatMap(({ epoch, edges, counts }) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.flatMap((count, at) => {
      const [low, high] = [edges[at]!, edges[at + 1]!];
      // A bin of no width holds values that are all the same: a line is drawn for it below.
      return count > 0 ? [{ epoch, low, high, density: count / total / (high - low || 1) }] : [];
    });
  });
  const densest = Math.max(0, ...cells.map(({ density }) => density));
  const numbers = epochs.map(({ epoch }) => epoch);
  return {
    title,
    width: 720,
    height: 420,
    option: (theme) => ({
      grid: { left: 84, top: 56, width: 560, height: 300 },
      xAxis: {
        type: 'value',
        name: 'epoch',
        nameGap: 34,
        minInterval: 1,
        min: Math.min(...numbers) - 0.5,
        max: Math.max(...numbers) + 0.5,
        axisLabel: { formatter: (value: number) => (Number.isInteger(value) ? String(value) : '') },
        splitLine: { show: false },
      },
      yAxis: { type: 'value', name: y, nameGap: 60, scale: true },
      visualMap: {
        type: 'continuous',
        min: 0,
        max: 1,
        right: 8,
        top: 56,
        itemHeight: 240,
        itemWidth: 14,
        text: ['dense', 'none'],
        calculable: false,
        seriesIndex: [],
        inRange: { color: theme.sequential },
      },
      graphic: cells.length > 0 ? [] : [emptyNote(364, 206, theme)],
      series: [
        {
          type: 'custom',
          clip: true,
          encode: { x: 0, y: [1, 2] },
          data: cells.map(({ epoch, low, high, density }) => [epoch, low, high, density]),
          renderItem: (_: unknown, api: CustomApi) => {
            const [left, bottom] = pixel(api, api.value(0) - 0.5, api.value(1));
            const [right, top] = pixel(api, api.value(0) + 0.5, api.value(2));
            const fill = mix(...theme.sequential, Math.sqrt(api.value(3) / densest));
            const [width, height] = [right - left, Math.max(bottom - top, 1)];
            return { type: 'rect', shape: { x: left, y: top, width, height }, style: { fill } };
          },
        },
      ],
    }),
  };
}

/** What ECharts hands to the drawing of a custom series, as far as it is used here. */
interface CustomApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): [number, number];
}

/** Where a point is drawn, to the pixel, so that no gap is left between cells. */
function pixel(api: CustomApi, epoch: number, value: number): [number, number] {
  const [x, y] = api.coord([epoch, value]);
  return [Math.round(x), Math.round(y)];
}
