import { inWords, requireFlag, requireOptions } from '../../arguments.ts';
import { ArgumentError, DataError, DTypeError } from '../../errors.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import { StreamingMoments } from '../../tensor/ops/streaming-moments.ts';
import { type Arranged, mapStructure, namedValues, type Tensors } from '../../tensor/structure.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { type Batch, mapExamples } from './batch.ts';
import { Dataset } from './dataset.ts';

/** What the moments of a batch are taken of at once; has no influence but on rounding. */
const BATCH_SIZE = 256;

/** To mean 0 and deviation 1 in each feature (the last axis), and back; what is not f32 stays as it is. */
export class Scaling {
  /** Of each feature; one number where examples have no axis of their own. */
  readonly mean: readonly number[];
  /** Of each feature; 1 where all values are equal. */
  readonly std: readonly number[];

  /** Comes from `standardize`, or from numbers that were kept. */
  constructor(mean: readonly number[], std: readonly number[]) {
    this.mean = mean;
    this.std = std;
  }

  /** [..., features] of the values' unit → the same shape, in deviations from the mean. */
  scale(x: AnyTensor): AnyTensor {
    return x.dtype === 'f32' ? x.sub(tensor(this.mean)).div(tensor(this.std)) : x;
  }

  /** The inverse of `scale`: predictions in the targets' own unit. */
  restore(x: AnyTensor): AnyTensor {
    return x.dtype === 'f32' ? x.mul(tensor(this.std)).add(tensor(this.mean)) : x;
  }
}

/** What a data set was standardized by; see `standardize`. */
export interface Standardization<I extends Tensors = AnyTensor, T extends Tensors = AnyTensor> {
  /** Of each tensor of the inputs. */
  readonly inputs: Arranged<I, Scaling>;
  /** Of each tensor of the targets; those that were not asked for are left as they are. */
  readonly targets: Arranged<T, Scaling>;
  /** Changes a batch of this or another data set: `test.map(apply)`. */
  readonly apply: (batch: Batch<I, T>) => Batch<I, T>;
}

export interface StandardizeOptions {
  /** The targets, too: numbers to be predicted in a unit of their own. Default false. */
  readonly targets?: boolean;
}

/**
 * Means and deviations of the examples trained on, one for each feature (the last axis), in one pass over
 * all of them: `const { apply } = await standardize(train)`, then `train.map(apply)` and `test.map(apply)`.
 * Only f32 is changed; numbers of classes and of words stay.
 *
 * @throws DTypeError where nothing is f32.
 * @throws DataError where there are no examples, or a value is not finite.
 */
export async function standardize<I extends Tensors, T extends Tensors>(
  examples: Dataset<I, T>,
  options: StandardizeOptions = {},
): Promise<Standardization<I, T>> {
  if (!(examples instanceof Dataset)) {
    throw new ArgumentError(`standardize: takes a data set, got ${inWords(examples)}.`);
  }
  requireOptions('standardize', options, ['targets']);
  requireFlag('standardize', 'targets', options.targets ?? false);
  const parts = options.targets ? (['inputs', 'targets'] as const) : (['inputs'] as const);
  const found = new Map<string, StreamingMoments>();
  let first: Batch<I, T> | undefined;
  for await (const batch of examples.batch(BATCH_SIZE).epoch(0)) {
    first ??= batch;
    for (const part of parts) {
      for (const [name, x] of namedValues<AnyTensor>(batch[part])) {
        if (x.dtype !== 'f32') continue;
        const moments = found.get(`${part} ${name}`) ?? new StreamingMoments();
        await moments.add(x);
        found.set(`${part} ${name}`, moments);
      }
    }
  }
  if (!first) throw new DataError('standardize: the data set has no examples.');
  const scalings = new Map([...found].map(([name, of]) => [name, scalingOf(name.trim(), of)]));
  for (const part of parts) {
    if (namedValues<AnyTensor>(first[part]).some(([name]) => scalings.has(`${part} ${name}`)))
      continue;
    throw new DTypeError(`standardize: the ${part} have no f32. Cast them in a map before.`);
  }
  const arranged = <S extends Tensors>(part: 'inputs' | 'targets', tensors: S) =>
    mapStructure<AnyTensor, Scaling>(
      tensors,
      (_, name) => scalings.get(`${part} ${name}`) ?? new Scaling([0], [1]),
    ) as Arranged<S, Scaling>;
  return {
    inputs: arranged('inputs', first.inputs),
    targets: arranged('targets', first.targets),
    apply: (batch) => {
      const changed = mapExamples(batch, (x, part, name) => {
        return scalings.get(`${part} ${name}`)?.scale(x) ?? x;
      });
      return { ...(changed as typeof batch), count: batch.count };
    },
  };
}

function scalingOf(name: string, { mean, variance }: StreamingMoments): Scaling {
  const wrong = variance.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new DataError(
      `standardize: feature ${wrong} of ${name} has values that are not finite, or beyond 1e19. Replace them in a map before.`,
    );
  }
  return new Scaling(
    [...mean],
    Array.from(variance, (value) => Math.sqrt(value) || 1),
  );
}
