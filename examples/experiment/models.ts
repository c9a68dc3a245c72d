import type { nn } from '../../src/index.ts';
import { resnet50 } from '../cifar10/resnet50.ts';
import { simcnn } from '../cifar10/simcnn.ts';
import { cnn } from '../fashion/cnn.ts';
import { dense } from '../fashion/dense.ts';
import { inception } from '../fashion/inception.ts';
import { resnet as fashionResnet } from '../fashion/resnet.ts';
import * as mnist from '../mnist/models.ts';
import { dnn } from '../mnist-lr/dnn.ts';
import { resnet } from '../mnist-lr/resnet.ts';
import { tiny } from '../tiny/tiny.ts';
import type { TrialSettings } from './settings.ts';

type Build = (settings: Pick<TrialSettings, 'activation' | 'weights'>) => nn.Layer;

/** Every model of the reports, by the folder and the file of `examples/` that has it. */
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
export function buildModel(settings: TrialSettings): nn.Layer {
  return (models[settings.model] as Build)(settings);
}
