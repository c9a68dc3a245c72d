import { inWords, requireChoice, requireFlag } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { isTrained, refuseFreezing } from '../graph/execution/freezing.ts';
import type { DType } from '../kernels/dtype.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { drawnFor, type Part } from '../tensor/random/part.ts';
import { requireDType, requireTensor } from '../tensor/require-dtype.ts';
import { checkShape } from '../tensor/shape.ts';
import {
  type Arranged,
  mapStructure,
  requireTensors,
  type Structure,
  type Tensors,
} from '../tensor/structure.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import { addNamed, allEntries, membersOf, plainEntries } from './members.ts';
import { asHalves, type Precision } from './precision.ts';
import type { Regularizer } from './regularizers.ts';
import { type ApplyOptions, applied, refuseSymbolic, type Symbolic } from './symbolic.ts';

/** How a layer is called; it hands this on to the layers inside it. */
export interface Mode {
  /** Whether a model is being trained: dropout drops and batch norm uses the batch's statistics. */
  readonly training: boolean;
  /**
   * 'f16': what layers hand on, and its gradients, are stored as f16, which takes half the memory; it is
   * computed with as f32, and variables stay f32. Default: 'f32'.
   */
  readonly precision?: Precision;
  /** The part of a batch that is given, where several ranks share it: what dropout drops follows from that. */
  readonly part?: Part | undefined;
  /**
   * Told of each call of a layer before it is computed; what it returns is told the output. Layers
   * inside are called in between.
   */
  readonly visit?: (layer: AnyLayer, input: Tensors) => ((output: Tensors) => void) | undefined;
}

/** A layer, whatever its inputs and outputs are. */
export type AnyLayer = Layer<Tensors, Tensors>;

/** The shape of a layer's input, or of each of several. */
export type ShapesOf<I> = Arranged<I, readonly number[]>;

const INFERENCE: Mode = { training: false };

/**
 * A function from tensor to tensor with variables of its own. Layers learn the size of their
 * input when they first see one; a class of your own needs `compute`, and `createVariables` if
 * the shapes of its variables follow from its input. One of several inputs or outputs says what they
 * are, `Layer<{ query: AnyTensor; key: AnyTensor }>`, and `takes = 'several'`.
 *
 * What its properties hold is part of it: layers and variables, also in arrays and plain objects,
 * under the names of the properties. Private `#fields` are not looked into.
 */
export abstract class Layer<I extends Tensors = AnyTensor, O extends Tensors = Tensor> {
  /** What the layer is, for summaries: `dense`, `conv2d`, … */
  abstract readonly type: string;
  /** The dtype of its inputs, by which `build` makes some up. */
  readonly inputDType: DType = 'f32';
  /** Whether it is called with one tensor, or with several in an array or a plain object. */
  readonly takes: 'one' | 'several' = 'one';
  /**
   * The layers inside this one where a class states them itself, for the sake of their order (a
   * list) or of other names than the properties' (an object).
   */
  readonly children: readonly AnyLayer[] | Readonly<Record<string, AnyLayer>> | undefined;
  // Private to the runtime too, so that they do not count among the properties.
  #built = false;
  readonly #freezing = { trainable: true, isSet: false };
  readonly #created: AnyVariable[] = [];
  readonly #regularizers = new Map<AnyVariable, Regularizer>();

  /**
   * Applies the layer. The first call creates its variables from the shape it sees.
   * @throws ArgumentError where a property holds a layer or a variable in a way that it is not
   * found, as in a map or left out of `children`; the first call looks.
   * @throws ShapeError where the layer does not take inputs of that shape.
   */
  forward(x: I, mode: Mode = INFERENCE): O {
    refuseSymbolic(this.type, x);
    if (this.takes === 'several') requireTensors(this.type, x);
    else requireTensor(this.type, x);
    if (typeof mode?.training !== 'boolean') {
      throw new ArgumentError(
        `${this.type}: how a layer is called is said as { training: true } or false; got ${inWords(mode)}.`,
      );
    }
    const { precision = 'f32' } = mode;
    requireChoice(this.type, { precision }, ['f32', 'f16']);
    const leave = mode.visit?.(this, x);
    const isFirst = !this.#built;
    if (isFirst) {
      const shapes = mapStructure<AnyTensor, readonly number[]>(x, ({ shape }) => shape);
      this.#create(shapes as ShapesOf<I>);
      this.#refuseStrays();
      this.freezeNew();
      this.#built = true;
    }
    const computed: unknown = drawnFor(mode.part, () => this.compute(x, mode));
    requireTensors(`${this.type}: what compute gives`, computed);
    const output = (precision === 'f16' ? mapStructure(computed, asHalves) : computed) as O;
    // Layers may have been made on the way.
    if (isFirst) {
      this.#refuseStrays();
      this.freezeNew();
    }
    leave?.(output);
    return output;
  }

  /**
   * Applies the layer to symbolic values, of which `model` makes one: to `input([28, 28, 1])`, or to
   * what other layers gave. Creates the variables if this is the first call; computes nothing.
   * @throws ArgumentError where it is given anything else.
   * @throws ShapeError, DTypeError where `forward` does, naming the layer and the shapes.
   */
  apply(x: Arranged<I, Symbolic>, options: ApplyOptions = {}): Arranged<O, Symbolic> {
    return applied(this, x, options) as Arranged<O, Symbolic>;
  }

  /**
   * Creates all variables for inputs of a shape, or of several shapes (without the batch axis);
   * computes nothing.
   * @throws ArgumentError, ShapeError where `forward` does.
   */
  build(inputShape: ShapesOf<I>): this {
    this.forward(this.blank('build', inputShape));
    return this;
  }

  /** Inputs of zeros, one example of a shape or of several shapes (without the batch axis). */
  blank(caller: string, inputShape: ShapesOf<I> | undefined): I {
    const { inputDType: dtype } = this;
    const ofShape = (shape: readonly number[]) => {
      checkShape(caller, shape);
      return zeros([1, ...shape], { dtype });
    };
    const shapes = inputShape as Structure<readonly number[]>;
    const x: Tensors =
      this.takes === 'one'
        ? ofShape(inputShape as readonly number[])
        : mapStructure(shapes, ofShape);
    return x as I;
  }

  /**
   * This layer as `''` and all those inside it by path, such as `layers.2.main`, each once, a layer
   * before what is inside it.
   * @throws ArgumentError where two layers have the same path.
   */
  namedLayers(): Map<string, AnyLayer> {
    const named = new Map<string, AnyLayer>();
    const seen = new Set<AnyLayer>();
    const visit = (layer: AnyLayer, path: string) => {
      if (seen.has(layer)) return;
      seen.add(layer);
      if (named.has(path)) {
        throw new ArgumentError(
          `namedLayers: two layers are called '${path}'. Name them apart, without dots in the names.`,
        );
      }
      named.set(path, layer);
      for (const [name, child] of layer.#children()) visit(child, path ? `${path}.${name}` : name);
    };
    visit(this, '');
    return named;
  }

  /** All variables of the layer and those inside it, each once: weights and running statistics. */
  get variables(): AnyVariable[] {
    return [...new Set([...this.namedLayers().values()].flatMap((layer) => layer.ownVariables))];
  }

  /** The layer's own variables: those that `createVariables` made, then others in its properties. */
  get ownVariables(): AnyVariable[] {
    return this.#variables().map(([, variable]) => variable);
  }

  /**
   * All variables by path, such as `layers.2.main.layers.0.weight`, in the order of `variables`.
   * What is used in several places has its first path alone.
   * @throws ArgumentError where two variables of a layer have the same name.
   */
  namedVariables(): Map<string, AnyVariable> {
    const named = new Map<string, AnyVariable>();
    const seen = new Set<AnyVariable>();
    for (const [path, layer] of this.namedLayers()) {
      for (const [name, variable] of layer.#variables()) {
        if (!seen.has(variable)) addNamed(named, path ? `${path}.${name}` : name, variable);
        seen.add(variable);
      }
    }
    return named;
  }

  /**
   * Whether optimizers change the weights of this layer and of those inside it. Set to false, they are
   * frozen: they keep their values, no gradient is computed for them, their regularizers add nothing to
   * `penalty()`, and batch norms use and keep their running statistics, in training too. Dropout goes by
   * the mode alone. It may be set at any time, before the layer is built too, and is set for all layers
   * inside, each of which may be set otherwise afterwards; a layer that several models share is frozen in
   * all of them. Compiled functions and `fit` go by it from their next step on.
   * @throws ArgumentError where it is neither true nor false, or set within a compiled function.
   */
  get trainable(): boolean {
    return isTrained(this.#freezing);
  }

  set trainable(trainable: boolean) {
    requireFlag(this.type, 'trainable', trainable);
    refuseFreezing();
    for (const layer of this.namedLayers().values()) layer.#freeze(trainable);
    for (const { cell } of this.variables) cell.isFrozen = !trainable;
  }

  /** The variables optimizers change: weights that are not frozen. */
  get trainableVariables(): AnyVariable[] {
    return this.variables.filter(({ trainable }) => trainable);
  }

  /** The number of elements of all variables, as Keras counts parameters. */
  get parameterCount(): number {
    return this.variables.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * The sum of the regularizers' terms of this layer and those inside it, each once, to be added to
   * the loss; undefined where there is no regularizer of a weight that is trainable.
   * @throws DTypeError where a term is not f32.
   */
  penalty(): Tensor | undefined {
    const regularizers = new Map<AnyVariable, Regularizer>();
    for (const layer of this.namedLayers().values()) {
      for (const [variable, term] of layer.#regularizers) {
        if (variable.trainable) regularizers.set(variable, term);
      }
    }
    const [first, ...others] = [...regularizers].map(([variable, term]) => term(variable.value));
    if (!first) return undefined;
    const sum = others.reduce((total, term) => total.add(term), first);
    requireDType('penalty', sum, ['f32']);
    return sum;
  }

  /** Makes the layer's own variables when it first sees an input of a shape, batch axis included. */
  protected createVariables(_shape: ShapesOf<I>): void {}

  /** What the layer computes of its input, once its variables are made. */
  protected abstract compute(x: I, mode: Mode): Arranged<O, AnyTensor>;

  /** Registers a variable made in `createVariables`, and what its size adds to `penalty()`. */
  protected own<V extends AnyVariable>(variable: V, regularizer?: Regularizer): V {
    this.#created.push(variable);
    if (regularizer) this.#regularizers.set(variable, regularizer);
    return variable;
  }

  /**
   * What is made while this layer is frozen, is so too: its variables, and layers of which nobody said else.
   * `forward` sees to it; other methods that make layers call it.
   */
  protected freezeNew(): void {
    if (this.#freezing.trainable) return;
    for (const layer of this.namedLayers().values()) {
      if (layer === this || !layer.#freezing.isSet) layer.#freeze(false);
    }
  }

  /** Makes the variables. Where that fails none is left, so that a call with other inputs can. */
  #create(shapes: ShapesOf<I>): void {
    const before = this.#created.length;
    try {
      drawnFor(undefined, () => this.createVariables(shapes));
    } catch (error) {
      for (const variable of this.#created.splice(before)) this.#regularizers.delete(variable);
      throw error;
    }
  }

  /** What the properties hold, by path. */
  #members(): [path: string, member: Member][] {
    return membersOf(this.#properties(), isMember, plainEntries);
  }

  #properties(): [name: string, value: unknown][] {
    return Object.entries(this).filter(([name]) => name !== 'children');
  }

  #variables(): [name: string, variable: AnyVariable][] {
    const named = this.#created.map((variable): [string, AnyVariable] => [variable.name, variable]);
    for (const [path, member] of this.#members()) {
      if (member instanceof Variable && !this.#created.includes(member)) named.push([path, member]);
    }
    return named;
  }

  #children(): [name: string, child: AnyLayer][] {
    const { children } = this;
    const found: [string, AnyLayer][] = [];
    for (const [path, member] of this.#members()) {
      if (member instanceof Layer) found.push([path, member]);
    }
    if (!children) return found;
    if (!isList(children)) return Object.entries(children);
    const names = new Map(found.map(([path, layer]) => [layer, path]));
    return children.map((child, i) => [names.get(child) ?? `children.${i}`, child]);
  }

  #freeze(trainable: boolean): void {
    Object.assign(this.#freezing, { trainable, isSet: true });
    for (const { cell } of this.ownVariables) cell.isFrozen = !trainable;
  }

  /** What is not found would never train, nor be saved. */
  #refuseStrays(): void {
    const found = new Set<Member>([...this.namedLayers().values(), ...this.variables]);
    for (const property of this.#properties()) {
      for (const [, stray] of membersOf([property], isMember, allEntries)) {
        if (found.has(stray)) continue;
        const what = stray instanceof Layer ? `a ${stray.type} layer` : `variable '${stray.name}'`;
        throw new ArgumentError(
          `${this.type}: the property '${property[0]}' holds ${what} where it is not found, so that it would ` +
            'neither be trained nor saved. Hold it in a property, an array or a plain object, or list a ' +
            "layer in 'children' and give a variable to own(). What is no part of the layer goes in a #field.",
        );
      }
    }
  }
}

type Member = AnyLayer | AnyVariable;

export function isMember(value: unknown): value is Member {
  return value instanceof Layer || value instanceof Variable;
}

/** Array.isArray, which does not tell readonly lists from objects. */
function isList<T>(value: readonly T[] | Readonly<Record<string, T>>): value is readonly T[] {
  return Array.isArray(value);
}
