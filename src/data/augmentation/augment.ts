import { requireFunction, requireList } from '../../arguments.ts';
import { DTypeError, ShapeError } from '../../errors.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import { floatsIn } from '../../tensor/random/interval.ts';
import { type Part, rowsOf } from '../../tensor/random/part.ts';
import { RandomStream } from '../../tensor/random/stream.ts';
import type { Shape } from '../../tensor/shape-types.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Batch, BatchContext } from '../pipeline/batch.ts';

/** Random numbers for the images of a batch, one each. */
export class Draws {
  private readonly count: number;
  private readonly random: RandomStream;
  private readonly part: Part | undefined;

  /** @param part of a batch for all of which they are drawn */
  constructor(count: number, random: RandomStream, part?: Part) {
    this.count = count;
    this.random = random;
    this.part = part;
  }

  // A few numbers an image, drawn here: in a fused kernel each pixel would draw them again.

  /** In [low, high), f32 [count]. */
  uniform(low: number, high: number): Tensor {
    const [least, most] = floatsIn('augment', low, high);
    const draw = () => Math.min(Math.max(this.random.uniform(low, high), least), most);
    return tensor(Float32Array.from(this.drawn(draw)), [this.count]);
  }

  /** Whole numbers from `least` to `most`, i32 [count]. */
  whole(least: number, most: number): Tensor<Shape, 'i32'> {
    const draw = () => least + this.random.below(most - least + 1);
    return tensor(Int32Array.from(this.drawn(draw)), [this.count]);
  }

  private drawn(draw: () => number): number[] {
    const { from, of } = rowsOf(this.count, this.part) ?? { from: 0, of: this.count };
    return Array.from({ length: of }, draw).slice(from, from + this.count);
  }
}

/** A random change to a batch of images f32 [count, height, width, channels], for each its own. */
export type Augmentation = (images: Tensor, draws: Draws) => Tensor;

/** Tells the streams that augment from the other uses of the same seed. */
const AUGMENT_STREAM = 5;

/**
 * Random changes to images, one after the other, for `Dataset.map`:
 * `train.map(data.augment([data.randomFlip(), data.randomCrop(4)]))`. They are computed on the
 * device; what is drawn follows from the context, so that a batch of an epoch always changes alike.
 *
 * Inputs must be f32 [count, height, width, channels]. What moves in from outside an image is 0,
 * so scale before and centre after.
 *
 * @throws ShapeError, DTypeError where inputs are others
 */
export function augment(
  augmentations: readonly Augmentation[],
): (batch: Batch, context: BatchContext) => Batch {
  requireList('augment', augmentations, 'augmentations, such as [data.randomFlip()]');
  for (const one of augmentations) requireFunction('augment', 'an augmentation', one);
  return (batch, { seed, epoch, step, part }) => {
    const { inputs, count } = batch;
    if (inputs.rank !== 4) {
      throw new ShapeError(
        `augment: changes images [count, height, width, channels], got inputs [${inputs.shape}].`,
      );
    }
    if (inputs.dtype !== 'f32') {
      throw new DTypeError(`augment: changes f32 images, got ${inputs.dtype}. Cast them before.`);
    }
    const ofEpoch = new RandomStream(seed, AUGMENT_STREAM, epoch).seed();
    const draws = new Draws(count, new RandomStream(ofEpoch, AUGMENT_STREAM, step), part);
    const images = augmentations.reduce((x, change) => change(x, draws), inputs as Tensor);
    return { ...batch, inputs: images };
  };
}
