import { inWords, requireOptions } from '../../arguments.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import { requireTensor } from '../../tensor/require-dtype.ts';
import type { Nested } from '../../tensor/shape-types.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { LabelledImages } from '../labelled-images.ts';
import type { Source } from './batch.ts';
import { byteRows } from './byte-rows.ts';
import { Dataset } from './dataset.ts';
import { stored } from './stored.ts';

export interface ImageOptions {
  /** What pixels are divided by. Default 255, which makes them 0 … 1. */
  readonly scale?: number;
}

/**
 * Labelled images as a data set: inputs f32 [count, height, width, channels] divided by `scale`,
 * targets i32 [count]. The device holds them as they are, one byte a pixel; a batch sends its
 * numbers only. The arrays are copied.
 *
 * @throws ArgumentError where a scale is 0, and ShapeError where the arrays are of another size.
 */
export function fromImages(images: LabelledImages, options: ImageOptions = {}): Dataset {
  requireOptions('fromImages', options, ['scale']);
  const { scale = 255 } = options;
  if (!ArrayBuffer.isView(images?.images)) {
    throw new ArgumentError(
      `fromImages: takes one part of a data set, such as (await data.loadMnist()).train; got ${inWords(images)}.`,
    );
  }
  const { count, height, width, channels } = images;
  if (!Number.isFinite(scale) || scale === 0) {
    throw new ArgumentError(`fromImages: the scale must be a number other than 0, not ${scale}.`);
  }
  if (images.images.length !== count * height * width * channels) {
    throw new ShapeError(
      `fromImages: ${images.images.length} bytes are no ${count} images of shape [${height}, ${width}, ${channels}].`,
    );
  }
  const pixels = byteRows(images.images, [count, height, width, channels]);
  const labels = tensor(images.labels, [count]);
  const get: Source['get'] = (numbers) => {
    const indices = tensor(numbers, [numbers.length]);
    return {
      inputs: pixels(indices).cast('f32').div(scale),
      targets: labels.gather(indices).cast('i32'),
      count: numbers.length,
    };
  };
  return new Dataset({ count, get });
}

/**
 * Tensors as a data set; their first axis numbers the examples. They are computed when the first
 * example is asked for, and stay on the device.
 *
 * @throws ShapeError where they have no first axis or not the same.
 */
export function fromTensors(inputs: AnyTensor, targets: AnyTensor): Dataset {
  requireTensor('fromTensors', inputs);
  requireTensor('fromTensors', targets);
  const [count] = inputs.shape;
  if (count === undefined || targets.shape[0] !== count) {
    throw new ShapeError(
      `fromTensors: inputs [${inputs.shape}] and targets [${targets.shape}] must have as many examples along their first axis.`,
    );
  }
  return new Dataset(stored(count, () => ({ inputs, targets })));
}

export interface ArrayOptions {
  /** Default f32. */
  readonly inputs?: DType;
  /** Default f32; i32 for the numbers of classes. */
  readonly targets?: DType;
}

/**
 * Nested arrays as a data set: `fromArrays([[0, 1], [1, 1]], [1, 0], { targets: 'i32' })`.
 *
 * @throws ShapeError, DTypeError as `tensor` and `fromTensors` do
 */
export function fromArrays(inputs: Nested, targets: Nested, options: ArrayOptions = {}): Dataset {
  requireOptions('fromArrays', options, ['inputs', 'targets']);
  // Arrays of any depth are no known shape, and must not send the compiler looking for one.
  const make = tensor as (values: Nested, options: { dtype: DType }) => AnyTensor;
  return fromTensors(
    make(inputs, { dtype: options.inputs ?? 'f32' }),
    make(targets, { dtype: options.targets ?? 'f32' }),
  );
}
