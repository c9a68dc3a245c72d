import { element, make, show } from './element.ts';
import type { WorkerClient } from './worker-client.ts';

/** Weights and images as files, in and out: by buttons, or dropped on the page. */
export class FilesPanel {
  readonly #client: WorkerClient;
  readonly #onImages: () => void;

  /** `onImages` is told that the worker has a data set of the visitor's. */
  constructor(client: WorkerClient, onImages: () => void) {
    this.#client = client;
    this.#onImages = onImages;
    element('save', HTMLButtonElement).addEventListener('click', () =>
      this.#try(() => this.#save()),
    );
    for (const id of ['weights-file', 'image-files']) {
      const input = element(id, HTMLInputElement);
      input.addEventListener('change', () => {
        const files = [...(input.files ?? [])];
        input.value = ''; // so that the same file can be chosen again
        void this.#take(files);
      });
    }
    element('copy', HTMLButtonElement).addEventListener('click', () =>
      this.#try(async () => {
        await navigator.clipboard.writeText(location.href);
        say('The link is in the clipboard.');
      }),
    );
    addEventListener('dragover', (event) => event.preventDefault());
    addEventListener('drop', (event) => {
      event.preventDefault();
      void this.#take([...(event.dataTransfer?.files ?? [])]);
    });
  }

  async #take(files: readonly File[]): Promise<void> {
    const [first] = files;
    if (!first) return;
    await this.#try(async () => {
      if (first.name.endsWith('.safetensors')) {
        await this.#client.ask('setWeights', first);
        say(`The model has the weights of ${first.name}.`);
      } else {
        await this.#client.ask('takeFiles', files);
        say(`Images of ${files.length} files are loaded.`);
        this.#onImages();
      }
    });
  }

  async #save(): Promise<void> {
    const file = await this.#client.ask('weights');
    const name = `${element('model', HTMLSelectElement).value}.safetensors`;
    const href = URL.createObjectURL(file);
    make('a', { href, download: name }).click();
    URL.revokeObjectURL(href);
    say(`${name} is saved.`);
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}

function say(sentence: string): void {
  show('files-status', sentence);
}
