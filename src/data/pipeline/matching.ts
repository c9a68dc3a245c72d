import { inWords } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import type { Tensors } from '../../tensor/structure.ts';
import { type AnyTensor, Tensor } from '../../tensor/tensor.ts';
import type { Batch } from './batch.ts';

/** The numbers, ascending, of the examples of all batches, in turn, that `keep` is true of. */
export async function matching<I extends Tensors, T extends Tensors>(
  batches: AsyncIterable<Batch<I, T>>,
  keep: (batch: Batch<I, T>) => AnyTensor,
): Promise<Int32Array> {
  const numbers: number[] = [];
  let first = 0;
  for await (const batch of batches) {
    const kept = keep(batch);
    if (
      !(kept instanceof Tensor) ||
      kept.dtype !== 'bool' ||
      String(kept.shape) !== `${batch.count}`
    ) {
      const got = kept instanceof Tensor ? `${kept.dtype}[${kept.shape}]` : inWords(kept);
      throw new ArgumentError(
        `filter: keep must return at once which of a batch's examples to keep, bool[${batch.count}], as ` +
          `({ targets }) => targets.equal(3); got ${got}. To keep examples by their numbers, use select.`,
      );
    }
    (await kept.data()).forEach((value, i) => {
      if (value) numbers.push(first + i);
    });
    first += batch.count;
  }
  return Int32Array.from(numbers);
}
