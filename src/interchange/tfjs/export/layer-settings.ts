import { shown } from '../../../arguments.ts';
import { ArgumentError } from '../../../errors.ts';
import { type AnyLayer, Layer } from '../../../nn/layer.ts';
import { snakeCase } from '../../../nn/layer-names.ts';
import { settingsOf } from '../../../nn/settings.ts';
import { nameOfActivation } from '../../keras/activations.ts';
import type { Json } from '../../keras/json.ts';

/** The activations that TensorFlow.js has and reads by the name that it writes. */
const ACTIVATIONS: readonly string[] = [
  ...['elu', 'gelu', 'hard_sigmoid', 'linear', 'log_softmax', 'mish', 'relu', 'relu6', 'selu'],
  ...['sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh'],
];

/** A layer as the format has it. */
export interface WrittenLayer {
  readonly className: string;
  readonly config: Json;
}

/** Writes a layer that is at that path in the model, under a name. */
export type WriteLayer = (layer: AnyLayer, path: string, name: string) => WrittenLayer;

/** A layer that is to be written, and what it was made with. */
export class LayerSettings {
  readonly #layer: AnyLayer;
  /** Where it is in the model. */
  readonly #path: string;

  readonly #writeLayer: WriteLayer;

  /** @param writeLayer writes layers that this one was made of. */
  constructor(layer: AnyLayer, path: string, writeLayer: WriteLayer) {
    this.#layer = layer;
    this.#path = path;
    this.#writeLayer = writeLayer;
  }

  /** What cannot be written, as an error that names the layer and says what to do. */
  refused(what: string, remedy: string): ArgumentError {
    const called = this.#path === '' ? 'the model' : `layer '${this.#path}'`;
    return new ArgumentError(`tfjs: ${called} (${this.#layer.type}) ${what}. ${remedy}`);
  }

  /** A setting as it stands; undefined where nothing was said. */
  get(key: string): unknown {
    return settingsOf(this.#layer)?.[key];
  }

  /** @throws ArgumentError where a setting is made that TensorFlow.js does not have. */
  requireOnly(key: string, value: unknown): void {
    const given = this.get(key) ?? value;
    const all = Array.isArray(given) ? given : [given];
    if (all.every((one) => one === value)) return;
    const remedy = value === undefined ? 'Leave it out.' : `It can be ${shown(value)}.`;
    throw this.refused(`has ${key} ${shown(given)}, which TensorFlow.js does not have`, remedy);
  }

  /** @throws ArgumentError where numbers say how much is padded. */
  padding(): string {
    const padding = this.get('padding') ?? 'valid';
    if (padding === 'valid' || padding === 'same') return padding;
    throw this.refused(
      `has padding ${shown(padding)}, which TensorFlow.js does not have`,
      "It can be 'valid' or 'same'; nn.zeroPadding2d pads by any width.",
    );
  }

  /** @throws ArgumentError where TensorFlow.js has none like it. */
  activation(key = 'activation'): string {
    const activation = this.get(key) ?? 'linear';
    const name = nameOfActivation(activation, 2);
    if (name !== undefined && ACTIVATIONS.includes(name)) return name;
    throw this.refused(
      `has the ${key} ${shown(activation)}, which TensorFlow.js does not have`,
      `It has ${ACTIVATIONS.join(', ')}, and leaky relus as layers, nn.leakyRelu().`,
    );
  }

  /** One of one's own is left out: it concerns training alone. */
  regularizer(key: string): Json | undefined {
    const value = this.get(key);
    const isKnown = typeof value === 'function' && 'factors' in value;
    return isKnown ? { class_name: 'L1L2', config: value.factors } : undefined;
  }

  /** A layer that it was made of. */
  layer(key: string): Json {
    const inner = this.get(key);
    if (!(inner instanceof Layer)) throw this.refused(`has no ${key}`, 'Make it with one.');
    const { className, config } = this.#writeLayer(inner, this.#path, snakeCase(inner.type));
    return { class_name: className, config };
  }
}
