import { grad } from '../autograd/grad.ts';
import { ArgumentError } from '../errors.ts';
import { areIn, flatten } from '../graph/flat.ts';
import { Node } from '../graph/node.ts';
import { pack } from '../graph/pack.ts';
import { realize } from '../graph/realize.ts';
import { Variable as Cell, pendingAssignments } from '../graph/variable.ts';
import type { Op } from '../tensor/op.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { sameShape } from '../tensor/shape.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';

/** What changes a model's weights from a loss or from gradients. */
export abstract class Optimizer {
  /** The learning rate; may be set before every step at no cost. */
  lr: number;
  /** The variables it updates. */
  readonly variables: readonly AnyVariable[];
  /** How many steps have been taken. */
  steps = 0;
  /** All weights in one buffer (or a few), and so each moment: a step is one dispatch for the model. */
  private flats: readonly Cell[] = [];
  private moments: readonly Cell[][] = [];

  protected constructor(variables: readonly AnyVariable[], lr: number) {
    this.variables = variables.filter(({ trainable }) => trainable);
    if (this.variables.length === 0) {
      throw new ArgumentError(
        'An optimizer needs trainable variables. Layers make theirs when they first see an input: call model.build(inputShape) or model.forward(x) first.',
      );
    }
    if (new Set(this.variables.map(({ cell }) => cell)).size !== this.variables.length) {
      throw new ArgumentError('An optimizer was given the same variable twice.');
    }
    if (!(lr >= 0)) throw new ArgumentError(`The learning rate ${lr} must be 0 or more.`);
    this.lr = lr;
  }

  /**
   * Takes one step: against the gradients of `loss`, or against those `loss.backward()` has left.
   * Computes the loss, its gradients, the new weights and all pending assignments in one
   * submission; reading the loss afterwards is free. Resolves when the work is queued.
   * @throws ShapeError when the loss is not a scalar
   */
  async step(loss?: AnyTensor): Promise<void> {
    const gradients = loss ? (grad(loss, this.variables) as AnyTensor[]) : this.takeGradients();
    await this.apply(gradients, loss ? [loss] : []);
  }

  /**
   * Takes one step against given gradients, one for each of `variables`; `alongside` is computed
   * in the same submission.
   */
  async apply(
    gradients: readonly AnyTensor[],
    alongside: readonly AnyTensor[] = [],
  ): Promise<void> {
    if (gradients.length !== this.variables.length) {
      throw new ArgumentError(
        `The optimizer has ${this.variables.length} variables, got ${gradients.length} gradients.`,
      );
    }
    gradients.forEach(({ shape }, i) => {
      const { name, shape: own } = this.variables[i] as AnyVariable;
      if (!sameShape(shape, own)) {
        throw new ArgumentError(
          `The gradient of '${name}' must have its shape [${own}], got [${shape}].`,
        );
      }
    });
    this.steps++;
    const nodes = [...alongside.map(({ node }) => node)];
    const wanted = gradients.map(({ node }) => node);
    if (this.variables.some(({ cell }) => pendingAssignments.has(cell))) {
      // A weight assigned by hand gets its new value first; the step then changes that one.
      await realize([...nodes, ...wanted]);
    }
    this.layOut();
    const scalars = this.scalars();
    let next = 0;
    const effects = this.flats.map((flat, i) => {
      const own = wanted.slice(next, next + flat.members.length);
      next += flat.members.length;
      const moments = this.moments[i] as Cell[];
      const inputs = [flat.read(), pack(own), ...moments.map((moment) => moment.read())];
      const node = new Node(
        this.operation,
        inputs,
        { shape: [0], dtype: 'f32' },
        this.attributes,
        scalars,
      );
      return { node, writes: [flat, ...moments] };
    });
    await realize(nodes, effects);
  }

  /** The op that updates weights, gradients and moments in place. */
  protected abstract readonly operation: Op;
  /** How many moments it keeps for each weight. */
  protected abstract readonly momentCount: number;
  /** The op's attributes: which terms its kernel has. */
  protected readonly attributes: Readonly<Record<string, unknown>> = {};

  /** The numbers of this step, computed in double: learning rate, decays, bias corrections. */
  protected abstract scalars(): readonly number[];

  private layOut(): void {
    if (this.flats.length > 0 && areIn(this.flats)) return;
    const first = this.flats.length === 0;
    this.flats = flatten(this.variables.map(({ cell }) => cell));
    if (!first) return;
    this.moments = this.flats.map(({ shape }) =>
      Array.from({ length: this.momentCount }, () => new Cell(zeros(shape).node, 'moment', false)),
    );
  }

  private takeGradients(): AnyTensor[] {
    const gradients = this.variables.map((variable) => {
      const { gradient } = variable;
      variable.gradient = undefined;
      return gradient as AnyTensor | undefined;
    });
    if (gradients.every((gradient) => !gradient)) {
      throw new ArgumentError(
        'There are no gradients to step against: call loss.backward() first, or step(loss).',
      );
    }
    return gradients.map(
      (gradient, i) => gradient ?? zeros((this.variables[i] as AnyVariable).shape),
    );
  }
}
