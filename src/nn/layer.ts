import { zeros } from '../tensor/ops/creation.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';

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
  /** Layers inside this one, in order. */
  readonly children: readonly Layer[] = [];
  private built = false;

  /** Applies the layer. The first call creates its variables from the shape it sees. */
  forward(x: AnyTensor, mode: Mode = INFERENCE): Tensor {
    if (!this.built) this.createVariables(x.shape);
    this.built = true;
    return this.compute(x, mode) as Tensor;
  }

  /** Creates all variables for inputs of a shape (without the batch axis); computes nothing. */
  build(inputShape: readonly number[]): this {
    this.forward(zeros([1, ...inputShape]));
    return this;
  }

  /** All variables of the layer and those inside it, each once: weights and running statistics. */
  get variables(): AnyVariable[] {
    // A set, since a layer may be used in several places.
    const inner = this.children.flatMap((child) => child.variables);
    return [...new Set([...this.ownVariables, ...inner])];
  }

  /** The variables optimizers change. */
  get trainableVariables(): AnyVariable[] {
    return this.variables.filter(({ trainable }) => trainable);
  }

  /** The number of elements of all variables, as Keras counts parameters. */
  get parameterCount(): number {
    return this.variables.reduce((sum, { size }) => sum + size, 0);
  }

  /** Makes the layer's own variables when it first sees an input of a shape, batch axis included. */
  protected createVariables(_shape: readonly number[]): void {}

  protected abstract compute(x: AnyTensor, mode: Mode): AnyTensor;

  /** Registers a variable made in `createVariables`. */
  protected own<V extends AnyVariable>(variable: V): V {
    this.ownVariables.push(variable);
    return variable;
  }
}
