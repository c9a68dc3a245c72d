import { type Shape, stack, type Tensor, Variable, zeros } from '../../src/index.ts';

/** How well a model did on the images it has seen: the mean loss and the share it got right. */
export interface Score {
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * Adds up losses and hits on the device. The sums are a variable: assigning it costs no submission
 * of its own, as it is computed together with the next step, and no step waits for the host.
 */
export class Tally {
  private readonly sums = new Variable<Shape>(zeros([2]), { name: 'tally', trainable: false });
  private images = 0;

  /** Counts a batch, with its mean loss. */
  add(loss: Tensor, logits: Tensor, labels: Tensor<Shape, 'i32'>): void {
    const count = labels.size;
    const hits = logits.argMax(1).equal(labels).cast('f32').sum();
    this.sums.assign(this.sums.value.add(stack([loss.mul(count), hits])));
    this.images += count;
  }

  /** Waits for the device to finish what it was given, and reads the sums. */
  async read(): Promise<Score> {
    const [loss = 0, hits = 0] = await this.sums.data();
    return { loss: loss / this.images, accuracy: hits / this.images };
  }
}
