import { requireList } from '../../arguments.ts';
import type { RankTimes } from '../../train/callbacks/rank-times.ts';
import { widest } from '../layout.ts';
import type { Picture } from '../picture.ts';
import type { Theme } from '../theme.ts';

/** What a rank's time goes to, as pages call it. */
export const RANK_PARTS = [
  { key: 'computing', name: 'computing' },
  { key: 'waiting', name: 'waiting' },
  { key: 'reducing', name: 'all-reduce' },
] as const;

/** The time of which a rank's shares are: that of its training steps. */
export function rankSeconds({ computing, waiting, reducing }: RankTimes): number {
  return computing + waiting + reducing;
}

/** What each rank has done with the time of its training steps: a bar for each, of shares that make 100 %. */
export function rankShares(ranks: readonly RankTimes[], title = 'Time of each rank'): Picture {
  requireList('rankShares', ranks, 'times of ranks, such as callbacks.rankTimes().ranks');
  return drawing(ranks, title, 680, drawing(ranks, title, PHONE));
}

/** The width of a picture for phones, in pixels. */
const PHONE = 370;
/** Shares in per cent below this have no room for their number. */
const NUMBERED = 8;

function drawing(
  ranks: readonly RankTimes[],
  title: string,
  width: number,
  narrow?: Picture,
): Picture {
  const labels = ranks.map(({ rank }) => `rank ${rank}`);
  const left = widest(labels) + 32;
  const rows = ranks.length * 34;
  return {
    title,
    width,
    height: 84 + rows + 56,
    narrow,
    option: (theme) => ({
      grid: { left, top: 84, width: width - left - 32, height: rows },
      legend: {
        left: 8,
        top: 44,
        itemGap: narrow ? 28 : 12,
        data: RANK_PARTS.map(({ name }) => ({ name })),
      },
      xAxis: { type: 'value', min: 0, max: 100, name: 'share of time (%)', nameGap: 30 },
      yAxis: { type: 'category', inverse: true, data: labels, axisTick: { show: false } },
      series: RANK_PARTS.map((part) => bars(part, ranks, theme)),
    }),
  };
}

function bars(
  { key, name }: (typeof RANK_PARTS)[number],
  ranks: readonly RankTimes[],
  theme: Theme,
): object {
  return {
    name,
    type: 'bar',
    stack: 'time',
    barMaxWidth: 26,
    data: ranks.map((rank) => share(rank[key], rankSeconds(rank))),
    label: {
      show: true,
      color: theme.name === 'light' ? theme.text : theme.background,
      formatter: ({ value }: { value: number }) =>
        value >= NUMBERED ? `${Math.round(value)} %` : '',
    },
  };
}

/** In per cent; of no time at all nothing. */
function share(seconds: number, all: number): number {
  return all > 0 ? (100 * seconds) / all : 0;
}
