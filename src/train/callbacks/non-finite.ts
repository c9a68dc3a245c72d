import { copyOf } from '../../graph/copy.ts';
import type { AnyLayer } from '../../nn/layer.ts';
import { traceLayers } from '../../nn/trace.ts';
import * as random from '../../tensor/random/index.ts';
import { namedValues, type Tensors } from '../../tensor/structure.ts';
import { type AnyTensor, realize, Tensor } from '../../tensor/tensor.ts';
import type { AnyVariable } from '../../tensor/variable.ts';

export type WeightCopies = ReadonlyMap<AnyVariable, AnyTensor>;

/** The values of all variables as they are now, in device memory of their own. */
export async function copyWeights({ variables }: AnyLayer): Promise<WeightCopies> {
  const copies = new Map(
    variables.map((variable) => [variable, new Tensor(copyOf(variable.value.node))]),
  );
  await realize(...copies.values());
  return copies;
}

/**
 * What is first not finite, in words, when a model with these weights is applied to inputs in
 * training: a layer's weights come before its output, and that of a layer after those within it.
 * The model's variables and the random numbers to come are as before afterwards.
 */
export async function firstNonFinite(
  model: AnyLayer,
  inputs: Tensors,
  weights: WeightCopies,
): Promise<string | undefined> {
  const present = await copyWeights(model);
  const state = random.state();
  try {
    for (const [variable, value] of weights) variable.assign(value);
    await realize();
    const values = valuesOf(model, inputs, weights);
    await realize(...values.map(({ value }) => value));
    for (const { what, value } of values) {
      // Looked at on the host: shaders may be compiled as if there were no NaN.
      if (!(await value.data()).every(Number.isFinite)) return what;
    }
    return undefined;
  } finally {
    random.setState(state);
    for (const [variable, value] of present) variable.assign(value);
    await realize();
    for (const copy of present.values()) copy.dispose();
  }
}

interface Value {
  readonly what: string;
  readonly value: AnyTensor;
}

/** Weights and outputs of all layers in the order of computing. */
function valuesOf(model: AnyLayer, inputs: Tensors, weights: WeightCopies): Value[] {
  const values: Value[] = [];
  /** Layers that have not returned: visited before those within them. */
  const open: { readonly depth: number; readonly value: Value }[] = [];
  const close = (depth: number) => {
    while ((open.at(-1)?.depth ?? -1) >= depth) values.push((open.pop() as (typeof open)[0]).value);
  };
  traceLayers(model, inputs, { training: true }, (layer, path, _, output, depth) => {
    close(depth);
    const where = path || 'the model';
    for (const variable of layer.ownVariables) {
      const value = weights.get(variable);
      if (value) values.push({ what: `${variable.name} of ${where} (${layer.type})`, value });
    }
    for (const [name, value] of namedValues(output).reverse()) {
      const what = `the output ${name && `'${name}' `}of ${where} (${layer.type})`;
      open.push({ depth, value: { what, value } });
    }
  });
  close(0);
  return values;
}
