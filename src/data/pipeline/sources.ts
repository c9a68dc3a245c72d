import { inWords, requireOptions } from '../../arguments.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import type { Nested } from '../../tensor/shape-types.ts';
import {
  type Arranged,
  namedValues,
  requireTensors,
  type Tensors,
} from '../../tensor/structure.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { LabelledImages } from '../labelled-images.ts';
import { type Examples, partsOf, type Source } from './batch.ts';
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

export interface TensorOptions {
  /** What the loss of each example is multiplied by; see `Batch.weights`. */
  readonly weights?: Tensors;
  /** Which examples or positions are judged at all; see `Batch.mask`. */
  readonly mask?: Tensors;
}

/**
 * Tensors as a data set; their first axis numbers the examples. Several inputs or targets are arrays of
 * tensors, or tensors by name. They are computed when the first example is asked for, and stay on the
 * device.
 *
 * @throws ShapeError where they have no first axis or not the same.
 */
export function fromTensors<I extends Tensors = AnyTensor, T extends Tensors = AnyTensor>(
  inputs: I,
  targets: T,
  options: TensorOptions = {},
): Dataset<Arranged<I, AnyTensor>, Arranged<T, AnyTensor>> {
  requireTensors('fromTensors', inputs);
  requireTensors('fromTensors', targets);
  requireOptions('fromTensors', options, ['weights', 'mask']);
  for (const part of [options.weights, options.mask]) {
    if (part !== undefined) requireTensors('fromTensors', part);
  }
  const examples: Examples = { inputs, targets, ...options };
  const named = partsOf(examples).flatMap(([part, tensors]) =>
    namedValues(tensors).map(([name, { shape }]) => ({
      called: `${part}${name && ` '${name}'`}`,
      shape,
    })),
  );
  const count = named[0]?.shape[0];
  if (count === undefined || named.some(({ shape }) => shape[0] !== count)) {
    const shapes = named.map(({ called, shape }) => `${called} [${shape}]`);
    throw new ShapeError(
      `fromTensors: ${shapes.slice(0, -1).join(', ')} and ${shapes.at(-1)} must have as many examples along their first axis.`,
    );
  }
  return new Dataset(
    stored(count, () => examples) as Source<Arranged<I, AnyTensor>, Arranged<T, AnyTensor>>,
  );
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
