import { inWords } from '../../arguments.ts';
import { CheckpointError } from '../../errors.ts';
import type { Activation } from '../../nn/layers/activations/named.ts';
import { l1l2, type Regularizer } from '../../nn/regularizers.ts';
import { activationOf } from './activations.ts';
import { type Json, objectOf } from './json.ts';

/** What is read, and by which version of Keras' definitions. */
export interface Origin {
  /** What errors call it: the file. */
  readonly source: string;
  /** Keras 3 has another hard sigmoid; TensorFlow.js has that of Keras 2. */
  readonly keras: 2 | 3;
  /** Over steps that are hidden, TensorFlow.js repeats what comes of reading both ways, where Keras has 0. */
  readonly repeatsHidden?: boolean;
}

/** A layer as Keras' formats describe it: its class, and the arguments it was made with. */
export class LayerConfig {
  readonly className: string;
  readonly name: string;
  readonly origin: Origin;
  readonly #config: Json;

  constructor(layer: unknown, origin: Origin) {
    const entry = objectOf(layer, 'a layer', origin.source);
    this.origin = origin;
    this.className = String(entry.class_name);
    this.#config = objectOf(entry.config ?? {}, `the config of ${this.className}`, origin.source);
    this.name = String(this.#config.name ?? entry.name ?? this.className);
  }

  /** What is not read, as an error that names the layer and says what to do. */
  refused(what: string, remedy: string): CheckpointError {
    return new CheckpointError(
      `${this.origin.source}: layer '${this.name}' (${this.className}) ${what}. ${remedy}`,
    );
  }

  /** A setting as it stands; undefined where it is missing or null. */
  get(key: string): unknown {
    return this.#config[key] ?? undefined;
  }

  /** @throws CheckpointError as all that follow, where the setting is of another type. */
  number(key: string, absent?: number): number {
    const value = this.get(key) ?? absent;
    if (typeof value === 'number') return value;
    throw this.#mistyped(key, 'a number', value);
  }

  flag(key: string, absent: boolean): boolean {
    const value = this.get(key) ?? absent;
    if (typeof value === 'boolean') return value;
    throw this.#mistyped(key, 'true or false', value);
  }

  /** A text, which must be one of the choices where there are some. */
  text<T extends string>(key: string, choices: readonly T[], absent: T): T {
    const value = this.get(key) ?? absent;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw this.refused(
      `has the ${key} ${inWords(value)}`,
      `Of these it may have ${choices.join(', ')}.`,
    );
  }

  /** Numbers in a list; of a single one `count`. */
  numbers(key: string, count?: number, absent?: unknown): number[] {
    const value: unknown = this.get(key) ?? absent;
    const list: readonly unknown[] = Array.isArray(value)
      ? value.flat(1)
      : Array.from({ length: count ?? 1 }, () => value);
    const numbers = list.filter((item) => typeof item === 'number');
    if (numbers.length === list.length) return numbers;
    throw this.#mistyped(key, 'numbers', value);
  }

  activation(key = 'activation', absent = 'linear'): Activation {
    const value = this.get(key) ?? absent;
    const name = typeof value === 'object' ? objectOf(value, key, this.name).class_name : value;
    const found = activationOf(String(name), this.origin.keras);
    if (found) return found;
    throw this.refused(`has the ${key} ${inWords(name)}, which is not known`, 'Use another one.');
  }

  regularizer(key: string): Regularizer | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const { class_name, config } = objectOf(value, key, this.name);
    const { l1 = 0, l2 = 0 } = objectOf(config ?? {}, key, this.name);
    if (typeof l1 === 'number' && typeof l2 === 'number') return l1l2(l1, l2);
    throw this.refused(`has the ${key} ${class_name}`, 'L1, L2 and L1L2 are read.');
  }

  /** @throws CheckpointError where channels come first. */
  requireChannelsLast(): void {
    this.text('data_format', ['channels_last'], 'channels_last');
  }

  /** @throws CheckpointError where a setting is made that changes what the layer computes. */
  requireUnset(...keys: readonly string[]): void {
    for (const key of keys) {
      const value = this.get(key);
      if (value !== undefined && value !== false) {
        throw this.refused(
          `has ${key} = ${inWords(value)}, which is not supported`,
          'Make it without.',
        );
      }
    }
  }

  #mistyped(key: string, wanted: string, value: unknown): CheckpointError {
    return this.refused(`has the ${key} ${inWords(value)}, not ${wanted}`, 'The file is damaged.');
  }
}
