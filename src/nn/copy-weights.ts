import { requireNumber, requireOptions } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { isFloat } from '../kernels/dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import { namedVariables } from './variables.ts';

export interface CopyWeightsOptions {
  /** The share of `from`; the rest stays what it is in `to`. Default 1: a copy. */
  readonly tau?: number;
}

/**
 * Gives the variables of one model, running statistics included, to another of the same variables:
 * tau · from + (1 − tau) · to. With a small tau after every step `to` is the target network that
 * follows slowly (Lillicrap et al., "Continuous control with deep reinforcement learning", 2016).
 * They are computed together with what is computed next.
 * @throws ArgumentError where the models do not have the same names, shapes and dtypes, or tau is
 *   not from 0 to 1; nothing is copied then.
 */
export function copyWeights(from: object, to: object, options: CopyWeightsOptions = {}): void {
  requireOptions('copyWeights', options, ['tau']);
  const { tau = 1 } = options;
  requireNumber('copyWeights', { tau }, { from: 0, to: 1 });
  const [sources, targets] = [namedVariables(from), namedVariables(to)];
  for (const name of new Set([...targets.keys(), ...sources.keys()])) {
    requireAlike(name, sources.get(name), targets.get(name));
  }
  for (const [name, target] of targets) {
    const { value } = sources.get(name) as AnyVariable;
    const isMixed = tau < 1 && isFloat(target.dtype);
    target.assign(isMixed ? value.mul(tau).add(target.value.mul(1 - tau)) : value);
  }
}

function requireAlike(
  name: string,
  source: AnyVariable | undefined,
  target: AnyVariable | undefined,
): void {
  if (
    source?.dtype === target?.dtype &&
    source &&
    target &&
    sameShape(source.shape, target.shape)
  ) {
    return;
  }
  const [from, to] = [source, target].map((one) =>
    one ? `${one.dtype}[${one.shape}]` : 'missing',
  );
  throw new ArgumentError(
    `copyWeights: both models must have the same variables, but '${name}' is ${from} in the first and ${to} in the second. ` +
      'Make them by the same function, and build both.',
  );
}
