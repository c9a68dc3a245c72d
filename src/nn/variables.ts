import { Tensor } from '../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import { Layer } from './layer.ts';

/**
 * The variables of a model that is a plain object or class: those it holds in properties, arrays
 * and objects, and those of the layers it holds, each once, in the order of the properties.
 */
export function variables(model: object): AnyVariable[] {
  const found = new Set<AnyVariable>();
  const seen = new Set<object>();
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Variable) {
      found.add(value as AnyVariable);
    } else if (value instanceof Layer) {
      for (const variable of value.variables) found.add(variable);
    } else if (!ArrayBuffer.isView(value) && !(value instanceof Tensor)) {
      for (const property of Object.values(value)) visit(property);
    }
  };
  visit(model);
  return [...found];
}
