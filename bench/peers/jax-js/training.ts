// Whole training steps, in jax-js: forward, gradients and Adam in one function under `jit`, always.
import type { Array as JaxArray } from '@jax-js/jax';
import type { Case } from '../../cases.ts';
import { elements, glorotUniform, labels, uniform } from '../../inputs.ts';
import { classes, imageShape, type Layer, models, windows } from '../../models.ts';
import type { Prepared } from '../peer.ts';
import type { Jax } from './jax-js.ts';

type TrainStep = Extract<Case['work'], { kind: 'trainStep' }>;
/** Takes its arguments over; each weight is used once. */
type Forward = (weights: readonly JaxArray[], x: JaxArray) => JaxArray;

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

export function prepareTrainStep(jax: typeof Jax, work: TrainStep): Prepared {
  const { blockUntilReady, jit, nn, numpy: np, tree, valueAndGrad } = jax;
  const { batch, learningRate } = work;
  const model = new Model(jax, models[work.model]);
  const [height, width, channels] = imageShape;
  const imagesShape = [batch, channels, height, width];
  // One channel: the same numbers in the same order, first or last.
  const images = np.array(uniform([batch, ...imageShape], 1, 0, 1)).reshape(imagesShape);
  const target = np.array(labels(batch, classes, 2));

  const loss = (weights: JaxArray[], x: JaxArray, y: JaxArray): JaxArray =>
    nn
      .logSoftmax(model.forward(weights, x))
      .mul(nn.oneHot(y, classes))
      .sum()
      .mul(-1 / batch);

  type State = {
    weights: JaxArray[];
    means: JaxArray[];
    squares: JaxArray[];
    /** The betas to the power of the step's number. */
    powers: [JaxArray, JaxArray];
  };
  const step = jit((state: State, x: JaxArray, y: JaxArray): [JaxArray, State] => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(state.weights), x, y);
    const powers = [state.powers[0].mul(BETA_1), state.powers[1].mul(BETA_2)] as State['powers'];
    const next: State = { weights: [], means: [], squares: [], powers };
    for (const [i, gradient] of (gradients as JaxArray[]).entries()) {
      const square = gradient.ref.mul(gradient.ref).mul(1 - BETA_2);
      const mean = at(state.means, i)
        .mul(BETA_1)
        .add(gradient.mul(1 - BETA_1));
      const meanSquare = at(state.squares, i).mul(BETA_2).add(square);
      const root = np.sqrt(meanSquare.ref.div(rest(powers[1].ref)));
      const update = mean.ref.div(rest(powers[0].ref)).div(root.add(EPSILON));
      next.weights.push(at(state.weights, i).sub(update.mul(learningRate)));
      next.means.push(mean);
      next.squares.push(meanSquare);
    }
    return [value, next];
  });
  /** 1 − power. */
  const rest = (power: JaxArray): JaxArray => power.mul(-1).add(1);

  const zeros = () => model.weights.map(({ shape }) => np.zeros(shape));
  let state: State = {
    weights: model.weights,
    means: zeros(),
    squares: zeros(),
    powers: [np.ones([1]), np.ones([1])],
  };
  return {
    parameters: model.weights.reduce((sum, { size }) => sum + size, 0),
    async run() {
      const [value, next] = step(state, images.ref, target.ref);
      state = next;
      await blockUntilReady(state);
      const [read] = await value.data();
      if (read === undefined || !Number.isFinite(read)) throw new Error(`the loss is ${read}`);
      return read;
    },
    dispose() {
      tree.dispose([images, target]);
      tree.dispose(state);
      step.dispose();
    },
  };
}

class Model {
  readonly weights: JaxArray[] = [];
  readonly forward: Forward;
  private readonly jax: typeof Jax;
  /** What the images' flattening had before it; the weights after it expect channels last. */
  private flattened: readonly number[] | undefined;

  constructor(jax: typeof Jax, layers: readonly Layer[]) {
    this.jax = jax;
    this.forward = this.sequence(layers, imageShape).forward;
  }

  /** Adds a weight given as the other peers have it; returns its place. */
  private weight(shape: readonly number[], arrange = (array: JaxArray) => array): number {
    const { numpy: np } = this.jax;
    const seed = 100 + this.weights.length;
    const values = glorotUniform(shape, seed);
    return this.weights.push(arrange(np.array(values).reshape([...shape]))) - 1;
  }

  private bias(shape: readonly number[]): number {
    const { numpy: np } = this.jax;
    const values = new Float32Array(elements(shape));
    return this.weights.push(np.array(values).reshape([...shape])) - 1;
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
    return {
      shape,
      forward: (weights, x) => steps.reduce((value, step) => step(weights, value), x),
    };
  }

  private layer(
    layer: Layer,
    input: readonly number[],
  ): { forward: Forward; shape: readonly number[] } {
    const { lax, nn, numpy: np } = this.jax;
    const [height = 1, width = 1, channels = 1] = input;
    switch (layer.kind) {
      case 'conv2d': {
        const { filters, size, stride, padding, relu } = layer;
        const filter = this.weight([size, size, channels, filters], (hwio) =>
          np.transpose(hwio, [3, 2, 0, 1]),
        );
        const bias = this.bias([filters, 1, 1]);
        const type = padding === 'same' ? 'SAME' : 'VALID';
        return {
          shape: [
            windows(height, size, stride, padding),
            windows(width, size, stride, padding),
            filters,
          ],
          forward: (weights, x) => {
            const y = lax
              .convGeneralDilated(x, at(weights, filter), [stride, stride], type)
              .add(at(weights, bias));
            return relu ? nn.relu(y) : y;
          },
        };
      }
      case 'maxPool2d': {
        const { size, padding } = layer;
        const newHeight = windows(height, size, size, padding);
        const newWidth = windows(width, size, size, padding);
        const missing = [newHeight * size - height, newWidth * size - width].map((count) =>
          Math.max(0, count),
        ) as [number, number];
        return {
          shape: [newHeight, newWidth, channels],
          forward: (_, x) => {
            // Zeros, and at the end: what is pooled went through relu, and one is missing at most.
            const padded = missing.some((count) => count > 0)
              ? np.pad(x, { 2: [0, missing[0]], 3: [0, missing[1]] })
              : x;
            return lax.reduceWindow(padded, np.max, [size, size], [size, size]);
          },
        };
      }
      case 'flatten': {
        const length = height * width * channels;
        this.flattened = [height, width, channels];
        return { shape: [length], forward: (_, x) => x.reshape([-1, length]) };
      }
      case 'dense': {
        const { units, relu } = layer;
        const from = this.flattened;
        this.flattened = undefined;
        const weight = this.weight([height, units], (matrix) =>
          from === undefined
            ? matrix
            : np.transpose(matrix.reshape([...from, units]), [2, 0, 1, 3]).reshape([height, units]),
        );
        const bias = this.bias([units]);
        return {
          shape: [units],
          forward: (weights, x) => {
            const y = np.dot(x, at(weights, weight)).add(at(weights, bias));
            return relu ? nn.relu(y) : y;
          },
        };
      }
      case 'residual': {
        const main = this.sequence(layer.main, input);
        const shortcut = this.sequence(layer.shortcut, input);
        return {
          shape: main.shape,
          forward: (weights, x) => main.forward(weights, x.ref).add(shortcut.forward(weights, x)),
        };
      }
    }
  }
}

function at(arrays: readonly JaxArray[], index: number): JaxArray {
  const array = arrays[index];
  if (array === undefined) throw new Error(`there is no weight ${index}`);
  return array;
}
