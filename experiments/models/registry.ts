import type { nn } from 'wgrad';
import * as mnist from '../../examples/mnist/models.ts';
import { resnet50 } from './cifar10/resnet50.ts';
import { simcnn } from './cifar10/simcnn.ts';
import { cnn } from './fashion/cnn.ts';
import { dense } from './fashion/dense.ts';
import { inception } from './fashion/inception.ts';
import { resnet as fashionResnet } from './fashion/resnet.ts';
import { dnn } from './mnist-lr/dnn.ts';
import { resnet } from './mnist-lr/resnet.ts';
import { tiny } from './tiny/tiny.ts';

/** What of a trial's settings a model may depend on. */
interface Choices {
  /** Of the hidden layers. */
  readonly activation: Extract<nn.Activation, string>;
  /** A file of weights to start from, in PyTorch's layout; null: none. */
  readonly weights: string | null;
}

type Build = (choices: Choices) => nn.Layer;

/** Every model of the reports, by folder and file: those of mnist are the MNIST example's. */
export const models = {
  'mnist/dnn': () => mnist.dnn(),
  'mnist/convnet': () => mnist.convnet(),
  'mnist/resnet': () => mnist.resnet(),
  'mnist/plain': () => mnist.plain(),
  'mnist-lr/dnn': () => dnn(),
  'mnist-lr/resnet': () => resnet(),
  'fashion/cnn': ({ activation }) => cnn(activation),
  'fashion/dense': ({ activation }) => dense(activation),
  'fashion/resnet': ({ activation }) => fashionResnet(activation),
  'fashion/inception': ({ activation }) => inception(activation),
  'tiny/tiny': () => tiny(),
  'cifar10/simcnn': () => simcnn(),
  'cifar10/resnet50': ({ weights }) =>
    resnet50({ convention: weights === null ? 'keras' : 'pytorch' }),
} satisfies Record<string, Build>;

export type ModelName = keyof typeof models;

/** A model with fresh weights, not built yet. */
export function buildModel(settings: Choices & { readonly model: ModelName }): nn.Layer {
  const build: Build = models[settings.model];
  return build(settings);
}
