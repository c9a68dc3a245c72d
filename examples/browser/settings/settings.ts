import type { OptimizerName } from '../../mnist/optimizers.ts';
import { CUSTOM_LAYERS, MODEL_TITLES, type ModelName } from '../models/titles.ts';
import { choice, type Field, number, optional, text, whole } from './field.ts';

/** What a training is made of; a link to the page carries it. */
export interface Settings {
  readonly data: DataName;
  readonly model: ModelName;
  /** The layers of the model 'custom', as they are typed. */
  readonly layers: string;
  readonly optimizer: OptimizerName;
  /** Undefined: the optimizer's own. */
  readonly lr: number | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  readonly device: 'auto' | 'webgpu' | 'wasm';
  /** Of the CPU; undefined: as many as it has processors. */
  readonly threads: number | undefined;
}

export const DATA_TITLES = {
  generated: 'Generated digits, at once',
  mnist: 'MNIST, handwritten digits',
  fashion: 'Fashion-MNIST, clothes',
  files: 'Files of your own',
};
export type DataName = keyof typeof DATA_TITLES;

export const OPTIMIZER_TITLES: Readonly<Record<OptimizerName, string>> = {
  adam: 'Adam',
  sgd: 'SGD with momentum 0.9',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
  adamW: 'AdamW',
  adamax: 'Adamax',
  nadam: 'NAdam',
  radam: 'RAdam',
  lamb: 'LAMB',
  lars: 'LARS',
  lion: 'Lion',
};

export const DEVICE_TITLES = {
  auto: 'The fastest there is',
  webgpu: 'GPU, through WebGPU',
  wasm: 'CPU, through WebAssembly',
};

/** What each setting is where nothing else is said, and how it is read from a text. */
export const FIELDS: { readonly [Name in keyof Settings]: Field<Settings[Name]> } = {
  data: choice(DATA_TITLES, 'generated'),
  model: choice(MODEL_TITLES, 'small-convnet'),
  layers: text(CUSTOM_LAYERS),
  optimizer: choice(OPTIMIZER_TITLES, 'adam'),
  lr: optional(number({ above: 0, to: 1000 })),
  batchSize: whole({ from: 1, to: 2048, standard: 64 }),
  epochs: whole({ from: 1, to: 1000, standard: 5 }),
  seed: whole({ from: 0, to: 2 ** 31 - 1, standard: 1 }),
  device: choice(DEVICE_TITLES, 'auto'),
  threads: optional(whole({ from: 1, to: 64, standard: 1 })),
};

export const NAMES = Object.keys(FIELDS) as (keyof Settings)[];

/** Settings from texts by their names; those of which there is none, or none that makes sense, are standard. */
export function settingsFrom(textOf: (name: keyof Settings) => string | undefined): Settings {
  const entries = NAMES.map((name) => {
    const { read, standard } = FIELDS[name];
    const given = textOf(name);
    const found = given === undefined ? undefined : read(given);
    return [name, found && 'value' in found ? found.value : standard];
  });
  return Object.fromEntries(entries);
}
