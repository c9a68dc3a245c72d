import { extremes } from '../extremes.ts';
import { decades, emptyNote, logLabel, shorten, textWidth, widest } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { mix, type Theme } from '../theme.ts';

/** The gradient's norm in each layer after each epoch, of one run. */
export interface GradientNorms {
  readonly name: string;
  /** From the input to the output. */
  readonly layers: readonly string[];
  readonly epochs: readonly number[];
  /** Shape [epochs, layers]; what is not above 0 has no logarithm and is a gap. */
  readonly norms: readonly (readonly (number | null | undefined)[])[];
}

const PLOT = { width: 380, height: 300, left: 84, top: 84, gap: 36 };

/**
 * Gradient norms from the first layer to the last, a line for each epoch, on a logarithmic axis
 * that all runs share: whether gradients vanish with depth is seen at a glance, and whether a
 * shortcut helps by the runs side by side.
 */
export function gradientNorms(
  runs: readonly GradientNorms[],
  title = 'Gradient norm by layer',
): Picture {
  const epochs = runs.flatMap((run) => run.epochs);
  const [first, last] = extremes(epochs);
  const norms = runs.flatMap((run) => run.norms.flat()).filter(positive);
  const labels = runs.map(({ layers }) => layers.map((layer) => shorten(layer, 30)));
  const room = widest(labels.flat());
  const bottom = room + 44;
  const left = (panel: number) => PLOT.left + panel * (PLOT.width + PLOT.gap);
  const colour = (epoch: number, theme: Theme) =>
    mix(...fromFaint(theme), last === first ? 1 : (epoch - first) / (last - first));
  return {
    title,
    width: Math.max(left(runs.length) + 70, textWidth(title, 18) + 60),
    height: PLOT.top + PLOT.height + bottom,
    option: (theme) => ({
      title: [
        { text: title },
        ...runs.map(({ name }, panel) => ({
          text: shorten(name, 48),
          left: left(panel),
          top: PLOT.top - 30,
          padding: 0,
          textStyle: { fontSize: 13, color: theme.text, fontWeight: 600 },
        })),
      ],
      grid: runs.map((_, panel) => ({ ...PLOT, left: left(panel), height: PLOT.height })),
      xAxis: labels.map((names, panel) => ({
        type: 'category',
        gridIndex: panel,
        data: names,
        boundaryGap: false,
        name: 'layer, input to output',
        nameGap: room + 20,
        axisLabel: { rotate: 90, interval: names.length > 24 ? 'auto' : 0 },
      })),
      yAxis: runs.map((_, panel) => ({
        type: 'log',
        gridIndex: panel,
        ...decades(norms),
        name: panel === 0 ? 'gradient norm (L2)' : '',
        nameGap: 60,
        axisLabel: { show: panel === 0, formatter: logLabel },
      })),
      visualMap: {
        type: 'continuous',
        show: last > first,
        min: first,
        max: last,
        right: 8,
        top: PLOT.top,
        itemHeight: 220,
        itemWidth: 14,
        text: [`epoch ${last}`, `epoch ${first}`],
        calculable: false,
        seriesIndex: [],
        inRange: { color: fromFaint(theme) },
      },
      graphic:
        norms.length > 0
          ? []
          : [emptyNote(left(0) + PLOT.width / 2, PLOT.top + PLOT.height / 2, theme)],
      series: runs.flatMap((run, panel) =>
        run.epochs.map((epoch, at) => ({
          type: 'line',
          xAxisIndex: panel,
          yAxisIndex: panel,
          data: run.layers.map((_, layer) => {
            const norm = run.norms[at]?.[layer];
            return positive(norm) ? norm : '-';
          }),
          symbol: 'circle',
          symbolSize: 5,
          showAllSymbol: true,
          lineStyle: { width: 1.5, color: colour(epoch, theme) },
          itemStyle: { color: colour(epoch, theme) },
        })),
      ),
    }),
  };
}

/** The sequential scale without its faint end, where a line could not be seen. */
function fromFaint({ sequential: [faint, strong] }: Theme): [string, string] {
  return [mix(faint, strong, 0.3), strong];
}

function positive(norm: number | null | undefined): norm is number {
  return typeof norm === 'number' && norm > 0 && Number.isFinite(norm);
}
