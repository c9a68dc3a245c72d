import { requireInstance, requireOptions } from '../arguments.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import type { HostTensor } from './host-tensor.ts';
import { matchWeights, type WeightMatch } from './weight-match.ts';
import {
  type Assignment,
  assignAll,
  namedVariablesOf,
  type SetWeightsOptions,
  type Weights,
} from './weights.ts';

export interface ImportOptions extends SetWeightsOptions {
  /**
   * The name that a variable of ours has in the file, or undefined for a bias that the file's
   * layer does not have: it becomes zero. Default: the same name.
   */
  readonly rename?: (ourName: string) => string | undefined;
}

/**
 * Gives a model's variables the weights of a PyTorch state dict: filters [O, I, H, W] of convolutions
 * become [H, W, I, O], matrices [out, in] of dense layers become [in, out], all else is taken as it
 * is, embeddings too; a variable of your own says in `pytorchAxes` how it differs. The counters
 * `num_batches_tracked` are ignored.
 *
 * A dense layer behind a flatten of images must be permuted by the caller: PyTorch flattens
 * [C, H, W], wgrad [H, W, C].
 *
 * @returns what `strict: false` or 'shapes' let pass, by the file's names.
 * @throws CheckpointError listing the names (the file's) that are missing, unexpected or
 * misshapen; nothing has been assigned then.
 */
export async function importPytorch(
  model: Weights,
  tensors: ReadonlyMap<string, HostTensor>,
  options: ImportOptions = {},
): Promise<WeightMatch> {
  requireOptions('importPytorch', options, ['rename', 'source', 'strict']);
  const { rename = (name) => name, source = 'The PyTorch model', strict = true } = options;
  requireInstance('importPytorch', 'tensors', tensors, Map);
  const counted = ([name]: [string, HostTensor]) => !name.endsWith('num_batches_tracked');
  const theirs = new Map([...tensors].filter(counted));
  const named = [...namedVariablesOf('importPytorch', model)].map(([ourName, variable]) => {
    const name = rename(ourName);
    const isZero = name === undefined && /(^|\.)bias$/.test(ourName);
    return { variable, isZero, name: name ?? `${ourName} (rename gives no name)` };
  });
  const wanted = named.flatMap(({ name, variable, isZero }) =>
    isZero ? [] : [{ name, shape: theirShape(variable), dtype: variable.dtype }],
  );
  const match = matchWeights(wanted, theirs, source, { strict });
  await assignAll(
    named.flatMap(({ name, variable, isZero }): Assignment[] => {
      if (isZero) return [{ variable, found: zerosFor(variable) }];
      const found = match.misshapen?.includes(name) ? undefined : theirs.get(name);
      return found ? [{ variable, found, permutation: variable.pytorchAxes }] : [];
    }),
  );
  return match;
}

function theirShape({ shape, pytorchAxes }: AnyVariable): readonly number[] {
  return pytorchAxes ? shape.map((_, axis) => shape[pytorchAxes.indexOf(axis)] as number) : shape;
}

function zerosFor({ shape, size }: AnyVariable): HostTensor {
  return { shape, dtype: 'f32', data: new Float32Array(size) };
}
