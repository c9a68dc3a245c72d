import { shorten, widest } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { finite } from './line-chart.ts';

/** Scores in [0, 1] side by side: one group of bars for each name. */
export interface Bars {
  /** Of classes or of models. */
  readonly names: readonly string[];
  /** Such as precision, recall and F1: a value for each name, null where it is undefined. */
  readonly scores: readonly {
    readonly name: string;
    readonly values: readonly (number | null | undefined)[];
  }[];
}

/** Precision, recall and F1 for each class, or the F1 of several models, as grouped bars. */
export function f1Bars({ names, scores }: Bars, title = 'Precision, recall and F1'): Picture {
  const labels = names.map((name) => shorten(name, 28));
  // Two decimals above each bar need this much; many bars go without.
  const numbered = names.length * scores.length <= 36;
  const group = Math.max(scores.length * (numbered ? 34 : 12) + 16, 40);
  const plot = Math.max(group * names.length, 360);
  const slanted = widest(labels) > plot / names.length - 6;
  const bottom = (slanted ? widest(labels) : 18) + 24;
  return {
    title,
    width: 76 + plot + 24,
    height: 92 + 280 + bottom,
    option: (theme) => ({
      grid: { left: 76, top: 92, width: plot, height: 280 },
      legend: { left: 68, top: 44, itemGap: 28, data: scores.map(({ name }) => ({ name })) },
      xAxis: {
        type: 'category',
        data: labels,
        axisLabel: { interval: 0, rotate: slanted ? 90 : 0 },
        axisTick: { show: false },
      },
      yAxis: { type: 'value', min: 0, max: 1, name: 'score', nameGap: 46 },
      series: scores.map(({ name, values }) => ({
        name,
        type: 'bar',
        data: names.map((_, at) => (finite(values[at]) ? values[at] : '-')),
        barGap: '8%',
        barCategoryGap: '18%',
        barMaxWidth: 48,
        label: {
          show: numbered,
          position: 'top',
          distance: 3,
          fontSize: 11,
          color: theme.text,
          formatter: ({ value }: { value: number | string }) =>
            typeof value === 'number' ? value.toFixed(2) : '',
        },
      })),
    }),
  };
}
