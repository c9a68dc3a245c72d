import { MODEL_TITLES } from '../models/titles.ts';
import type { Spread, WeightSpreads } from '../protocol.ts';
import type { Settings } from '../settings/settings.ts';
import { LayerChart } from './charts/layer-chart.ts';
import { sparkline } from './charts/sparkline.ts';
import { element, make } from './element.ts';
import { keepFresh } from './refresh.ts';
import { counted } from './texts.ts';
import type { WorkerClient } from './worker-client.ts';

/** Of the models looked at, those of the last few are compared. */
const MOST_COMPARED = 4;

interface Look {
  readonly title: string;
  readonly steps: number;
  readonly spreads: readonly WeightSpreads[];
}

/** Gradients and weights by layer, beside those of the models that were trained before. */
export class GradientPanel {
  readonly #chart = new LayerChart(element('gradient-chart', HTMLElement));
  /** The last look at each model. */
  readonly #looks = new Map<string, Look>();
  #title = '';
  readonly #refresh: () => void;

  constructor(client: WorkerClient) {
    const region = element('spreads-region', HTMLElement);
    region.role = 'region';
    region.ariaLabel = 'Histograms by weight';
    region.tabIndex = 0; // keys scroll it where it is too narrow
    this.#refresh = keepFresh(element('gradients', HTMLElement), client, async () => {
      const asked = this.#title;
      const { steps, spreads } = await client.ask('weightSpreads');
      if (asked === this.#title) this.#show({ title: asked, steps, spreads });
    });
  }

  begin({ model }: Settings): void {
    this.#title = MODEL_TITLES[model];
    this.#refresh();
  }

  #show(look: Look): void {
    this.#looks.delete(look.title);
    this.#looks.set(look.title, look);
    const compared = [...this.#looks.values()].slice(-MOST_COMPARED).reverse();
    element('spreads', HTMLTableSectionElement).replaceChildren(...look.spreads.map(rowOf));
    element('first-layers', HTMLTableSectionElement).replaceChildren(...compared.map(firstLayer));
    this.#chart.draw(
      compared.map(({ title, steps, spreads }) => ({
        name: `${title}, step ${steps}`,
        values: new Map(
          spreads
            .filter(({ name }) => name.endsWith('weight'))
            .map(({ name, gradient }) => [alignedName(name), gradient.rms]),
        ),
      })),
    );
  }
}

/** The main path of a residual takes the place that the same layers have without a shortcut. */
function alignedName(name: string): string {
  return name.replaceAll('.main.', '.');
}

function rowOf({ name, gradient, weight }: WeightSpreads): HTMLTableRowElement {
  return make('tr', {}, make('th', { scope: 'row' }, name), ...cells(gradient), ...cells(weight));
}

function cells({ counts, low, high, rms }: Spread): HTMLTableCellElement[] {
  const range = `from ${low.toExponential(1)} to ${high.toExponential(1)}`;
  return [
    make('td', { title: range }, sparkline(counts)),
    make('td', { className: 'number' }, rms.toExponential(2)),
  ];
}

function firstLayer({ title, steps, spreads }: Look): HTMLTableRowElement {
  const [first] = spreads;
  return make(
    'tr',
    {},
    make('th', { scope: 'row' }, title),
    make('td', {}, counted(steps, 'step')),
    make('td', { className: 'number' }, first?.gradient.rms.toExponential(3) ?? '–'),
  );
}
