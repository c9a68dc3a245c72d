import { inWords, requireChoice } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { requireDType, requireTensor } from '../tensor/require-dtype.ts';
import { checkShape } from '../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import { allEntries, membersOf, plainEntries } from './members.ts';
import { asHalves, type Precision } from './precision.ts';
import type { Regularizer } from './regularizers.ts';

/** How a layer is called; it hands this on to the layers inside it. */
export interface Mode {
  /** Whether a model is being trained: dropout drops and batch norm uses the batch's statistics. */
  readonly training: boolean;
  /**
   * 'f16': what layers hand on, and its gradients, are stored as f16, which takes half the memory; it is
   * computed with as f32, and variables stay f32. Default: 'f32'.
   */
  readonly precision?: Precision;
  /**
   * Told of each call of a layer before it is computed; what it returns is told the output. Layers
   * inside are called in between.
   */
  readonly visit?: (layer: Layer, input: AnyTensor) => ((output: Tensor) => void) | undefined;
}

const INFERENCE: Mode = { training: false };

/**
 * A function from tensor to tensor with variables of its own. Layers learn the size of their
 * input when they first see one; a class of your own needs `compute`, and `createVariables` if
 * the shapes of its variables follow from its input.
 *
 * What its properties hold is part of it: layers and variables, also in arrays and plain objects,
 * under the names of the properties. Private `#fields` are not looked into.
 */
export abstract class Layer {
  /** What the layer is, for summaries: `dense`, `conv2d`, … */
  abstract readonly type: string;
  /** The dtype of its inputs, by which `build` makes some up. */
  readonly inputDType: DType = 'f32';
  /**
   * The layers inside this one where a class states them itself, for the sake of their order (a
   * list) or of other names than the properties' (an object).
   */
  readonly children: readonly Layer[] | Readonly<Record<string, Layer>> | undefined;
  // Private to the runtime too, so that they do not count among the properties.
  #built = false;
  readonly #created: AnyVariable[] = [];
  readonly #regularizers = new Map<AnyVariable, Regularizer>();

  /**
   * Applies the layer. The first call creates its variables from the shape it sees.
   * @throws ArgumentError where a property holds a layer or a variable in a way that it is not
   * found, as in a map or left out of `children`; the first call looks.
   * @throws ShapeError where the layer does not take inputs of that shape.
   */
  forward(x: AnyTensor, mode: Mode = INFERENCE): Tensor {
    requireTensor(this.type, x);
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
      this.createVariables(x.shape);
      this.#refuseStrays();
      this.#built = true;
    }
    const computed = this.compute(x, mode);
    requireTensor(`${this.type}: what compute gives`, computed);
    const output = (precision === 'f16' ? asHalves(computed) : computed) as Tensor;
    // Layers may have been made on the way.
    if (isFirst) this.#refuseStrays();
    leave?.(output);
    return output;
  }

  /**
   * Creates all variables for inputs of a shape (without the batch axis); computes nothing.
   * @throws ArgumentError, ShapeError where `forward` does.
   */
  build(inputShape: readonly number[]): this {
    checkShape('build', inputShape);
    this.forward(zeros([1, ...inputShape], { dtype: this.inputDType }));
    return this;
  }

  /**
   * This layer as `''` and all those inside it by path, such as `layers.2.main`, each once, a layer
   * before what is inside it.
   * @throws ArgumentError where two layers have the same path.
   */
  namedLayers(): Map<string, Layer> {
    const named = new Map<string, Layer>();
    const seen = new Set<Layer>();
    const visit = (layer: Layer, path: string) => {
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

  /** The variables optimizers change. */
  get trainableVariables(): AnyVariable[] {
    return this.variables.filter(({ trainable }) => trainable);
  }

  /** The number of elements of all variables, as Keras counts parameters. */
  get parameterCount(): number {
    return this.variables.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * The sum of the regularizers' terms of this layer and those inside it, each once, to be added to
   * the loss; undefined where there is no regularizer.
   * @throws DTypeError where a term is not f32.
   */
  penalty(): Tensor | undefined {
    const regularizers = new Map<AnyVariable, Regularizer>();
    for (const layer of this.namedLayers().values()) {
      for (const [variable, term] of layer.#regularizers) regularizers.set(variable, term);
    }
    const [first, ...others] = [...regularizers].map(([variable, term]) => term(variable.value));
    if (!first) return undefined;
    const sum = others.reduce((total, term) => total.add(term), first);
    requireDType('penalty', sum, ['f32']);
    return sum;
  }

  /** Makes the layer's own variables when it first sees an input of a shape, batch axis included. */
  protected createVariables(_shape: readonly number[]): void {}

  protected abstract compute(x: AnyTensor, mode: Mode): AnyTensor;

  /** Registers a variable made in `createVariables`, and what its size adds to `penalty()`. */
  protected own<V extends AnyVariable>(variable: V, regularizer?: Regularizer): V {
    this.#created.push(variable);
    if (regularizer) this.#regularizers.set(variable, regularizer);
    return variable;
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

  #children(): [name: string, child: Layer][] {
    const { children } = this;
    const found: [string, Layer][] = [];
    for (const [path, member] of this.#members()) {
      if (member instanceof Layer) found.push([path, member]);
    }
    if (!children) return found;
    if (!isList(children)) return Object.entries(children);
    const names = new Map(found.map(([path, layer]) => [layer, path]));
    return children.map((child, i) => [names.get(child) ?? `children.${i}`, child]);
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

type Member = Layer | AnyVariable;

export function isMember(value: unknown): value is Member {
  return value instanceof Layer || value instanceof Variable;
}

/** Array.isArray, which does not tell readonly lists from objects. */
function isList<T>(value: readonly T[] | Readonly<Record<string, T>>): value is readonly T[] {
  return Array.isArray(value);
}

/**
 * Enters a variable under a name of its own.
 * @throws ArgumentError where the name is taken.
 */
export function addNamed(
  named: Map<string, AnyVariable>,
  name: string,
  variable: AnyVariable,
): void {
  if (named.has(name)) {
    throw new ArgumentError(
      `namedVariables: two variables are called '${name}'. Name them apart: new Variable(value, { name }).`,
    );
  }
  named.set(name, variable);
}
