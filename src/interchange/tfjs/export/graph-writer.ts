import { FunctionalModel } from '../../../nn/functional-model.ts';
import type { AnyLayer } from '../../../nn/layer.ts';
import { snakeCase } from '../../../nn/layer-names.ts';
import { Residual, Sequential } from '../../../nn/layers/combinators.ts';
import { Branches } from '../../../nn/layers/merging.ts';
import type { Call, Symbolic } from '../../../nn/symbolic.ts';
import {
  mapStructure,
  namedValues,
  type Structure,
  type Tensors,
  valueAt,
  valuesOf,
} from '../../../tensor/structure.ts';
import type { Json } from '../../keras/json.ts';
import type { WrittenLayer } from './layer-settings.ts';
import { writeLayer } from './write-layer.ts';

/** A layer with what it is called on, call by call; an input, which is no layer of ours, on nothing. */
export interface Node extends WrittenLayer {
  readonly name: string;
  readonly layer: AnyLayer | undefined;
  readonly calls: (readonly Value[])[];
}

/** What a call of a layer gives. */
export class Value {
  readonly node: Node;
  readonly call: number;

  constructor(node: Node, call: number) {
    this.node = node;
    this.call = call;
  }
}

export type Values = Structure<Value>;

/**
 * A model as calls of the layers that the format has: models within it, residual blocks and branches are
 * written as the layers that they consist of.
 */
export class GraphWriter {
  readonly nodes: Node[] = [];
  readonly #paths: ReadonlyMap<AnyLayer, string>;

  constructor(model: AnyLayer) {
    this.#paths = new Map(Array.from(model.namedLayers(), ([path, layer]) => [layer, path]));
  }

  input(called: string, config: Json): Value {
    const name = this.#nameLike(called);
    const node = { name, className: 'InputLayer', config: { name, ...config } };
    return new Value(this.#added({ ...node, layer: undefined, calls: [[]] }), 0);
  }

  /**
   * Calls a layer. `name` is what it is called, if a model of symbolic values says so; `scope` is in front of
   * the names of all others.
   * @throws ArgumentError where TensorFlow.js has none like it.
   */
  call(layer: AnyLayer, x: Values, scope = '', name?: string): Values {
    const inside = name ?? scope;
    const through = (inner: AnyLayer, at = x) => this.call(inner, at, inside);
    if (layer instanceof FunctionalModel) return this.#graph(layer, x, inside);
    if (layer instanceof Sequential) return layer.layers.reduce((at, next) => through(next, at), x);
    if (layer instanceof Residual) {
      const past = layer.shortcut ? through(layer.shortcut) : x;
      return this.#leaf(layer, [through(layer.main), past].flatMap(valuesOf<Value>), inside, name);
    }
    if (layer instanceof Branches) {
      const all = layer.branches.flatMap((branch) => valuesOf(through(branch)));
      return this.#leaf(layer, all, inside, name);
    }
    // TensorFlow.js has no layer that does nothing.
    if (layer.type === 'identity') return x;
    return this.#leaf(layer, valuesOf(x), scope, name);
  }

  #leaf(layer: AnyLayer, x: readonly Value[], scope: string, name?: string): Value {
    const node = this.nodes.find((node) => node.layer === layer) ?? this.#node(layer, scope, name);
    return new Value(node, node.calls.push(x) - 1);
  }

  #node(layer: AnyLayer, scope: string, called = within(scope, snakeCase(layer.type))): Node {
    const name = this.#nameLike(called);
    const written = writeLayer(layer, this.#paths.get(layer) ?? '', name);
    return this.#added({ name, ...written, layer, calls: [] });
  }

  #added(node: Node): Node {
    this.nodes.push(node);
    return node;
  }

  #graph(model: FunctionalModel<Tensors, Tensors>, x: Values, scope: string): Values {
    const { inputs, outputs, calls } = model.graph;
    const given = new Map(namedValues(inputs).map(([key, input]) => [input, valueAt(x, key)]));
    const results = new Map<Call, Values>();
    const valueFor = (symbolic: Symbolic): Value => {
      const result = symbolic.from && results.get(symbolic.from.call);
      const computed = result && valueAt(result, symbolic.from.output);
      return (given.get(symbolic) ?? computed) as Value;
    };
    for (const [i, call] of calls.entries()) {
      const name = within(scope, model.called(i).name);
      results.set(call, this.call(call.layer, mapStructure(call.inputs, valueFor), scope, name));
    }
    return mapStructure(outputs, valueFor);
  }

  /** A name of its own, of the characters that TensorFlow.js takes. */
  #nameLike(called: string): string {
    const name = called.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[._-]+/, '') || 'layer';
    const isTaken = (one: string) => this.nodes.some((node) => node.name === one);
    let [number, own] = [0, name];
    while (isTaken(own)) own = `${name}_${++number}`;
    return own;
  }
}

function within(scope: string, name: string): string {
  return scope === '' ? name : `${scope}_${name}`;
}
