import { requireFunction } from '../arguments.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { apply, type Op } from '../tensor/op.ts';
import { requireDType, requireTensor } from '../tensor/require-dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';

/** Keeps tensors for `gradFunc`, which gets them as `saved`, in this order. */
export type Save = (tensors: readonly AnyTensor[]) => void;

/** What a function with a gradient of its own gives. */
export interface CustomGradient<V extends AnyTensor> {
  readonly value: V;
  /** From the gradient of `value`, in its shape, that of each input, in its shape; one by itself or a list. */
  readonly gradFunc: (
    gradient: Tensor,
    saved: readonly AnyTensor[],
  ) => AnyTensor | readonly AnyTensor[];
}

/**
 * The function that computes `fn(...).value`, and whose gradient is what `fn` says it is: for clipped,
 * rounded or numerically better gradients than those of the ops it is made of. As tfjs' `customGrad`.
 * What `gradFunc` computes is differentiated in its turn, so that second gradients are those of what it
 * says. No gradient reaches what `fn` uses without taking it as an input.
 *
 * ```ts
 * const roundThrough = customGradient((x: AnyTensor) => ({ value: x.round(), gradFunc: (dy) => dy }));
 * ```
 *
 * @throws ArgumentError, when it is called, where `fn` gives no value and gradFunc; when it is
 *   differentiated, where gradFunc gives another number of gradients than there are inputs.
 * @throws ShapeError where a gradient has another shape than its input.
 */
export function customGradient<const I extends readonly AnyTensor[], V extends AnyTensor>(
  fn: (...inputs: I) => CustomGradient<V>,
): (...inputs: I) => V;
export function customGradient<const I extends readonly AnyTensor[], V extends AnyTensor>(
  fn: (...given: [...I, save: Save]) => CustomGradient<V>,
): (...inputs: I) => V;
export function customGradient(
  fn: (...given: never) => CustomGradient<AnyTensor>,
): (...inputs: AnyTensor[]) => AnyTensor {
  requireFunction('customGradient', 'what it is made of', fn);
  return (...inputs) => {
    for (const input of inputs) requireTensor('customGradient', input);
    const saved: AnyTensor[] = [];
    const save: Save = (tensors) => {
      saved.push(...tensors);
    };
    const given = fn(...([...inputs, save] as never));
    requireTensor('customGradient: value', given?.value);
    requireFunction('customGradient', 'gradFunc', given.gradFunc);
    const { value, gradFunc } = given;
    // The inputs are there for the gradients they get: the value alone is computed.
    const op: Op<readonly AnyTensor[]> = {
      name: 'customGradient',
      lowering: { kind: 'view', map: () => ({ kind: 'reshape' }) },
      vjp: (gradient) => [undefined, ...gradientsFor(inputs, gradFunc(gradient, saved))],
    };
    return apply(op, [value, ...inputs], value);
  };
}

function gradientsFor(
  inputs: readonly AnyTensor[],
  given: AnyTensor | readonly AnyTensor[],
): Tensor[] {
  const gradients = given instanceof Tensor ? [given] : given;
  if (!Array.isArray(gradients) || gradients.length !== inputs.length) {
    throw new ArgumentError(
      `customGradient: gradFunc must give a gradient for each of the ${inputs.length} inputs, got ${Array.isArray(gradients) ? gradients.length : String(gradients)}.`,
    );
  }
  return inputs.map(({ shape }, i) => {
    const gradient: AnyTensor = gradients[i];
    requireDType('customGradient: gradFunc', gradient, ['f32']);
    if (sameShape(gradient.shape, shape)) return gradient;
    throw new ShapeError(
      `customGradient: the gradient of input ${i} must have its shape [${shape}], got [${gradient.shape}].`,
    );
  });
}
