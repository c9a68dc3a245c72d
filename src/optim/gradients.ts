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
 * The gradients of a loss, zeros for variables that it does not depend on.
 * @throws ArgumentError where it depends on none of them; and as `grad` does
 */
export function lossGradients(variables: readonly AnyVariable[], loss: AnyTensor): AnyTensor[] {
  const gradients = gradientsOf(
    loss,
    variables.map(({ cell }) => cell),
  );
  if (gradients.every((gradient) => !gradient)) {
    const names = variables.slice(0, 3).map(({ name }) => `'${name}'`);
    throw new ArgumentError(
      `The loss depends on none of the optimizer's ${variables.length} variables (${names}${variables.length > 3 ? ', …' : ''}): no gradient reaches them. ` +
        'Build it from their values, by model.forward or variable.value, and by ops that have gradients.',
    );
  }
  return gradients.map((gradient, i) => gradient ?? zeros((variables[i] as AnyVariable).shape));
}

/**
 * What `loss.backward()` has left, which is used up by that; zeros where it left nothing.
 * @throws ArgumentError where there is nothing at all
 */
export function takeGradients(variables: readonly AnyVariable[]): AnyTensor[] {
  const gradients = variables.map((variable) => {
    const { gradient } = variable;
    variable.gradient = undefined;
    return gradient as AnyTensor | undefined;
  });
  if (gradients.every((gradient) => !gradient)) {
    throw new ArgumentError(
      'There are no gradients to step against: call loss.backward() first, or step(loss).',
    );
  }
  return gradients.map((gradient, i) => gradient ?? zeros((variables[i] as AnyVariable).shape));
}
