import { zeros } from '../tensor/ops/creation.ts';
import { stack } from '../tensor/ops/joining.ts';
import type { Shape } from '../tensor/shape-types.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

/**
 * Means over the examples of an epoch, summed on the device. The sums are a variable: assigning it
 * costs no submission of its own, as it is computed together with the next step, and no step waits
 * for the host. Sums are f32: hits are exact up to 2²⁴ examples, mean losses to about 1e-5.
 */
export class RunningMeans {
  readonly names: readonly string[];
  /** How many examples have been counted. */
  examples = 0;
  private readonly sums: Variable<Shape>;

  constructor(names: readonly string[]) {
    this.names = names;
    this.sums = new Variable<Shape>(zeros([names.length]), { name: 'sums', trainable: false });
  }

  /** Adds the sums of a batch, scalars, one for each name; the batch has to be counted, too. */
  add(sums: readonly Tensor[]): void {
    this.sums.assign(this.sums.value.add(stack(sums)));
  }

  /** Counts the examples of a batch. */
  count(examples: number): void {
    this.examples += examples;
  }

  /** The sums so far, as a tensor [names] whose computing performs what is pending. */
  get value(): Tensor<Shape> {
    return this.sums.value;
  }

  /** Waits for the device to finish what it was given, and reads the means. */
  async read(): Promise<Record<string, number>> {
    const sums = await this.sums.data();
    return Object.fromEntries(this.names.map((name, i) => [name, (sums[i] ?? 0) / this.examples]));
  }

  /** Goes on from sums that were read before; all 0 starts anew. */
  restore(sums: Tensor<Shape>, examples: number): void {
    this.sums.assign(sums);
    this.examples = examples;
  }

  reset(): void {
    this.restore(zeros([this.names.length]), 0);
  }
}
