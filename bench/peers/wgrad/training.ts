// Whole training steps, in wgrad: its layers and its Adam.
import type { AnyTensor, Device, nn } from '../../../src/index.ts';
import type { Case } from '../../cases.ts';
import { glorotUniform, labels, uniform } from '../../inputs.ts';
import { classes, imageShape, type Layer, models } from '../../models.ts';
import type { Prepared } from '../peer.ts';
import type { Wgrad } from './wgrad.ts';

type TrainStep = Extract<Case['work'], { kind: 'trainStep' }>;

export function prepareTrainStep(wgrad: typeof Wgrad, device: Device, work: TrainStep): Prepared {
  const { parameters, step } = trainStep(wgrad, work);
  return {
    parameters,
    async run() {
      const loss = await step();
      // The loss and the update are one submission, so reading the one waits for both.
      const read = await loss.item();
      await device.finish();
      if (!Number.isFinite(read)) throw new Error(`the loss is ${read}`);
      return read;
    },
    // Weights and moments are freed with the objects that `run` holds.
    dispose() {},
  };
}

/** A step whose loss nobody has read yet. */
export function trainStep(wgrad: typeof Wgrad, work: TrainStep) {
  const { compile, crossEntropy, optim, tensor } = wgrad;
  const { model: name, batch, learningRate, compiled } = work;
  const shape = [batch, ...imageShape];
  const model = sequential(wgrad, models[name]).build(imageShape);
  const optimizer = optim.adam(model.trainableVariables, { lr: learningRate });
  const images = tensor(uniform(shape, 1, 0, 1), shape);
  const target = tensor(labels(batch, classes, 2), [batch]);
  const lossOf = (x: AnyTensor, y: AnyTensor) =>
    crossEntropy(model.forward(x, { training: true }), y);
  const step = async (x: AnyTensor, y: AnyTensor) => {
    const loss = lossOf(x, y);
    await optimizer.step(loss);
    return loss;
  };
  const compiledStep = () =>
    compile((x: AnyTensor, y: AnyTensor) => {
      const loss = lossOf(x, y);
      optimizer.step(loss);
      return loss;
    });
  const chosen = compiled ? compiledStep() : step;
  return {
    parameters: model.trainableVariables.reduce((sum, { size }) => sum + size, 0),
    step: () => chosen(images, target),
  };
}

/** Numbers kernels as the other peers do: by where their layer stands, biases counted. */
function weightSeeds(): () => number {
  let next = 100;
  return () => {
    const seed = next;
    next += 2;
    return seed;
  };
}

export function sequential(
  wgrad: typeof Wgrad,
  layers: readonly Layer[],
  nextSeed: () => number = weightSeeds(),
): nn.Layer {
  return wgrad.nn.sequential(layers.map((layer) => build(wgrad, layer, nextSeed)));
}

function build(wgrad: typeof Wgrad, layer: Layer, nextSeed: () => number): nn.Layer {
  const { nn } = wgrad;
  switch (layer.kind) {
    case 'conv2d': {
      const { filters, size, stride, padding, relu } = layer;
      return nn.conv2d(filters, size, {
        strides: stride,
        padding,
        ...weights(wgrad, relu, nextSeed),
      });
    }
    case 'maxPool2d':
      return nn.maxPool2d(layer.size, { padding: layer.padding });
    case 'flatten':
      return nn.flatten();
    case 'dense':
      return nn.dense(layer.units, weights(wgrad, layer.relu, nextSeed));
    case 'residual': {
      const main = sequential(wgrad, layer.main, nextSeed);
      return nn.residual(main, sequential(wgrad, layer.shortcut, nextSeed));
    }
  }
}

/** The seed is taken now: the layers are built in an order that is not the record's. */
function weights({ tensor }: typeof Wgrad, relu: boolean, nextSeed: () => number) {
  const seed = nextSeed();
  return {
    activation: relu ? ('relu' as const) : ('linear' as const),
    kernelInitializer: (shape: readonly number[]) => tensor(glorotUniform(shape, seed), shape),
  };
}
