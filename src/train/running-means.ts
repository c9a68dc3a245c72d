import type { World } from '../distributed/world.ts';
import { tensor, zeros } from '../tensor/ops/creation.ts';
import { stack } from '../tensor/ops/joining.ts';
import type { Shape } from '../tensor/shape-types.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

/**
 * Means over the examples of an epoch, summed on the device. The sums are a variable: assigning it
 * costs no submission of its own, as it is computed together with the next step, and no step waits
 * for the host. Sums are f32: hits are exact up to 2²⁴ examples, mean losses to about 1e-5. Where a mask
 * says what counts, the device counts that, too.
 */
export class RunningMeans {
  readonly names: readonly string[];
  /** How many examples have been counted. */
  examples = 0;
  /** Of which means the first is the sum, beside its own, and their weights. */
  private readonly addends: readonly (readonly [name: string, weight: number])[];
  private readonly sums: Variable<Shape>;
  /** What the sums are over; undefined as long as that is the examples. */
  private counted: Variable<Shape> | undefined;

  constructor(names: readonly string[], addends: RunningMeans['addends'] = []) {
    this.names = names;
    this.addends = addends;
    this.sums = this.made('sums');
  }

  /** Adds the sums of a batch, scalars, one for each name; the batch has to be counted, too. */
  add(sums: readonly Tensor[], counts: readonly (number | Tensor)[]): void {
    this.sums.assign(this.sums.value.add(stack(sums)));
    if (counts.every((count) => typeof count === 'number')) return;
    this.counted ??= this.made('counts');
    const all = counts.map((count): Tensor => (typeof count === 'number' ? tensor(count) : count));
    this.counted.assign(this.counted.value.add(stack(all)));
  }

  /** Counts the examples of a batch. */
  count(examples: number): void {
    this.examples += examples;
  }

  /** The sums so far, as a tensor [names] whose computing performs what is pending. */
  get value(): Tensor<Shape> {
    return this.sums.value;
  }

  /** The numbers of what the sums are over, [names]; undefined where that is the examples. */
  get counts(): Tensor<Shape> | undefined {
    return this.counted?.value;
  }

  /**
   * Waits for the device to finish what it was given, and reads the means; over those of all ranks where
   * each has summed up its own.
   */
  async read(world?: World): Promise<Record<string, number>> {
    const { names, examples } = this;
    const [sums, counts] = await Promise.all([this.sums.data(), this.counted?.data()]);
    const all = Float64Array.from([...sums, ...(counts ?? names.map(() => examples))]);
    await world?.allReduce(all);
    const means: Record<string, number> = {};
    names.forEach((name, i) => {
      means[name] = (all[i] ?? 0) / (all[names.length + i] ?? 0);
    });
    const [first] = this.names;
    for (const [name, weight] of first === undefined ? [] : this.addends) {
      means[first as string] = (means[first as string] ?? 0) + weight * (means[name] ?? 0);
    }
    return means;
  }

  /** Goes on from sums that were read before; all 0 starts anew. */
  restore(sums: Tensor<Shape>, examples: number, counts?: Tensor<Shape>): void {
    this.sums.assign(sums);
    this.examples = examples;
    if (counts) this.counted ??= this.made('counts');
    this.counted?.assign(counts ?? zeros([this.names.length]));
  }

  reset(): void {
    this.restore(zeros([this.names.length]), 0);
  }

  private made(name: string): Variable<Shape> {
    return new Variable<Shape>(zeros([this.names.length]), { name, trainable: false });
  }
}
