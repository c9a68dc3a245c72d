import type { JudgedImage, Judgement } from '../protocol.ts';
import { drawGray } from './bitmap.ts';
import { element, make, show } from './element.ts';
import { keepFresh } from './refresh.ts';
import { counted, percent } from './texts.ts';
import type { WorkerClient } from './worker-client.ts';

/** Test images with what the model takes them for, wrong ones first, and which classes it confuses. */
export class TestPanel {
  readonly #onChoice: (image: JudgedImage) => void;
  #classes: readonly string[] = [];
  readonly #refresh: () => void;

  /** `onChoice` is told of an image that a visitor wants to look at. */
  constructor(client: WorkerClient, onChoice: (image: JudgedImage) => void) {
    this.#onChoice = onChoice;
    const section = element('test', HTMLElement);
    this.#refresh = keepFresh(section, client, async () => {
      if (this.#classes.length > 0) this.#show(await client.ask('judge'));
    });
  }

  begin(classes: readonly string[]): void {
    this.#classes = classes;
    this.#refresh();
  }

  #show({ steps, wrong, confusion, images }: Judgement): void {
    const total = confusion.reduce((sum, count) => sum + count, 0);
    const share = `${counted(wrong, 'image')} of ${total} wrong (${percent(wrong / total)})`;
    show('test-facts', `${share} after ${counted(steps, 'step')}.`);
    element('test-images', HTMLUListElement).replaceChildren(
      ...images.map((image) => make('li', {}, this.#picture(image))),
    );
    element('confusion', HTMLTableElement).replaceChildren(...this.#rows(confusion));
  }

  #picture(image: JudgedImage): HTMLButtonElement {
    const [label, prediction] = [image.label, image.prediction].map((i) => this.#classes[i] ?? i);
    const isRight = image.label === image.prediction;
    const canvas = make('canvas', { ariaHidden: 'true' });
    drawGray(canvas, image.pixels);
    const said = isRight ? `✓ ${label}` : `✗ ${label}, not ${prediction}`;
    const button = make(
      'button',
      {
        type: 'button',
        className: isRight ? 'right' : 'wrong',
      },
      canvas,
      make('span', { className: 'hidden' }, `Test image ${image.index}: `),
      make('span', {}, said),
      make('span', {}, percent(image.share)),
    );
    button.addEventListener('click', () => this.#onChoice(image));
    return button;
  }

  #rows(confusion: Uint32Array): HTMLElement[] {
    const classes = this.#classes;
    const heads = classes.map((name) => make('th', { scope: 'col' }, name));
    const corner = make('td', {}, 'is \\ read as');
    const rows = classes.map((name, row) => {
      const counts = confusion.subarray(row * classes.length, (row + 1) * classes.length);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const cells = Array.from(counts, (count, column) => {
        const cell = make('td', { className: row === column ? 'right' : 'wrong' }, String(count));
        cell.style.setProperty('--share', String(total > 0 ? count / total : 0));
        return cell;
      });
      return make('tr', {}, make('th', { scope: 'row' }, name), ...cells);
    });
    const caption = make('caption', {}, 'How often each class (rows) is read as each (columns)');
    return [
      caption,
      make('thead', {}, make('tr', {}, corner, ...heads)),
      make('tbody', {}, ...rows),
    ];
  }
}
