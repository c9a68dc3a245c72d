// The parts of ECharts that the page's charts are made of, in the page's colours.
import { LineChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([
  ...[LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer],
]);

export type Option = Parameters<echarts.ECharts['setOption']>[0];

export interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly categories: readonly string[];
}

/** A chart that fills its container, and follows its size and the page's light or dark colours. */
export class Chart {
  readonly #chart: echarts.ECharts;
  #option: ((colours: Colours) => Option) | undefined;

  constructor(container: HTMLElement) {
    this.#chart = echarts.init(container, null, { renderer: 'svg' });
    new ResizeObserver(() => this.#chart.resize()).observe(container);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  draw(option: (colours: Colours) => Option): void {
    this.#option = option;
    this.#draw();
  }

  #draw(): void {
    if (this.#option) this.#chart.setOption(this.#option(coloursOfPage()), { notMerge: true });
  }
}

function coloursOfPage(): Colours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: colour('--text'),
    muted: colour('--muted'),
    line: colour('--line'),
    categories: ['--blue', '--orange', '--teal', '--magenta'].map(colour),
  };
}
