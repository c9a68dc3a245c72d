import { shorten, widest } from '../layout.ts';
import type { Picture } from '../picture.ts';
import type { Theme } from '../theme.ts';
import { finite } from './line-chart.ts';

/** The width of a picture for phones, in pixels. */
const PHONE = 370;

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
  const classes = { type: 'category', data: labels, axisTick: { show: false } };
  const score = { type: 'value', min: 0, max: 1, name: 'score' };
  const left = widest(labels) + 32;
  const rows = names.length * (scores.length * 18 + 16);
  return {
    title,
    width: 76 + plot + 24,
    height: 92 + 280 + bottom,
    option: (theme) => ({
      grid: { left: 76, top: 92, width: plot, height: 280 },
      legend: { left: 68, top: 44, itemGap: 28, data: scores.map(({ name }) => ({ name })) },
      xAxis: { ...classes, axisLabel: { interval: 0, rotate: slanted ? 90 : 0 } },
      yAxis: { ...score, nameGap: 46 },
      series: bars(scores, numbered ? 'top' : undefined, theme),
    }),
    // The bars lie down, one class below the other.
    narrow: {
      title,
      width: PHONE,
      height: 92 + rows + 60,
      option: (theme) => ({
        grid: { left, top: 92, width: PHONE - left - 48, height: rows },
        legend: { left: 8, top: 44, itemGap: 12, data: scores.map(({ name }) => ({ name })) },
        xAxis: { ...score, nameGap: 34, interval: 0.5 },
        yAxis: { ...classes, inverse: true, axisLabel: { interval: 0 } },
        series: bars(scores, 'right', theme),
      }),
    },
  };
}

/** A series of bars for each score, with the numbers at their ends unless there is no room. */
function bars(
  scores: Bars['scores'],
  numbers: 'top' | 'right' | undefined,
  theme: Theme,
): object[] {
  return scores.map(({ name, values }) => ({
    name,
    type: 'bar',
    data: values.map((value) => (finite(value) ? value : '-')),
    barGap: '8%',
    barCategoryGap: '18%',
    barMaxWidth: 48,
    label: {
      show: numbers !== undefined,
      position: numbers,
      distance: 3,
      color: theme.text,
      formatter: ({ value }: { value: number | string }) =>
        typeof value === 'number' ? value.toFixed(2) : '',
    },
  }));
}
