import { requireOptions, requireText } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import {
  type ByteSource,
  isByteSource,
  nameOfSource,
  type ReadOptions,
} from '../files/byte-source.ts';
import { requireFiles } from '../files/require-files.ts';
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
  requireFiles(
    'saveWeights',
    'Keep encodeSafetensors(await weightsOf(model)) in openStore(), or offer it as a download.',
  );
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
 * Gives a model the weights that {@link saveWeights} wrote: from a path in Node; from an address, a Blob or
 * bytes in browsers too.
 * @returns what `strict: false` or 'shapes' let pass, by name.
 * @throws CheckpointError where the file or a tensor cannot be read, is not intact, or is of another
 * model.
 * @throws WgradError where a path is given in a browser.
 */
export async function loadWeights(
  file: string | ByteSource,
  model: Weights,
  options: LoadOptions & ReadOptions = {},
): Promise<WeightMatch> {
  requireOptions('loadWeights', options, ['strict', 'onProgress', 'signal']);
  const { onProgress, signal, ...matching } = options;
  if (!isByteSource(file)) {
    requireText('loadWeights', 'file', file);
    requireFiles('loadWeights of a path', 'Give it a URL, a Blob or bytes.');
  }
  const { tensors, unreadable } = await readSafetensors(file, { onProgress, signal });
  const names = namedVariablesOf('loadWeights', model);
  for (const [name, error] of unreadable) {
    if ((options.strict ?? true) === true || names.has(name)) throw error;
  }
  return setWeights(model, tensors, {
    ...matching,
    source: isByteSource(file) ? nameOfSource(file) : file,
  });
}
