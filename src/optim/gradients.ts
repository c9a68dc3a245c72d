import { gradientsOf } from '../autograd/grad.ts';
import { ArgumentError } from '../errors.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { requireTensor } from '../tensor/require-dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';

/** @throws ArgumentError unless there is a gradient for each variable, in its shape */
export function checkGradients(
  variables: readonly AnyVariable[],
  gradients: readonly AnyTensor[],
): void {
  requireTrained(variables);
  if (gradients.length !== variables.length) {
    throw new ArgumentError(
      `The optimizer has ${variables.length} variables, got ${gradients.length} gradients.`,
    );
  }
  gradients.forEach((gradient, i) => {
    requireTensor('optimizer', gradient);
    const { shape } = gradient;
    const { name, shape: own } = variables[i] as AnyVariable;
    if (!sameShape(shape, own)) {
      throw new ArgumentError(
        `The gradient of '${name}' must have its shape [${own}], got [${shape}].`,
      );
    }
  });
}

/**
 * The gradients of a loss, zeros for variables that are frozen and those that it does not depend on: what
 * lies behind trainable ones alone is not differentiated.
 * @throws ArgumentError where it depends on none that is trainable, or none is; and as `grad` does
 */
export function lossGradients(variables: readonly AnyVariable[], loss: AnyTensor): AnyTensor[] {
  const trained = requireTrained(variables);
  const gradients = gradientsOf(
    loss,
    trained.map(({ cell }) => cell),
  );
  if (gradients.every((gradient) => !gradient)) {
    const names = trained.slice(0, 3).map(({ name }) => `'${name}'`);
    const kind = trained.length < variables.length ? 'trainable variables' : 'variables';
    throw new ArgumentError(
      `The loss depends on none of the optimizer's ${trained.length} ${kind} (${names}${trained.length > 3 ? ', …' : ''}): no gradient reaches them. ` +
        'Build it from their values, by model.forward or variable.value, and by ops that have gradients.',
    );
  }
  const found = new Map(trained.map((variable, i) => [variable, gradients[i]]));
  return variables.map((variable) => found.get(variable) ?? zeros(variable.shape));
}

/** @throws ArgumentError where all variables are frozen */
export function requireTrained(variables: readonly AnyVariable[]): AnyVariable[] {
  const trained = variables.filter(({ trainable }) => trainable);
  if (trained.length > 0) return trained;
  throw new ArgumentError(
    `All ${variables.length} variables of the optimizer are frozen: there is nothing to step. Set trainable = true on a layer or a variable.`,
  );
}

/**
 * What `loss.backward()` has left, which is used up by that; zeros where it left nothing.
 * @throws ArgumentError where there is nothing at all, unless it `mayBeMissing`
 */
export function takeGradients(
  variables: readonly AnyVariable[],
  mayBeMissing: boolean,
): AnyTensor[] | undefined {
  if (requireTrained(variables).every(({ gradient }) => !gradient)) {
    if (mayBeMissing) return undefined;
    throw new ArgumentError(
      'There are no gradients to step against: call accumulate(loss) or loss.backward() first, or step(loss).',
    );
  }
  return variables.map((variable) => {
    const { gradient } = variable;
    variable.gradient = undefined;
    return (gradient as AnyTensor | undefined) ?? zeros(variable.shape);
  });
}
