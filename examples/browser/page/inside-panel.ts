import type { LayerFacts, Tiles } from '../protocol.ts';
import { drawGray } from './bitmap.ts';
import { element, make, show } from './element.ts';
import { keepFresh } from './refresh.ts';
import { drawTiles } from './tiles.ts';
import type { WorkerClient } from './worker-client.ts';

/** What a chosen layer makes of a chosen image, and its filters. */
export class InsidePanel {
  readonly #client: WorkerClient;
  readonly #layers = element('inside-layer', HTMLSelectElement);
  readonly #refresh: () => void;
  #image: Uint8Array | undefined;

  constructor(client: WorkerClient) {
    this.#client = client;
    this.#refresh = keepFresh(element('inside', HTMLElement), client, () => this.#look());
    this.#layers.addEventListener('change', this.#refresh);
  }

  async begin(layers: readonly LayerFacts[]): Promise<void> {
    const former = this.#layers.value;
    const shown = layers.filter(({ type }) => type !== 'sequential');
    this.#layers.replaceChildren(
      ...shown.map(({ path, type, shape }) =>
        make('option', { value: path }, `${path}: ${type}, ${shape.join(' × ')}`),
      ),
    );
    if (shown.some(({ path }) => path === former)) this.#layers.value = former;
    if (!this.#image) {
      const { pixels } = await this.#client.ask('testImage', 0);
      this.#image ??= pixels;
    }
    this.#refresh();
  }

  /** Chooses the image to look at. */
  choose(image: Uint8Array): void {
    this.#image = image;
    this.#refresh();
  }

  async #look(): Promise<void> {
    const { value: path } = this.#layers;
    const image = this.#image;
    if (!path || !image) return;
    const { activations, filters } = await this.#client.ask('viewLayer', path, image);
    drawGray(element('inside-image', HTMLCanvasElement), image);
    showTiles('activations', activations, 'outputs');
    showTiles('filters', filters, 'filters');
  }
}

function showTiles(id: string, tiles: Tiles | undefined, what: string): void {
  const canvas = element(id, HTMLCanvasElement);
  canvas.hidden = !tiles;
  if (!tiles) {
    show(`${id}-facts`, `This layer has no ${what} to draw.`);
    return;
  }
  const largest = drawTiles(canvas, tiles);
  const some = tiles.count < tiles.of ? `${tiles.count} of ${tiles.of}` : `${tiles.of}`;
  show(
    `${id}-facts`,
    `${some} of ${tiles.height} × ${tiles.width}, from −${largest.toPrecision(2)} (blue) to ${largest.toPrecision(2)} (red).`,
  );
}
