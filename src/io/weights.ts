import { inWords, requireChoice, requireInstance, requireOptions } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { openRuntime } from '../graph/execution/current-runtime.ts';
import { copied } from '../kernels/dtype.ts';
import { owning } from '../tensor/ops/creation.ts';
import { realize } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import { checkHostTensor, type HostTensor } from './host-tensor.ts';
import { type LoadOptions, matchWeights, type WeightMatch } from './weight-match.ts';

/** A model, or its variables by name: `nn.namedVariables(model)` where it is no layer. */
export type Weights =
  | ReadonlyMap<string, AnyVariable>
  | {
      /** All variables, those of its layers too, by their paths. */
      namedVariables(): ReadonlyMap<string, AnyVariable>;
    };

export interface SetWeightsOptions extends LoadOptions {
  /** What the tensors are called in errors. Default 'The set of tensors'. */
  readonly source?: string;
}

/** @throws ArgumentError where it is neither a model nor a map of variables. */
export function namedVariablesOf(caller: string, model: Weights): ReadonlyMap<string, AnyVariable> {
  if (model instanceof Map) return model;
  if ('namedVariables' in Object(model) && 'namedVariables' in model) return model.namedVariables();
  throw new ArgumentError(
    `${caller}: takes a model, or its variables by name, nn.namedVariables(model); got ${inWords(model)}.`,
  );
}

/**
 * The values of all variables of a model, weights and running statistics, by name: those at the
 * time of the call, whatever is assigned before they have arrived.
 */
export async function weightsOf(model: Weights): Promise<Map<string, HostTensor>> {
  const named = [...namedVariablesOf('weightsOf', model)];
  const values = named.map(([, { value }]) => value);
  // First values are computed together; the reads are asked for in the same breath.
  const [, ...arrays] = await Promise.all([
    realize(...values),
    ...values.map((value) => value.data()),
  ]);
  return new Map(
    named.map(([name, { shape, dtype }], i) => [name, { shape, dtype, data: arrays[i]! }]),
  );
}

/**
 * Gives a model's variables the values of `tensors`, whose names, shapes and dtypes must be the
 * model's (a variable of f32 takes f16 too); all of them or, where an error is thrown, none.
 * @returns what `strict: false` or 'shapes' let pass, by name.
 * @throws CheckpointError listing the names that are missing, unexpected or misshapen.
 * @throws DTypeError, ShapeError where a tensor's array is not that of its dtype and shape.
 */
export async function setWeights(
  model: Weights,
  tensors: ReadonlyMap<string, HostTensor>,
  options: SetWeightsOptions = {},
): Promise<WeightMatch> {
  requireOptions('setWeights', options, ['source', 'strict']);
  const { match, assignments } = matched(model, tensors, options);
  await assignAll(assignments);
  return match;
}

/** What {@link setWeights} assigns, once it is known to fit; throws as that does. */
export function matched(
  model: Weights,
  tensors: ReadonlyMap<string, HostTensor>,
  { source = 'The set of tensors', strict = true }: SetWeightsOptions = {},
): { readonly match: WeightMatch; readonly assignments: Assignment[] } {
  requireInstance('setWeights', 'tensors', tensors, Map);
  if (typeof strict !== 'boolean') requireChoice('setWeights', { strict }, ['shapes']);
  const named = [...namedVariablesOf('setWeights', model)];
  const wanted = named.map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  const match = matchWeights(wanted, tensors, source, { strict });
  const assignments = named.flatMap(([name, variable]) => {
    const found = match.misshapen?.includes(name) ? undefined : tensors.get(name);
    return found ? [{ variable, found }] : [];
  });
  return { match, assignments };
}

export interface Assignment {
  readonly variable: AnyVariable;
  readonly found: HostTensor;
  /** The order in which the tensor's axes become the variable's; as they are if left out. */
  readonly permutation?: readonly number[] | undefined;
}

/** Uploads tensors and assigns them to variables. Their device memory is free again afterwards. */
export async function assignAll(assignments: readonly Assignment[]): Promise<void> {
  for (const { variable, found } of assignments) checkHostTensor(variable.name, found);
  // With a device at hand they are sent within this call, and need no copy until then.
  const isOpen = openRuntime() !== undefined;
  const uploads = assignments.map(({ variable, permutation, found: { data, shape, dtype } }) => ({
    variable,
    permutation,
    upload: owning(isOpen ? data : copied(data), shape, dtype),
  }));
  // Without this the plan of the assignments, which is run once, would keep room for all of them.
  await realize(...uploads.map(({ upload }) => upload));
  for (const { variable, permutation, upload } of uploads) {
    const value = upload.cast(variable.dtype);
    variable.assign(permutation ? value.transpose(permutation) : value);
  }
  await realize();
  for (const { upload } of uploads) upload.dispose();
}
