import { ArgumentError } from '../../errors.ts';
import { model as functionalModel } from '../../nn/functional-model.ts';
import type { AnyLayer, Layer } from '../../nn/layer.ts';
import { sequential } from '../../nn/layers/combinators.ts';
import type { Symbolics } from '../../nn/symbolic.ts';
import { traceLayers } from '../../nn/trace.ts';
import { isSeveral, type Tensors } from '../../tensor/structure.ts';
import { callsOf, type Reference, referencesIn } from './connections.ts';
import { Graph } from './graph.ts';
import { listOf, objectOf } from './json.ts';
import { classNames, layerKinds } from './kinds/index.ts';
import type { LayerKind } from './kinds/kind.ts';
import { mergingKinds } from './kinds/merging.ts';
import { LayerConfig, type Origin } from './layer-config.ts';
import { chained, makesMask } from './masks.ts';

/** The classes of models, which other models contain as layers. */
export const MODELS: readonly string[] = ['Sequential', 'Functional', 'Model'];

/** A layer with what it was made from. */
export interface Part {
  readonly config: LayerConfig;
  readonly kind: LayerKind;
  readonly layer: Layer;
  /** The names of the models that contain it, from the outermost on. */
  readonly within: readonly string[];
}

export interface ReadOptions {
  /**
   * The shape of the input (without the batch axis) where the file leaves sizes open, as [224, 224, 3];
   * of several inputs their shapes, in their order.
   */
  readonly inputShape?: readonly number[] | readonly (readonly number[])[];
}

/**
 * The model of a topology in Keras' format, whose variables are there and have any value.
 * @throws CheckpointError where it contains what is not read, naming the layer.
 * @throws ArgumentError where sizes of inputs are open and not given.
 */
export function readModel(
  topology: unknown,
  origin: Origin,
  { inputShape }: ReadOptions = {},
): { model: AnyLayer; parts: readonly Part[] } {
  const reader = new ModelReader(origin);
  const config = new LayerConfig(topology, origin);
  const inputs = new InputShapes(inputShape, origin.source);
  const model = reader.model(config, [], inputs);
  const kinds = new Map<AnyLayer, Part>(reader.parts.map((part) => [part.layer, part]));
  // Builds it, and shows what each layer is applied to.
  traceLayers<Tensors, Tensors>(
    model,
    model.blank('load', inputs.first),
    { training: false },
    (layer, _, x) => {
      const part = kinds.get(layer);
      if (part && !isSeveral(x)) part.kind.check?.(part.config, x.rank);
    },
  );
  return { model, parts: reader.parts };
}

/** The shapes of a model's inputs, as the file has them or, where it leaves sizes open, as they are given. */
class InputShapes {
  first: readonly number[] | undefined;
  readonly #given: readonly (readonly number[])[];
  readonly #source: string;

  constructor(given: ReadOptions['inputShape'] = [], source: string) {
    const lists = given.filter((item) => typeof item !== 'number');
    const sizes = given.filter((item) => typeof item === 'number');
    this.#given = lists.length > 0 || given.length === 0 ? lists : [sizes];
    this.#source = source;
  }

  /** Of the input of that number, which `config` describes. */
  of(number: number, config: LayerConfig): readonly number[] {
    const batched = config.get('batch_input_shape') ?? config.get('batch_shape');
    const inFile = Array.isArray(batched) ? batched.slice(1) : undefined;
    const given = this.#given[number];
    const shape = given ?? inFile?.filter((size) => typeof size === 'number');
    const fits =
      shape &&
      (!inFile ||
        (shape.length === inFile.length &&
          inFile.every((size, i) => size === null || size === shape[i])));
    if (!fits) {
      const has = inFile ? `is [${inFile.map((size) => size ?? 'any')}]` : 'has no shape';
      throw new ArgumentError(
        `load: the input '${config.name}' of ${this.#source} ${has}${given ? `, which [${given}] does not fit` : ''}. ` +
          'Give its sizes without the batch: { inputShape: [224, 224, 3] }.',
      );
    }
    if (number === 0) this.first = shape;
    return shape;
  }
}

class ModelReader {
  readonly parts: Part[] = [];
  readonly #origin: Origin;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** @param inputs the shapes of its inputs; undefined where it is a layer of another model. */
  model(config: LayerConfig, within: readonly string[], inputs?: InputShapes): AnyLayer {
    const { className } = config;
    if (className === 'Sequential') return this.#sequential(config, within, inputs);
    if (className === 'Functional' || className === 'Model') {
      return this.#functional(config, within, inputs);
    }
    throw config.refused('is no model', 'Sequential and functional models are read.');
  }

  #sequential(config: LayerConfig, within: readonly string[], inputs?: InputShapes): AnyLayer {
    const { source } = this.#origin;
    const entries = listOf(config.get('layers'), `the layers of '${config.name}'`, source);
    const [first, ...others] = entries.map((entry) => new LayerConfig(entry, this.#origin));
    if (!first) throw config.refused('has no layers', 'Save it once it has some.');
    // A mask goes by what makes it, to all that it concerns.
    if ([first, ...others].some(makesMask)) {
      const topology = chained(config.name, entries, first, source);
      return this.#functional(new LayerConfig(topology, this.#origin), within, inputs);
    }
    inputs?.of(0, first);
    const inside = [...within, config.name];
    const layers = (first.className === 'InputLayer' ? others : [first, ...others]).map((layer) =>
      this.#layer(layer, inside),
    );
    const single = layers.filter((layer): layer is Layer => layer.takes === 'one');
    return sequential(single);
  }

  /** A layer or, within another model, a model. */
  #layer(config: LayerConfig, within: readonly string[]): AnyLayer {
    const { className } = config;
    if (MODELS.includes(className)) return this.model(config, within);
    const kind = layerKinds.get(className);
    if (!kind) {
      throw config.refused(
        'is of a class that is not read',
        `Build the model without it; those that are read: ${classNames.join(', ')}.`,
      );
    }
    const layer = kind.read(config);
    if (!config.flag('trainable', true)) layer.trainable = false;
    this.parts.push({ config, kind, layer, within });
    return layer;
  }

  #functional(
    config: LayerConfig,
    within: readonly string[],
    inputs = new InputShapes([], this.#origin.source),
  ): AnyLayer {
    const { source } = this.#origin;
    const what = (key: string) => `the ${key} of '${config.name}'`;
    const listed = (key: string) => referencesIn(config.get(key), what(key), source);
    const nodes = listOf(config.get('layers'), what('layers'), source).map((entry) => {
      const node = objectOf(entry, what('layers'), source);
      return { config: new LayerConfig(node, this.#origin), calls: callsOf(node, source) };
    });
    const inside = [...within, config.name];
    const layers = new Map<string, AnyLayer>();
    for (const { config } of nodes) {
      const isLayer =
        config.className !== 'InputLayer' && !Object.hasOwn(mergingKinds, config.className);
      if (isLayer) layers.set(config.name, this.#layer(config, inside));
    }
    const [froms, tos] = [listed('input_layers'), listed('output_layers')];
    const graph = new Graph(tos, nodes, layers);
    for (const [number, { layer }] of froms.entries()) {
      const node = nodes.find(({ config }) => config.name === layer);
      if (!node) throw config.refused(`has no input '${layer}'`, 'The file is damaged.');
      graph.enter(node.config, inputs.of(number, node.config));
    }
    graph.applyAll();
    const values = (references: readonly Reference[]): Symbolics => {
      const all = references.map((reference) => graph.value(reference));
      const [one] = all;
      if (one && all.length === 1) return one;
      if (all.every((value) => value !== undefined)) return all;
      throw config.refused('has outputs that nothing computes', 'The file is damaged.');
    };
    return functionalModel(values(froms), values(tos));
  }
}
