import type { AnyLayer } from '../../nn/layer.ts';
import { FunctionLayer } from '../../nn/layers/function-layer.ts';
import { Bidirectional } from '../../nn/layers/recurrent/bidirectional.ts';
import { masked, stepMask } from '../../nn/layers/recurrent/masked.ts';
import { Recurrent } from '../../nn/layers/recurrent/recurrent.ts';
import { type ApplyOptions, Symbolic, type Symbolics } from '../../nn/symbolic.ts';
import { type Json, objectOf } from './json.ts';
import type { LayerConfig } from './layer-config.ts';

/** Layers that hand on the mask of their input, and do not look at it. */
const PASSING: readonly string[] = [
  ...['Activation', 'BatchNormalization', 'Dense', 'Dropout', 'ELU', 'GaussianDropout'],
  ...['GaussianNoise', 'LayerNormalization', 'LeakyReLU', 'PReLU', 'ReLU', 'SpatialDropout1D'],
  'ThresholdedReLU',
];

/** Layers in which Keras or TensorFlow.js looks at masks, and we do not; all others lose them. */
const LOOKING: readonly string[] = [
  ...['Add', 'Average', 'Concatenate', 'Dot', 'Functional', 'Maximum', 'Minimum'],
  ...['Model', 'Multiply', 'Sequential', 'Softmax', 'Subtract', 'TimeDistributed'],
  'GlobalAveragePooling1D',
];

/** Whether a layer hides steps from those behind it. */
export function makesMask(config: LayerConfig): boolean {
  return config.className === 'Masking' || config.get('mask_zero') === true;
}

/** Keras' masks, which go along with values from layer to layer: here they are values of their own. */
export class Masks {
  readonly #ofValues = new Map<Symbolic, Symbolic>();

  /**
   * Applies a layer to a value, and finds the mask of what it gives.
   * @throws CheckpointError where it would look at a mask, and ours does not.
   */
  apply(config: LayerConfig, layer: AnyLayer, x: Symbolic, options: ApplyOptions): Symbolics {
    const mask = makesMask(config)
      ? stepMask(config.number('mask_value', 0)).apply(x)
      : this.#ofValues.get(x);
    this.refuse(config, [x]);
    const isRecurrent = layer instanceof Recurrent || layer instanceof Bidirectional;
    if (mask && layer instanceof Bidirectional && layer.returnsSequences) {
      requireZeros(config);
    }
    const output =
      mask && isRecurrent ? masked(layer).apply([x, mask], options) : layer.apply(x, options);
    const goesOn = isRecurrent
      ? layer.returnsSequences
      : makesMask(config) || PASSING.includes(config.className);
    if (mask && goesOn && output instanceof Symbolic) this.#ofValues.set(output, mask);
    return output;
  }

  /** @throws CheckpointError where a layer would look at the mask of a value, and ours does not. */
  refuse(config: LayerConfig, values: readonly Symbolic[]): void {
    if (!LOOKING.includes(config.className) || !values.some((x) => this.#ofValues.has(x))) return;
    throw config.refused(
      'has an input with a mask',
      'Masks are read of LSTM, GRU, SimpleRNN and Bidirectional: build it of these, or without Masking and mask_zero.',
    );
  }
}

/** @throws CheckpointError where the file's outputs over hidden steps are others than ours. */
function requireZeros(config: LayerConfig): void {
  if (!config.origin.repeatsHidden) return;
  throw config.refused(
    'gives the outputs of all steps under a mask',
    'TensorFlow.js repeats outputs over hidden steps there, and ours are 0: have it give the last ones, or leave the mask out.',
  );
}

/** Steps that are hidden are 0, for layers that do not look at masks. */
export function masking(value: number): FunctionLayer {
  return new FunctionLayer('masking', (x) => x.mul(x.notEqual(value).any(-1, true).cast('f32')));
}

/** A sequential model as a functional one. */
export function chained(
  name: string,
  entries: readonly unknown[],
  first: LayerConfig,
  source: string,
): Json {
  const shape = first.get('batch_input_shape') ?? first.get('batch_shape');
  const input = {
    class_name: 'InputLayer',
    config: { name: `${name}_input`, batch_input_shape: shape },
  };
  const all = first.className === 'InputLayer' ? entries : [input, ...entries];
  const named = all.map((entry) => {
    const json = objectOf(entry, 'a layer', source);
    return { ...json, name: objectOf(json.config, 'a config', source).name };
  });
  const layers = named.map((entry, i) => ({
    ...entry,
    inbound_nodes: i === 0 ? [] : [[[named[i - 1]?.name, 0, 0, {}]]],
  }));
  const [from, to] = [named[0]?.name, named.at(-1)?.name];
  const config = { name, layers, input_layers: [[from, 0, 0]], output_layers: [[to, 0, 0]] };
  return { class_name: 'Functional', config };
}
