import { ShapeError } from '../../errors.ts';
import type { AnyTensor } from '../tensor.ts';
import { stack } from './joining.ts';
import { moments } from './norms.ts';
import { mean } from './reductions.ts';

/**
 * Mean and variance of each feature, the last axis, over tensors that come one after the other; of one
 * number an example, [count], over all. The device computes those of each tensor, three numbers a feature
 * are read, and joined in f64 by the pairwise update of Chan, Golub and LeVeque, "Updating formulae and a
 * pairwise algorithm for computing sample variances" (1979): the mean never has to be known before.
 */
export class StreamingMoments {
  /** Of each feature. NaN where a value was. */
  mean = new Float64Array();
  #count = 0;
  /** Of each feature, the sum of the squared distances from the mean. */
  #squares = new Float64Array();

  /** Of each feature, over all values: nothing is taken off their number. */
  get variance(): Float64Array {
    return this.#squares.map((sum) => sum / this.#count);
  }

  /**
   * Adds f32 [count, …, features], or [count].
   * @throws ShapeError where it has no elements, or other features than the tensor before.
   * @throws DTypeError where it is not f32.
   */
  async add(x: AnyTensor): Promise<void> {
    const features = x.rank > 1 ? (x.shape.at(-1) ?? 0) : 1;
    const count = x.size / features;
    if (!(count > 0) || (this.#count > 0 && features !== this.mean.length)) {
      throw new ShapeError(
        `moments: a tensor [${x.shape}] came, of values with ${this.mean.length || 'some'} features.`,
      );
    }
    const axes = Array.from({ length: Math.max(x.rank - 1, 1) }, (_, axis) => axis);
    // Of distances from the mean, which is rounded: values far from 0 would lose their variance by that.
    const middle = mean(x, axes, true);
    const { mean: rest, variance } = moments(x.sub(middle), axes);
    const read = await stack([middle.reshape(rest.shape), rest, variance]).data();
    if (this.#count === 0) {
      this.mean = new Float64Array(features);
      this.#squares = new Float64Array(features);
    }
    const all = this.#count + count;
    for (let i = 0; i < features; i++) {
      const apart = read[i]! + read[features + i]! - this.mean[i]!;
      this.mean[i]! += (apart * count) / all;
      this.#squares[i]! +=
        read[2 * features + i]! * count + (apart ** 2 * this.#count * count) / all;
    }
    this.#count = all;
  }
}
