import { shown, unknownName } from '../arguments.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { sameShape } from '../tensor/shape.ts';
import {
  type Arranged,
  isSeveral,
  mapStructure,
  namedValues,
  type Tensors,
  valueAt,
  valuesOf,
} from '../tensor/structure.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type AnyLayer, Layer, type Mode } from './layer.ts';
import { layerNames } from './layer-names.ts';
import {
  type Call,
  inCall,
  requireSymbolics,
  type Symbolic,
  type Symbolics,
  shapeText,
} from './symbolic.ts';

/** The tensors of a model that was made of symbolic values arranged as `S`. */
type TensorsFor<S, T> = S extends Symbolic ? T : { readonly [K in keyof S]: T };

/** A model made of a graph of calls; see {@link model}. */
export class FunctionalModel<I extends Tensors, O extends Tensors> extends Layer<I, O> {
  readonly type: string = 'model';
  override readonly takes: 'one' | 'several';
  /** The layers by name, in the order of their first calls. */
  override readonly children: Readonly<Record<string, AnyLayer>>;
  /** The calls in the order in which they are computed. */
  readonly #calls: readonly Call[];
  readonly #inputs: Symbolics;
  readonly #outputs: Symbolics;

  constructor(inputs: Symbolics, outputs: Symbolics) {
    super();
    this.takes = isSeveral(inputs) ? 'several' : 'one';
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#calls = callsBetween(inputs, outputs);
    this.children = Object.fromEntries(layerNames(this.#calls, outputs));
  }

  /** The name of the layer that a call is of, those of what it is applied to, and whether it was called before. */
  called(index: number): { name: string; connections: string[]; isRepeated: boolean } {
    const { layer, inputs } = this.#calls[index] as Call;
    return {
      name: this.#nameOf(layer),
      connections: valuesOf(inputs).map((value) => this.#sourceOf(value)),
      isRepeated: this.#calls.findIndex((call) => call.layer === layer) < index,
    };
  }

  /** What it is made of: the calls, in the order in which they are computed, that lead from inputs to outputs. */
  get graph(): { inputs: Symbolics; outputs: Symbolics; calls: readonly Call[] } {
    return { inputs: this.#inputs, outputs: this.#outputs, calls: this.#calls };
  }

  /** The inputs as the model calls them. */
  get inputs(): [name: string, value: Symbolic][] {
    return namedValues(this.#inputs).map(([name, value]) => [
      value.name ?? (name || 'input'),
      value,
    ]);
  }

  /** Inputs of zeros; the model knows the shapes. */
  override blank(): I {
    const ofInput = ({ shape, dtype }: Symbolic) => zeros([1, ...shape], { dtype });
    const x: Tensors = mapStructure(this.#inputs, ofInput);
    return x as I;
  }

  protected compute(x: I, mode: Mode): Arranged<O, AnyTensor> {
    const values = this.#given(x);
    const results = new Map<Call, Tensors>();
    const tensorFor = (symbolic: Symbolic): AnyTensor => {
      const { from } = symbolic;
      const computed = from && results.get(from.call);
      return values.get(symbolic) ?? ((computed && valueAt(computed, from.output)) as AnyTensor);
    };
    for (const call of this.#calls) {
      results.set(
        call,
        inCall(call, () => call.layer.forward(mapStructure(call.inputs, tensorFor), mode)),
      );
    }
    return mapStructure(this.#outputs, tensorFor) as Arranged<O, AnyTensor>;
  }

  #nameOf(layer: AnyLayer): string {
    return Object.entries(this.children).find(([, child]) => child === layer)?.[0] ?? layer.type;
  }

  #sourceOf(value: Symbolic): string {
    const own = this.inputs.find(([, input]) => input === value);
    if (own || !value.from) return own?.[0] ?? '';
    const { call, output } = value.from;
    return `${this.#nameOf(call.layer)}${output && `.${output}`}`;
  }

  /** @throws ArgumentError, ShapeError where inputs are missing, too many, or of other shapes. */
  #given(x: Tensors): Map<Symbolic, AnyTensor> {
    const wanted = namedValues(this.#inputs);
    const known = wanted.map(([name]) => name);
    for (const [name] of namedValues(x)) {
      if (!known.includes(name)) throw unknownName(this.type, 'input', name, known);
    }
    const given = new Map<Symbolic, AnyTensor>();
    for (const [name, symbolic] of wanted) {
      const value = valueAt(x, name);
      const called = `the input${name && ` ${shown(symbolic.name ?? name)}`}`;
      if (!value)
        throw new ArgumentError(
          `${this.type}: ${called} is missing. It takes ${known.join(', ')}.`,
        );
      if (!sameShape(value.shape.slice(1), symbolic.shape)) {
        throw new ShapeError(
          `${this.type}: ${called} is [${value.shape}], but the model is made for ${shapeText(symbolic.shape)}. ` +
            'For other sizes, apply the same layers to another nn.input and make a second model.',
        );
      }
      given.set(symbolic, value);
    }
    return given;
  }
}

/**
 * A model of several inputs and outputs, of the graph of layers that was applied between them: a value
 * by itself, an array, or values by name, which is how the model is then called and what it gives.
 *
 * ```ts
 * const image = nn.input([28, 28, 1]);
 * const features = nn.dense(64, { activation: 'relu' }).apply(nn.flatten().apply(image));
 * const model = nn.model(image, { digit: nn.dense(10).apply(features), slant: nn.dense(1).apply(features) });
 * const { digit, slant } = model.forward(images);
 * ```
 *
 * A layer is called what `apply(x, { name })` said; else, where its one call makes an output that has a
 * name, like that output; else like its kind, `dense`, `dense_1`, …, numbered from the first input to the
 * last output: what an output needs comes before it, and outputs, and what a layer is applied to, in the
 * order in which they are given. So names depend on the graph, not on the order in which layers were made.
 *
 * A layer that is applied twice is one layer: its variables are shared, and their gradients add up.
 * @throws ArgumentError where outputs need an input that is not given, or names are taken twice.
 */
export function model<const I extends Symbolics, const O extends Symbolics>(
  inputs: I,
  outputs: O,
): Layer<TensorsFor<I, AnyTensor>, TensorsFor<O, Tensor>> {
  requireSymbolics('model: inputs must be', inputs);
  requireSymbolics('model: outputs must be', outputs);
  const all = valuesOf<Symbolic>(inputs);
  if (new Set(all).size < all.length) throw new ArgumentError('model: an input is given twice.');
  const copied = (values: Symbolics) => mapStructure(values, (value) => value);
  return new FunctionalModel(copied(inputs), copied(outputs));
}

/** The calls that lead from inputs to outputs, each after those it needs. */
function callsBetween(inputs: Symbolics, outputs: Symbolics): Call[] {
  const given = new Set(valuesOf(inputs));
  const calls = new Set<Call>();
  const visit = (value: Symbolic) => {
    if (given.has(value) || (value.from && calls.has(value.from.call))) return;
    if (!value.from) {
      const called = value.name === undefined ? 'An input' : `The input '${value.name}'`;
      throw new ArgumentError(
        `model: ${called} ${shapeText(value.shape)} leads to the outputs but is not among the inputs. Add it.`,
      );
    }
    const { call } = value.from;
    valuesOf(call.inputs).forEach(visit);
    calls.add(call);
  };
  valuesOf(outputs).forEach(visit);
  return [...calls];
}
