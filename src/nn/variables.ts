import { Tensor } from '../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import { addNamed, Layer } from './layer.ts';

/**
 * The variables of a model that is a plain object or class: those it holds in properties, arrays
 * and objects, and those of the layers it holds, each once, in the order of the properties.
 */
export function variables(model: object): AnyVariable[] {
  return [...namedVariables(model).values()];
}

/**
 * The same variables by path: the properties and indices that lead to a variable (`offset.bias`,
 * `powers.1`) or to a layer, followed by the layer's own names (`head.weight`).
 * @throws ArgumentError where two variables have the same path.
 */
export function namedVariables(model: object): Map<string, AnyVariable> {
  const named = new Map<string, AnyVariable>();
  const seen = new Set<object>();
  const add = (path: readonly string[], variable: AnyVariable) => {
    if (seen.has(variable)) return;
    seen.add(variable);
    addNamed(named, path.join('.') || variable.name, variable);
  };
  const visit = (value: unknown, path: readonly string[]) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    if (value instanceof Variable) {
      add(path, value as AnyVariable);
      return;
    }
    seen.add(value);
    if (value instanceof Layer) {
      for (const [name, variable] of value.namedVariables()) add([...path, name], variable);
    } else if (!ArrayBuffer.isView(value) && !(value instanceof Tensor)) {
      for (const [key, property] of Object.entries(value)) visit(property, [...path, key]);
    }
  };
  visit(model, []);
  return named;
}
