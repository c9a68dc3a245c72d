import type { LayerFacts, ModelFacts } from '../protocol.ts';
import { element, make, show } from './element.ts';
import { latest } from './latest.ts';
import { whole } from './texts.ts';
import type { WorkerClient } from './worker-client.ts';

/** The layers with their shapes and parameters; those of a list that is edited as it is typed. */
export class ModelPanel {
  readonly #client: WorkerClient;
  readonly #editor = element('layers', HTMLTextAreaElement);

  constructor(client: WorkerClient) {
    this.#client = client;
    const describe = latest(() => this.#describe());
    this.#editor.addEventListener('input', describe);
    element('model', HTMLSelectElement).addEventListener('change', ({ currentTarget }) => {
      if (currentTarget instanceof HTMLSelectElement && currentTarget.value === 'custom')
        describe();
    });
  }

  begin(facts: ModelFacts): void {
    this.#show(facts);
    this.#blame('', '');
  }

  async #describe(): Promise<void> {
    const { value: text } = this.#editor;
    const { facts, fault } = await this.#client.ask('describe', text);
    if (facts) this.#show(facts);
    if (!fault) return this.#blame('', '');
    const line = text.split('\n')[fault.line - 1] ?? '';
    const pointer = `${' '.repeat(fault.column - 1)}^`;
    this.#blame(
      `Line ${fault.line}, column ${fault.column}: ${fault.message}`,
      `${line}\n${pointer}`,
    );
  }

  #blame(message: string, excerpt: string): void {
    this.#editor.setAttribute('aria-invalid', String(message !== ''));
    show('layer-list-fault', message);
    show('layer-list-excerpt', excerpt);
    element('layer-list-excerpt', HTMLPreElement).hidden = message === '';
  }

  #show({ layers, parameters }: ModelFacts): void {
    element('layer-rows', HTMLTableSectionElement).replaceChildren(...layers.map(rowOf));
    show('parameters', whole(parameters));
  }
}

function rowOf({ path, type, depth, shape, parameters }: LayerFacts): HTMLTableRowElement {
  const name = make('th', { scope: 'row', title: path }, type);
  name.style.paddingLeft = `${depth - 1}rem`;
  return make(
    'tr',
    {},
    name,
    make('td', {}, shape.join(' × ')),
    make('td', { className: 'number' }, parameters > 0 ? whole(parameters) : ''),
  );
}
