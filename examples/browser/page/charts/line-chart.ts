import { Chart, type Colours, type Option } from './echarts.ts';
import type { Point } from './thinned-series.ts';

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  /** Whether each point is marked, as where there are few. */
  readonly isMarked?: boolean;
}

export interface Axes {
  readonly x: string;
  /** With its unit. */
  readonly y: string;
  /** From 0 to 1, shown in per cent. */
  readonly isShare?: boolean;
}

/** Lines over steps, which say their numbers where one points. */
export class StepChart {
  readonly #chart: Chart;
  readonly #axes: Axes;

  constructor(container: HTMLElement, axes: Axes) {
    this.#chart = new Chart(container);
    this.#axes = axes;
  }

  draw(lines: readonly Line[]): void {
    this.#chart.draw((colours) => optionOf(lines, this.#axes, colours));
  }
}

function optionOf(lines: readonly Line[], { x, y, isShare }: Axes, colours: Colours): Option {
  const label = { color: colours.muted, fontSize: 12 };
  const axis = {
    nameTextStyle: label,
    axisLabel: label,
    axisLine: { lineStyle: { color: colours.line } },
    splitLine: { lineStyle: { color: colours.line } },
  };
  const shown = (value: number) =>
    isShare ? `${(100 * value).toFixed(1)} %` : value.toPrecision(3);
  return {
    animation: false,
    color: [...colours.categories],
    grid: { left: 52, right: 16, top: 36, bottom: 40 },
    legend: { top: 0, textStyle: { ...label, color: colours.text } },
    tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => shown(Number(value)) },
    xAxis: {
      ...axis,
      type: 'value',
      name: x,
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { show: false },
      min: 0,
      minInterval: 1,
    },
    yAxis: {
      ...axis,
      type: 'value',
      name: y,
      nameLocation: 'middle',
      nameGap: 38,
      min: 0,
      ...(isShare && { max: 1 }),
      axisLabel: { ...label, ...(isShare && { formatter: (value: number) => `${100 * value}%` }) },
    },
    series: lines.map(({ name, points, isMarked = false }) => ({
      type: 'line',
      name,
      data: [...points],
      showSymbol: isMarked || points.length === 1,
      symbolSize: 7,
      lineStyle: { width: 2 },
    })),
  };
}
