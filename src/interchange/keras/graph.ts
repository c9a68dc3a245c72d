import type { AnyLayer } from '../../nn/layer.ts';
import { input, type Symbolic, type Symbolics } from '../../nn/symbolic.ts';
import { valuesOf } from '../../tensor/structure.ts';
import type { Reference } from './connections.ts';
import { mergingKinds } from './kinds/merging.ts';
import type { LayerConfig } from './layer-config.ts';
import { Masks } from './masks.ts';

/** A layer of a functional model, and what it is called on, call by call. */
export interface GraphNode {
  readonly config: LayerConfig;
  readonly calls: readonly (readonly Reference[])[];
}

/** Applies the layers of a functional model to symbolic values, each call once its inputs are there. */
export class Graph {
  readonly #nodes: readonly GraphNode[];
  readonly #layers: ReadonlyMap<string, AnyLayer>;
  readonly #masks = new Masks();
  /** What calls gave, by layer, in their order. */
  readonly #values = new Map<string, Symbolic[]>();
  /**
   * The number that the file gives a layer's first call. Models that are layers count their own making
   * as a call, in some versions: all calls of a model's graph lead to its outputs, so the least that is
   * referred to is the first.
   */
  readonly #firstCalls = new Map<string, number>();

  constructor(
    outputs: readonly Reference[],
    nodes: readonly GraphNode[],
    layers: ReadonlyMap<string, AnyLayer>,
  ) {
    this.#nodes = nodes;
    this.#layers = layers;
    for (const { layer, call } of [...outputs, ...nodes.flatMap(({ calls }) => calls.flat())]) {
      this.#firstCalls.set(layer, Math.min(call, this.#firstCalls.get(layer) ?? call));
    }
  }

  /** An input; what embeds it wants whole numbers, which Keras casts it to. */
  enter(config: LayerConfig, shape: readonly number[]): void {
    const users = this.#nodes.filter(({ calls }) =>
      calls.flat().some(({ layer }) => layer === config.name),
    );
    const isWhole = users.some((user) => this.#layers.get(user.config.name)?.inputDType === 'i32');
    const dtype = isWhole ? 'i32' : 'f32';
    this.#values.set(config.name, [input(shape, { dtype, name: config.name })]);
  }

  value({ layer, call }: Reference): Symbolic | undefined {
    return this.#values.get(layer)?.[call - (this.#firstCalls.get(layer) ?? 0)];
  }

  /** @throws CheckpointError where a call's inputs are never computed. */
  applyAll(): void {
    let open = this.#nodes.flatMap((node) => node.calls.map((call) => ({ node, call })));
    while (open.length > 0) {
      const later = open.filter(({ node, call }) => !this.#apply(node, call));
      const [stuck] = later;
      if (stuck && later.length === open.length) {
        throw stuck.node.config.refused(
          'is applied to what nothing computes',
          'The file is damaged.',
        );
      }
      open = later;
    }
  }

  /** Whether the inputs of a call are there, so that it has been made. Calls of a layer keep their order. */
  #apply({ config, calls }: GraphNode, call: readonly Reference[]): boolean {
    const made = this.#values.get(config.name) ?? [];
    if (calls[made.length] !== call) return false;
    const inputs = call.map((reference) => this.value(reference));
    const there = inputs.filter((value) => value !== undefined);
    const [first] = there;
    if (!first || there.length < inputs.length) return false;
    // A name is part of a path here, whose separator is the dot.
    const name = made.length === 0 ? { name: config.name.replaceAll('.', '_') } : {};
    const layer = this.#layers.get(config.name);
    const merge = mergingKinds[config.className];
    if (merge || there.length > 1) this.#masks.refuse(config, there);
    const output = merge
      ? merge(there, config, name)
      : layer &&
        (there.length === 1
          ? this.#masks.apply(config, layer, first, name)
          : layer.apply(there, name));
    this.#values.set(config.name, [...made, single(output, config)]);
    return true;
  }
}

/** @throws CheckpointError where a layer gives several values. */
function single(output: Symbolics | undefined, config: LayerConfig): Symbolic {
  const [one, other] = output === undefined ? [] : valuesOf(output);
  if (one && !other) return one;
  throw config.refused(
    'gives several outputs',
    'Models of several outputs are not read as layers.',
  );
}
