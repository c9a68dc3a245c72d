import { inWords } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { type AnyLayer, isMember, Layer, type Mode } from '../nn/layer.ts';
import { allEntries, membersOf } from '../nn/members.ts';
import { namedVariables } from '../nn/variables.ts';
import { isTensors, type Tensors } from '../tensor/structure.ts';
import type { AnyVariable } from '../tensor/variable.ts';

type Forward<I, O> = (inputs: I, mode: Mode) => O;

/**
 * What can be trained and evaluated: a layer; an object with `forward`, whose variables and layers are
 * those that `nn.variables` finds in it; or a function, whose variables are those of the optimizer.
 */
export type Model<I extends Tensors = Tensors, O extends Tensors = Tensors> =
  | Layer<I, O>
  | { forward(inputs: I, mode: Mode): O }
  | Forward<I, O>;

/** A model that is no layer, as one. */
class OwnModel extends Layer<Tensors, Tensors> {
  readonly type = 'model';
  override readonly takes = 'several';
  override readonly children: Readonly<Record<string, AnyLayer>>;
  readonly #forward: Forward<Tensors, Tensors>;
  readonly #held: object;
  readonly #caller: string;

  constructor(caller: string, forward: Forward<Tensors, Tensors>, held: object) {
    super();
    this.#forward = forward;
    this.#held = held;
    this.#caller = caller;
    const members = membersOf(allEntries(held), isMember, allEntries);
    const layers = members.flatMap(([path, member]): [string, AnyLayer][] =>
      member instanceof Layer ? [[path, member]] : [],
    );
    this.children = Object.fromEntries(layers);
  }

  override namedVariables(): Map<string, AnyVariable> {
    return namedVariables(this.#held);
  }

  override get variables(): AnyVariable[] {
    return [...this.namedVariables().values()];
  }

  protected compute(x: Tensors, mode: Mode): Tensors {
    const outputs: unknown = this.#forward(x, mode);
    if (isTensors(outputs)) return outputs;
    const remedy = outputs instanceof Layer ? ' Call it: the model is what it makes.' : '';
    throw new ArgumentError(
      `${this.#caller}: the model is a function, or has one, that gives no tensors but ${inWords(outputs)}.${remedy}`,
    );
  }
}

/**
 * A model as a layer. Of a function, `variables` are what it is made of.
 * @throws ArgumentError where it is no model.
 */
export function layerOf(
  caller: string,
  model: unknown,
  variables: readonly AnyVariable[] = [],
): AnyLayer {
  if (model instanceof Layer) return model;
  if (typeof model === 'function') {
    return new OwnModel(caller, (x, mode) => model(x, mode), { variables });
  }
  if (hasForward(model)) return new OwnModel(caller, (x, mode) => model.forward(x, mode), model);
  throw new ArgumentError(
    `${caller}: the model must be a layer, such as nn.sequential([…]), an object with forward and its variables, ` +
      `or a function of inputs; got ${inWords(model)}.`,
  );
}

function hasForward(model: unknown): model is { forward: Forward<Tensors, Tensors> } {
  return (
    typeof model === 'object' &&
    model !== null &&
    'forward' in model &&
    typeof model.forward === 'function'
  );
}
