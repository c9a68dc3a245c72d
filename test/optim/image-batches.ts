import { type AnyTensor, tensor } from '../../src/index.ts';

const COUNT = 96;

/** Images and labels as training scripts keep them: u8, on the device, batches taken by gather. */
export class ImageBatches {
  readonly size: number;
  private readonly images: AnyTensor;
  private readonly labels: AnyTensor;

  constructor(size: number, shape: readonly number[] = [28, 28, 1]) {
    this.size = size;
    const pixels = shape.reduce((a, b) => a * b, 1);
    const bytes = Uint8Array.from(
      { length: COUNT * pixels },
      (_, i) => (i * 7919 + (i >> 5)) % 251,
    );
    this.images = tensor(bytes, [COUNT, ...shape]);
    this.labels = tensor(
      Uint8Array.from({ length: COUNT }, (_, i) => (i * 7) % 10),
      [COUNT],
    );
  }

  /** The images of the batch with a number, from 0 to 1, and their labels. */
  batch(number: number): { x: AnyTensor; y: AnyTensor } {
    const at = tensor(
      Int32Array.from({ length: this.size }, (_, i) => (number * this.size + i * 5) % COUNT),
      [this.size],
    );
    return {
      x: this.images.gather(at).cast('f32').div(255),
      y: this.labels.gather(at),
    };
  }
}
