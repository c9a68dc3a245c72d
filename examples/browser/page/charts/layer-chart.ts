import { Chart, type Colours, type Option } from './echarts.ts';

/** A number for each weight, by its name. */
export interface LayerLine {
  readonly name: string;
  readonly values: ReadonlyMap<string, number>;
}

/** Sizes of gradients from the first layer to the last, on a logarithmic scale. */
export class LayerChart {
  readonly #chart: Chart;

  constructor(container: HTMLElement) {
    this.#chart = new Chart(container);
  }

  draw(lines: readonly LayerLine[]): void {
    this.#chart.draw((colours) => optionOf(lines, colours));
  }
}

function optionOf(lines: readonly LayerLine[], colours: Colours): Option {
  const names = [...new Set(lines.flatMap(({ values }) => [...values.keys()]))].sort(byPosition);
  const label = { color: colours.muted, fontSize: 12 };
  const line = { lineStyle: { color: colours.line } };
  return {
    animation: false,
    color: [...colours.categories],
    grid: { left: 60, right: 16, top: 26 + 22 * lines.length, bottom: 40 },
    legend: { top: 0, left: 0, orient: 'vertical', textStyle: { ...label, color: colours.text } },
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value: unknown) => Number(value).toExponential(2),
    },
    xAxis: {
      type: 'category',
      data: names.map((_, i) => String(i + 1)),
      ...{ name: 'weights, from the first layer to the last', nameLocation: 'middle', nameGap: 24 },
      ...{ nameTextStyle: label, axisLabel: label, axisLine: line },
    },
    yAxis: {
      type: 'log',
      ...{ name: 'gradient, root mean square', nameLocation: 'middle', nameGap: 46 },
      ...{ nameTextStyle: label, axisLine: line, splitLine: line },
      axisLabel: { ...label, formatter: (value: number) => value.toExponential(0) },
    },
    series: lines.map(({ name, values }) => ({
      type: 'line',
      name,
      data: names.map((key) => values.get(key) || null),
      symbolSize: 7,
      connectNulls: true,
    })),
  };
}

/** `layers.2.layers.0` before `layers.10`. */
function byPosition(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
