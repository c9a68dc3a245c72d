import { inWords } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import { isMember, Layer } from './layer.ts';
import { addNamed, allEntries, membersOf } from './members.ts';

/**
 * The variables of a model that is a plain object or class: those it holds in properties, arrays,
 * objects, maps and sets, and those of the layers it holds, each once, in the order of the properties.
 * @throws ArgumentError where it is no object, or two variables have the same path.
 */
export function variables(model: object): AnyVariable[] {
  return [...namedVariables(model).values()];
}

/**
 * The same variables by path: the properties, keys and indices that lead to a variable
 * (`offset.bias`, `powers.1`) or to a layer, followed by the layer's own names (`head.weight`).
 * @throws ArgumentError where it is no object, or two variables have the same path.
 */
export function namedVariables(model: object): Map<string, AnyVariable> {
  if (Object(model) !== model) {
    throw new ArgumentError(
      `namedVariables: takes a model, or an object that holds variables; got ${inWords(model)}.`,
    );
  }
  if (model instanceof Variable) return new Map([[model.name, model]]);
  if (model instanceof Layer) return model.namedVariables();
  const named = new Map<string, AnyVariable>();
  const seen = new Set<AnyVariable>();
  const add = (path: string, variable: AnyVariable) => {
    if (!seen.has(variable)) addNamed(named, path, variable);
    seen.add(variable);
  };
  for (const [path, member] of membersOf(allEntries(model), isMember, allEntries)) {
    if (member instanceof Variable) add(path, member);
    else for (const [name, variable] of member.namedVariables()) add(`${path}.${name}`, variable);
  }
  return named;
}
