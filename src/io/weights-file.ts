import { requireOptions, requireText } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { readSafetensors, writeOwned } from './safetensors-file.ts';
import type { LoadOptions, WeightMatch } from './weight-match.ts';
import { namedVariablesOf, setWeights, type Weights, weightsOf } from './weights.ts';

/**
 * Writes all variables of a model to a safetensors file, by name. Node only.
 * @throws FileError where it cannot be written; a file that was there is then untouched.
 * @throws ArgumentError where the model has no variables, as before it is built.
 */
export async function saveWeights(
  file: string,
  model: Weights,
  options: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  requireText('saveWeights', 'file', file);
  requireOptions('saveWeights', options, ['metadata']);
  const weights = await weightsOf(model);
  if (weights.size === 0) {
    throw new ArgumentError(
      'saveWeights: the model has no weights. Build it first: model.build(shape), or a call of forward.',
    );
  }
  await writeOwned(file, weights, options.metadata);
}

/**
 * Gives a model the weights that {@link saveWeights} wrote. Node only.
 * @returns what `strict: false` let pass: names that only one side has.
 * @throws CheckpointError where the file or a tensor cannot be read, is not intact, or is of another
 * model.
 */
export async function loadWeights(
  file: string,
  model: Weights,
  options: LoadOptions = {},
): Promise<WeightMatch> {
  requireText('loadWeights', 'file', file);
  requireOptions('loadWeights', options, ['strict']);
  const { tensors, unreadable } = await readSafetensors(file);
  const names = namedVariablesOf('loadWeights', model);
  for (const [name, error] of unreadable) {
    if (options.strict !== false || names.has(name)) throw error;
  }
  return setWeights(model, tensors, { ...options, source: file });
}
