// Whole training steps, in tfjs: its functional API and its Adam. The layers API would run the
// same kernels and add its own bookkeeping to each step.
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { Case } from '../../cases.ts';
import { glorotUniform, labels, uniform } from '../../inputs.ts';
import { classes, imageShape, type Layer, models, windows } from '../../models.ts';
import type { Prepared } from '../peer.ts';
import type { Tfjs } from './tfjs.ts';

type TrainStep = Extract<Case['work'], { kind: 'trainStep' }>;
type Forward = (x: Tensor) => Tensor;

export function prepareTrainStep(tfjs: Tfjs, work: TrainStep): Prepared {
  if (work.compiled) throw new Error('tfjs has no compiled functions');
  const { tf } = tfjs;
  const { batch } = work;
  const model = new Model(tfjs, models[work.model]);
  const optimizer = tf.train.adam(work.learningRate);
  const shape = [batch, ...imageShape];
  const images = tf.tensor(uniform(shape, 1, 0, 1), shape);
  const target = tf.tensor1d(labels(batch, classes, 2), 'int32');
  const loss = (): Scalar =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(target, classes), model.forward(images));
  return {
    parameters: model.variables.reduce((sum, variable) => sum + variable.size, 0),
    async run() {
      const value = optimizer.minimize(loss, true, model.variables);
      if (value === null) throw new Error('tfjs returned no loss');
      // The copy of the loss is queued behind the update, so reading it waits for both.
      const [read] = await value.data();
      await tfjs.finish();
      value.dispose();
      if (!Number.isFinite(read)) throw new Error(`the loss is ${read}`);
      return read;
    },
    dispose() {
      optimizer.dispose();
      tf.dispose([images, target, ...model.variables]);
    },
  };
}

class Model {
  readonly variables: Variable[] = [];
  readonly forward: Forward;
  private readonly tfjs: Tfjs;

  constructor(tfjs: Tfjs, layers: readonly Layer[]) {
    this.tfjs = tfjs;
    this.forward = this.sequence(layers, imageShape).forward;
  }

  private weight(shape: number[]): Variable {
    const { tf } = this.tfjs;
    const seed = 100 + this.variables.length;
    const values =
      shape.length === 1 ? tf.zeros(shape) : tf.tensor(glorotUniform(shape, seed), shape);
    const variable = tf.variable(values);
    values.dispose();
    this.variables.push(variable);
    return variable;
  }

  private sequence(
    layers: readonly Layer[],
    input: readonly number[],
  ): { forward: Forward; shape: readonly number[] } {
    let shape = input;
    const steps = layers.map((layer) => {
      const built = this.layer(layer, shape);
      shape = built.shape;
      return built.forward;
    });
    return { shape, forward: (x) => steps.reduce((value, step) => step(value), x) };
  }

  private layer(
    layer: Layer,
    input: readonly number[],
  ): { forward: Forward; shape: readonly number[] } {
    const { tf } = this.tfjs;
    const [height = 1, width = 1, channels = 1] = input;
    switch (layer.kind) {
      case 'conv2d': {
        const { filters, size, stride, padding, relu } = layer;
        const filter = this.weight([size, size, channels, filters]) as Tensor4D;
        const bias = this.weight([filters]);
        return {
          shape: [
            windows(height, size, stride, padding),
            windows(width, size, stride, padding),
            filters,
          ],
          // Not `fused.conv2d`: it does not fuse relu while gradients are recorded, and where it
          // does fuse, its gradient computes dx even for the images, which nobody asks for.
          forward: (x) => {
            const y = tf.add(tf.conv2d(x as Tensor4D, filter, stride, padding), bias);
            return relu ? tf.relu(y) : y;
          },
        };
      }
      case 'maxPool2d': {
        const { size, padding } = layer;
        return {
          shape: [
            windows(height, size, size, padding),
            windows(width, size, size, padding),
            channels,
          ],
          forward: (x) => tf.maxPool(x as Tensor4D, size, size, padding),
        };
      }
      case 'flatten': {
        const length = height * width * channels;
        return { shape: [length], forward: (x) => tf.reshape(x, [-1, length]) };
      }
      case 'dense': {
        const weight = this.weight([height, layer.units]) as Tensor2D;
        const bias = this.weight([layer.units]) as Tensor1D;
        return {
          shape: [layer.units],
          forward: (x) =>
            tf.fused.matMul({
              a: x as Tensor2D,
              b: weight,
              bias,
              activation: layer.relu ? 'relu' : 'linear',
            }),
        };
      }
      case 'residual': {
        const main = this.sequence(layer.main, input);
        const shortcut = this.sequence(layer.shortcut, input);
        return {
          shape: main.shape,
          forward: (x) => tf.add(main.forward(x), shortcut.forward(x)),
        };
      }
    }
  }
}
