import { MODEL_TITLES } from '../models/titles.ts';
import {
  DATA_TITLES,
  DEVICE_TITLES,
  FIELDS,
  NAMES,
  OPTIMIZER_TITLES,
  type Settings,
  settingsFrom,
} from '../settings/settings.ts';
import { element, make } from './element.ts';

const CHOICES = {
  data: DATA_TITLES,
  model: MODEL_TITLES,
  optimizer: OPTIMIZER_TITLES,
  device: DEVICE_TITLES,
};

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The controls of the settings: each says what is wrong with it, and all together are the settings. */
export class SettingsForm {
  readonly #form = element('settings', HTMLFormElement);

  /** `onChange` is told of settings that a visitor has changed, once all make sense. */
  constructor(settings: Settings, onChange: (settings: Settings) => void) {
    for (const [name, titles] of Object.entries(CHOICES)) {
      const options = Object.entries(titles).map(([value, text]) =>
        make('option', { value, text }),
      );
      element(name, HTMLSelectElement).append(...options);
    }
    this.write(settings);
    this.#form.addEventListener('change', () => {
      if (this.#check()) onChange(this.read());
    });
    this.#form.addEventListener('submit', (event) => event.preventDefault());
  }

  read(): Settings {
    return settingsFrom((name) => this.#control(name).value);
  }

  write(settings: Settings): void {
    for (const name of NAMES) this.#control(name).value = String(settings[name] ?? '');
    this.#check();
  }

  /** Shows at each control what is wrong with it; whether nothing is. */
  #check(): boolean {
    const faults = NAMES.map((name) => {
      const control = this.#control(name);
      const reading = FIELDS[name].read(control.value);
      const fault = 'fault' in reading ? reading.fault : '';
      control.setAttribute('aria-invalid', String(fault !== ''));
      const message = document.getElementById(`${name}-fault`);
      if (message) message.textContent = fault && `It ${fault}.`;
      return fault;
    });
    const { model } = this.read();
    element('layers-editor', HTMLElement).hidden = model !== 'custom';
    return faults.every((fault) => fault === '');
  }

  #control(name: keyof Settings): Control {
    return this.#form.elements.namedItem(name) as Control;
  }
}
