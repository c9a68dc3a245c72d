import { type data, type Shape, type Tensor, tensor } from '../../src/index.ts';

/**
 * Labelled images on the device as their files hold them, one byte a pixel: a training step sends
 * the numbers of the images it wants, and they are looked up and scaled where they are needed.
 */
export class DeviceDigits {
  readonly count: number;
  private readonly images: Tensor<Shape, 'u8'>;
  private readonly labels: Tensor<Shape, 'u8'>;

  constructor({ images, labels, count, height, width, channels }: data.LabelledImages) {
    this.count = count;
    this.images = tensor(images, [count, height, width, channels]);
    this.labels = tensor(labels, [count]);
  }

  /** The images of these numbers, scaled to 0…1, and their labels. */
  batch(numbers: Int32Array): { images: Tensor; labels: Tensor<Shape, 'i32'> } {
    const indices = tensor(numbers, [numbers.length]);
    return {
      images: this.images.gather(indices).cast('f32').div(255),
      labels: this.labels.gather(indices).cast('i32'),
    };
  }
}

/** The first `limit` of the images, or all where there are no more. */
export function firstOf(digits: data.LabelledImages, limit: number): data.LabelledImages {
  const count = Math.min(limit, digits.count);
  const pixels = digits.height * digits.width * digits.channels;
  return {
    ...digits,
    count,
    images: digits.images.subarray(0, count * pixels),
    labels: digits.labels.subarray(0, count),
  };
}
