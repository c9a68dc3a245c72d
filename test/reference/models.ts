import { NdArray, type Shape, sizeOf } from './array.ts';
import { convolution, dense, flatten, type Layer, maxPool, sequence, sumOf } from './layers.ts';
import { type AdamOptions, adam, type Optimizer, sgd } from './optimizers.ts';
import { mean } from './reductions.ts';
import { crossEntropy, crossEntropyGradient } from './softmax.ts';

export type ModelName = 'dnn' | 'convnet' | 'resnet';

/** In layer order, kernel then bias: conv kernels HWIO, dense kernels [in, out]. */
export type Weights = readonly ArrayLike<number>[] | Readonly<Record<string, ArrayLike<number>>>;

/** `images` holds labels.length × 28 × 28 numbers, scaled as the network is to see them. */
export type Batch = { images: ArrayLike<number>; labels: ArrayLike<number> };

export type Training =
  | ({ optimizer: 'adam' } & AdamOptions)
  | { optimizer: 'sgd'; lr: number; momentum?: number };

export const models: Record<ModelName, Layer> = {
  dnn: sequence(
    flatten,
    dense(784, 16, 'relu'),
    dense(16, 32, 'relu'),
    dense(32, 64, 'relu'),
    dense(64, 10, 'none'),
  ),

  convnet: sequence(
    convolution(1, 32, { padding: 'valid' }),
    maxPool('valid'),
    convolution(32, 64, { padding: 'valid' }),
    maxPool('valid'),
    convolution(64, 64, { padding: 'valid' }),
    flatten,
    dense(576, 64, 'relu'),
    dense(64, 10, 'none'),
  ),

  resnet: sequence(
    convolution(1, 32, { padding: 'same' }),
    maxPool('same'),
    sumOf(
      convolution(32, 128, { kernel: 1, stride: 4, padding: 'same' }),
      sequence(
        convolution(32, 64, { padding: 'same' }),
        maxPool('same'),
        convolution(64, 64, { padding: 'same' }),
        maxPool('same'),
        convolution(64, 128, { padding: 'same' }),
      ),
    ),
    convolution(128, 128, { padding: 'same' }),
    maxPool('same'),
    flatten,
    dense(512, 128, 'relu'),
    dense(128, 10, 'none'),
  ),
};

/** The shapes of a model's weights, in the order in which they are given. */
export const weightShapes = (model: ModelName): Shape[] => models[model].weightShapes;

export function logitsReference(model: ModelName, weights: Weights, images: ArrayLike<number>) {
  return models[model].forward(asImages(images), asArrays(model, weights)).output;
}

/** The mean cross-entropy of a batch and its gradient by every weight. */
export function gradientsReference(
  model: ModelName,
  weights: Weights,
  { images, labels }: Batch,
): { loss: number; gradients: Float64Array[] } {
  const pass = models[model].forward(asImages(images), asArrays(model, weights));
  const loss = mean(crossEntropy(pass.output, labels)).item();
  const back = pass.backward(crossEntropyGradient(pass.output, labels));
  return { loss, gradients: back.weights.map(({ data }) => data) };
}

/** One step per batch; `losses` are those before each step. The weights given stay as they are. */
export function trainReference<W extends Weights>(
  model: ModelName,
  weights: W,
  batches: Iterable<Batch>,
  training: Training,
): { losses: number[]; weights: { [K in keyof W]: Float64Array } } {
  const names = Object.keys(weights);
  const trained = Object.values(weights).map((values) => Float64Array.from(values));
  const optimizer: Optimizer = training.optimizer === 'adam' ? adam(training) : sgd(training);
  const losses: number[] = [];
  for (const batch of batches) {
    const { loss, gradients } = gradientsReference(model, trained, batch);
    optimizer.step(trained, gradients);
    losses.push(loss);
  }
  const named = Array.isArray(weights)
    ? trained
    : Object.fromEntries(names.map((name, at) => [name, trained[at]!]));
  return { losses, weights: named as { [K in keyof W]: Float64Array } };
}

const asImages = (images: ArrayLike<number>): NdArray =>
  new NdArray([images.length / 784, 28, 28, 1], images);

function asArrays(model: ModelName, weights: Weights): NdArray[] {
  const values: ArrayLike<number>[] = Object.values(weights);
  const shapes = weightShapes(model);
  if (values.length !== shapes.length) {
    throw new RangeError(`${model} has ${shapes.length} weights, not ${values.length}`);
  }
  return shapes.map((shape, at) => {
    const given = values[at]!;
    if (given.length !== sizeOf(shape)) {
      throw new RangeError(`weight ${at} of ${model} is [${shape}], not ${given.length} numbers`);
    }
    return new NdArray(shape, given);
  });
}
