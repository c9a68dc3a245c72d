import { centredDigit, SIDE } from '../drawing/centred.ts';
import { DrawingPad } from '../drawing/pad.ts';
import { drawGray } from './bitmap.ts';
import { element, make, show } from './element.ts';
import { latest } from './latest.ts';
import { percent } from './texts.ts';
import type { WorkerClient } from './worker-client.ts';

/** A canvas to draw on, what the network sees of it, and what it takes it for. */
export class DrawingPanel {
  readonly #client: WorkerClient;
  readonly #pad: DrawingPad;
  #image: Uint8Array | undefined;
  #classes: readonly string[] = [];
  #testImages = 0;
  #isReady = false;
  readonly #classify = latest(() => this.#askAndShow());

  /** `onLook` is told of a drawing, as the network sees it, that a visitor wants to look inside with. */
  constructor(client: WorkerClient, onLook: (image: Uint8Array) => void) {
    this.#client = client;
    element('look', HTMLButtonElement).addEventListener('click', () => {
      if (this.#image) onLook(this.#image);
    });
    this.#pad = new DrawingPad(element('pad', HTMLCanvasElement), () => this.#see());
    element('clear', HTMLButtonElement).addEventListener('click', () => this.#pad.clear());
    element('sample', HTMLButtonElement).addEventListener('click', () => void this.#sample());
    client.on('progress', () => this.#classify());
    client.on('state', () => this.#classify());
  }

  /** Takes part in a training that has just been set up. */
  begin(classes: readonly string[], testImages: number): void {
    this.#classes = classes;
    this.#testImages = testImages;
    this.#isReady = true;
    this.#classify();
  }

  #see(): void {
    this.#image = centredDigit(this.#pad.ink());
    drawGray(element('seen', HTMLCanvasElement), this.#image ?? new Uint8Array(SIDE * SIDE));
    this.#classify();
  }

  async #sample(): Promise<void> {
    const index = Math.floor(Math.random() * this.#testImages);
    const { pixels } = await this.#client.ask('testImage', index);
    this.#pad.show(pixels, SIDE);
  }

  async #askAndShow(): Promise<void> {
    if (!this.#isReady) return;
    const asked = this.#image;
    const shares = asked ? await this.#client.ask('classify', asked) : this.#classes.map(() => 0);
    const best = shares.indexOf(Math.max(...shares));
    show(
      'answer',
      asked
        ? `It reads: ${this.#classes[best]}, with ${percent(shares[best] ?? 0)}`
        : 'Nothing is drawn yet.',
    );
    element('probabilities', HTMLTableSectionElement).replaceChildren(
      ...shares.map((share, i) =>
        row(this.#classes[i] ?? '', share, asked !== undefined && i === best),
      ),
    );
  }
}

function row(name: string, share: number, isBest: boolean): HTMLTableRowElement {
  const bar = make('span', { className: 'bar' });
  bar.style.width = `${100 * share}%`;
  return make(
    'tr',
    { className: isBest ? 'best' : '' },
    make('th', { scope: 'row' }, name),
    make('td', { ariaHidden: 'true' }, bar),
    make('td', { className: 'number' }, percent(share)),
  );
}
