import { inWords, requireChoice, requireOptions } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { isSeveral, type Tensors } from '../../tensor/structure.ts';
import { type AnyTensor, Tensor } from '../../tensor/tensor.ts';
import type { Batch } from './batch.ts';
import { type AnyDataset, Dataset } from './dataset.ts';

export interface ZipOptions<Name extends string> {
  /** Whose targets, weights and mask to take. Left out, the targets of all, by name. */
  readonly targets?: Name;
}

/**
 * Data sets side by side: example i has the inputs of the i-th example of each, by name, as a model of
 * several inputs takes them: `zip({ photo: photos, text: texts }, { targets: 'photo' })`. Without
 * `targets` it has the targets of all by the same names, and no weights or masks.
 *
 * @throws ArgumentError where they are not equally many, one is shuffled (shuffle what they are joined
 *   to), or there is no such name. A batch throws it where the inputs or targets of one are several.
 */
export function zip<Name extends string>(
  parts: Readonly<Record<Name, Dataset>>,
  options: Required<ZipOptions<NoInfer<Name>>>,
): Dataset<Readonly<Record<Name, AnyTensor>>>;
export function zip<Name extends string>(
  parts: Readonly<Record<Name, Dataset>>,
): Dataset<Readonly<Record<Name, AnyTensor>>, Readonly<Record<Name, AnyTensor>>>;
export function zip(
  parts: Readonly<Record<string, Dataset>>,
  options: ZipOptions<string> = {},
): AnyDataset {
  const named = Object.entries(parts ?? {});
  const wrong = named.find(([, part]) => !(part instanceof Dataset));
  if (named.length === 0 || wrong) {
    const got = wrong ? `${inWords(wrong[1])} as ${wrong[0]}` : inWords(parts);
    throw new ArgumentError(`zip: takes data sets by name, as { left, right }; got ${got}.`);
  }
  requireOptions('zip', options, ['targets']);
  const { targets } = options;
  const shuffled = named.find(([, part]) => part.isShuffled)?.[0];
  if (shuffled !== undefined) {
    throw new ArgumentError(
      `zip: '${shuffled}' is shuffled, and its examples would meet others in each epoch. Shuffle what zip gives.`,
    );
  }
  if (targets !== undefined)
    requireChoice(
      'zip',
      { targets },
      named.map(([name]) => name),
    );
  const count = named[0]?.[1].count ?? 0;
  if (named.some(([, part]) => part.count !== count)) {
    const counts = named.map(([name, part]) => `'${name}' has ${part.count}`).join(', ');
    throw new ArgumentError(
      `zip: the data sets must have as many examples: ${counts}. Use take(n) to cut the longer ones.`,
    );
  }
  return new Dataset<Tensors, Tensors>({
    count,
    async get(indices, context) {
      const batches = await Promise.all(
        named.map(async ([name, part]) => [name, await part.get(indices, context)] as const),
      );
      const all = (of: 'inputs' | 'targets') =>
        Object.fromEntries(batches.map(([name, batch]) => [name, single(name, of, batch)]));
      const one = batches.find(([name]) => name === targets)?.[1];
      return {
        ...(one ?? { targets: all('targets') }),
        inputs: all('inputs'),
        count: indices.length,
      };
    },
  });
}

function single(name: string, of: 'inputs' | 'targets', batch: Batch): AnyTensor {
  const value = batch[of];
  if (value instanceof Tensor) return value;
  throw new ArgumentError(
    `zip: the ${of} of '${name}' are ${isSeveral(value) ? 'several tensors' : inWords(value)}; map it to one, ` +
      'as part.map((batch) => ({ ...batch, inputs: batch.inputs.a })).',
  );
}
