import { ArgumentError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import { zeros } from '../tensor/ops/creation.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import type { Regularizer } from './regularizers.ts';

/** Whether a model is being trained: dropout drops and batch norm uses the batch's statistics. */
export interface Mode {
  readonly training: boolean;
}

const INFERENCE: Mode = { training: false };

/**
 * A function from tensor to tensor with variables of its own. Layers learn the size of their
 * input when they first see one; a class of your own needs `compute`, and `createVariables` if
 * it has any.
 */
export abstract class Layer {
  /** What the layer is, for summaries: `dense`, `conv2d`, … */
  abstract readonly type: string;
  /** The layer's own variables, in a fixed order; filled by `createVariables`. */
  readonly ownVariables: AnyVariable[] = [];
  /** The dtype of its inputs, by which `build` makes some up. */
  readonly inputDType: DType = 'f32';
  /** Layers inside this one, in order. */
  readonly children: readonly Layer[] = [];
  private built = false;
  private readonly regularizers = new Map<AnyVariable, Regularizer>();

  /** Applies the layer. The first call creates its variables from the shape it sees. */
  forward(x: AnyTensor, mode: Mode = INFERENCE): Tensor {
    if (!this.built) this.createVariables(x.shape);
    this.built = true;
    return this.compute(x, mode) as Tensor;
  }

  /** Creates all variables for inputs of a shape (without the batch axis); computes nothing. */
  build(inputShape: readonly number[]): this {
    this.forward(zeros([1, ...inputShape], { dtype: this.inputDType }));
    return this;
  }

  /** All variables of the layer and those inside it, each once: weights and running statistics. */
  get variables(): AnyVariable[] {
    // A set, since a layer may be used in several places.
    const inner = this.children.flatMap((child) => child.variables);
    return [...new Set([...this.ownVariables, ...inner])];
  }

  /**
   * What each of `children` is called within this layer: the property that holds it, followed by
   * its place where that is a list (`main`, `layers.3`); `children.3` where no property does.
   */
  get childNames(): string[] {
    const names = new Map<unknown, string>();
    for (const [property, value] of Object.entries(this)) {
      if (property === 'children') continue;
      const entries = Array.isArray(value)
        ? value.map((item, i) => [item, `${property}.${i}`] as const)
        : [[value, property] as const];

      for (const [item, name] of entries) if (!names.has(item)) names.set(item, name);
    }
    return this.children.map((child, i) => names.get(child) ?? `children.${i}`);
  }

  /**
   * All variables by path, such as `layers.2.main.layers.0.weight`, in the order of `variables`.
   * What is used in several places has its first path alone.
   * @throws ArgumentError where two variables of a layer have the same name.
   */
  namedVariables(): Map<string, AnyVariable> {
    const named = new Map<string, AnyVariable>();
    const seen = new Set<AnyVariable | Layer>();
    const collect = (layer: Layer, prefix: string) => {
      if (seen.has(layer)) return;
      seen.add(layer);
      for (const variable of layer.ownVariables) {
        if (seen.has(variable)) continue;
        seen.add(variable);
        addNamed(named, `${prefix}${variable.name}`, variable);
      }
      const names = layer.childNames;
      layer.children.forEach((child, i) => {
        collect(child, `${prefix}${names[i]}.`);
      });
    };
    collect(this, '');
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
   */
  penalty(): Tensor | undefined {
    const regularizers = new Map<AnyVariable, Regularizer>();
    const collect = (layer: Layer) => {
      for (const [variable, term] of layer.regularizers) regularizers.set(variable, term);
      layer.children.forEach(collect);
    };
    collect(this);
    const terms = [...regularizers].map(([variable, term]) => term(variable.value));
    return terms.length > 0 ? (terms.reduce((a, b) => a.add(b)) as Tensor) : undefined;
  }

  /** Makes the layer's own variables when it first sees an input of a shape, batch axis included. */
  protected createVariables(_shape: readonly number[]): void {}

  protected abstract compute(x: AnyTensor, mode: Mode): AnyTensor;

  /** Registers a variable made in `createVariables`, and what its size adds to `penalty()`. */
  protected own<V extends AnyVariable>(variable: V, regularizer?: Regularizer): V {
    this.ownVariables.push(variable);
    if (regularizer) this.regularizers.set(variable, regularizer);
    return variable;
  }
}

/** Enters a variable under a name of its own. @throws ArgumentError where the name is taken. */
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
