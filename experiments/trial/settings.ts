import type { nn } from 'wgrad';
import type { ModelName } from '../models/registry.ts';
import type { DataName } from './data.ts';
import type { OptimizerName } from './optimizers.ts';

/** All that decides what one training gives. Two trials with the same settings give the same. */
export interface TrialSettings {
  readonly model: ModelName;
  readonly data: DataName;
  readonly optimizer: OptimizerName;
  /** The learning rate, kept from the first step to the last, or at its highest. */
  readonly lr: number;
  /** How the learning rate changes: not at all, or along a cosine down to 0. */
  readonly schedule: 'constant' | 'cosine';
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Of the hidden layers, where the model leaves a choice. */
  readonly activation: Extract<nn.Activation, string>;
  /** The share of the training images kept to validate on; 0: the test images do. */
  readonly validationSplit: number;
  /** Epochs without a better validation loss after which training stops; null: it never does. */
  readonly patience: number | null;
  /** Whether training images are shifted and flipped at random. */
  readonly augment: boolean;
  /** Only the first so many training images; null: all. */
  readonly limit: number | null;
  /** Whether weights and gradients are watched, for histograms and norms. */
  readonly inspect: boolean;
  /** A safetensors file of weights to start from, in PyTorch's layout; null: none. */
  readonly weights: string | null;
}

const defaults: Omit<TrialSettings, 'model' | 'data'> = {
  optimizer: 'adam',
  lr: 0.001,
  schedule: 'constant',
  epochs: 10,
  batchSize: 32,
  seed: 0,
  activation: 'relu',
  validationSplit: 0,
  patience: null,
  augment: false,
  limit: null,
  inspect: false,
  weights: null,
};

/** Settings with the usual values for what is not given. */
export function trial(
  given: Pick<TrialSettings, 'model' | 'data'> & Partial<TrialSettings>,
): TrialSettings {
  return { ...defaults, ...given };
}

/**
 * What two trials must share to be the same one. Settings read from a file may be older than one of
 * their keys: it then had its usual value.
 */
export function keyOf(settings: TrialSettings): string {
  const entries = Object.entries(trial(settings)).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}

/** A trial in a few words: what differs from the usual settings. */
export function titleOf(settings: TrialSettings): string {
  const { epochs, batchSize, seed } = settings;
  return `${wordsOf(settings)}, ${epochs} epochs, batch ${batchSize}, seed ${seed}`;
}

/** The first words of the title, for legends: trials of a report differ in little else. */
export function labelOf(settings: TrialSettings): string {
  const { seed } = settings;
  return seed === 0 ? wordsOf(settings) : `${wordsOf(settings)}, seed ${seed}`;
}

function wordsOf(settings: TrialSettings): string {
  const words = [settings.model, `${settings.optimizer} ${settings.lr}`];
  if (settings.schedule !== 'constant') words.push(settings.schedule);
  if (settings.activation !== 'relu') words.push(settings.activation);
  if (settings.augment) words.push('augmented');
  if (settings.weights !== null) words.push('pretrained');
  if (settings.inspect) words.push('watched');
  if (settings.limit !== null) words.push(`${settings.limit} images`);
  return words.join(', ');
}
