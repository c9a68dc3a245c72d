// The single operations, in jax-js: each compiled once by `jit`, its inputs on the device. Images
// and filters are laid out as the library has them, channels first.
import type { Array as JaxArray } from '@jax-js/jax';
import type { Case, ConvShape } from '../../cases.ts';
import { labels, uniform } from '../../inputs.ts';
import { windows } from '../../models.ts';
import type { Prepared } from '../peer.ts';
import type { Jax } from './jax-js.ts';

type Operation = Exclude<Case['work'], { kind: 'trainStep' }>;

/** Takes the inputs over, as everything in jax-js does. */
type Compute = (...inputs: JaxArray[]) => JaxArray[];

export function prepareOperation(jax: typeof Jax, work: Operation): Prepared {
  const { blockUntilReady, jit, tree } = jax;
  const { inputs, compute } = operationOf(jax, work);
  const compiled = jit(compute);
  return {
    async run() {
      const results = compiled(...inputs.map(({ ref }) => ref));
      await blockUntilReady(results);
      tree.dispose(results);
      return undefined;
    },
    dispose() {
      tree.dispose(inputs);
      compiled.dispose();
    },
  };
}

function operationOf(
  { lax, nn, numpy: np, valueAndGrad, vjp }: typeof Jax,
  work: Operation,
): { inputs: JaxArray[]; compute: Compute } {
  let seed = 1;
  const input = (shape: readonly number[]): JaxArray =>
    np.array(uniform(shape, seed++)).reshape([...shape]);

  /** The gradients alone; what only the forward result needs is not computed under `jit`. */
  const gradients = (
    f: (...values: JaxArray[]) => JaxArray,
    values: JaxArray[],
    dy: JaxArray,
  ): JaxArray[] => {
    const [y, pull] = vjp(f, values);
    y.dispose();
    const result = pull(dy);
    pull.dispose();
    return result as JaxArray[];
  };

  switch (work.kind) {
    case 'matMul': {
      const { m, k, n, layout } = work;
      const operand = (x: JaxArray | undefined, transposed: boolean) =>
        transposed ? np.transpose(x as JaxArray) : (x as JaxArray);
      return {
        inputs: [
          input(layout === 'TN' ? [k, m] : [m, k]),
          input(layout === 'NT' ? [n, k] : [k, n]),
        ],
        compute: (a, b) => [np.matmul(operand(a, layout === 'TN'), operand(b, layout === 'NT'))],
      };
    }
    case 'elementwise': {
      const shape = [work.size];
      return {
        inputs: [input(shape), input(shape), input(shape)],
        compute: (a, b, c) => [nn.relu((a as JaxArray).mul(b as JaxArray).add(c as JaxArray))],
      };
    }
    case 'softmax':
      return {
        inputs: [input([work.rows, work.columns])],
        compute: (x) => [nn.softmax(x as JaxArray)],
      };
    case 'sum':
      return {
        inputs: [input([work.rows, work.columns])],
        compute: (x) => [np.sum(x as JaxArray, work.axis)],
      };
    case 'conv2d':
      return {
        inputs: [input(channelsFirst(work.input)), input(filterShape(work))],
        compute: (x, filter) => [convolve(work)(x as JaxArray, filter as JaxArray)],
      };
    case 'conv2dInputGrad':
      return {
        inputs: [
          input(channelsFirst(work.input)),
          input(filterShape(work)),
          input(outputShape(work)),
        ],
        compute: (x, filter, dy) => {
          const f = (value: JaxArray) => convolve(work)(value, (filter as JaxArray).ref);
          const result = gradients(f, [x as JaxArray], dy as JaxArray);
          (filter as JaxArray).dispose();
          return result;
        },
      };
    case 'conv2dFilterGrad':
      return {
        inputs: [
          input(channelsFirst(work.input)),
          input(filterShape(work)),
          input(outputShape(work)),
        ],
        compute: (x, filter, dy) => {
          const f = (value: JaxArray) => convolve(work)((x as JaxArray).ref, value);
          const result = gradients(f, [filter as JaxArray], dy as JaxArray);
          (x as JaxArray).dispose();
          return result;
        },
      };
    case 'maxPool2d': {
      const pool = (x: JaxArray) => lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
      const x = input(channelsFirst(work.input));
      if (!work.backward) return { inputs: [x], compute: (value) => [pool(value as JaxArray)] };
      const [batch, height, width, channels] = work.input;
      return {
        inputs: [x, input([batch, channels, height >> 1, width >> 1])],
        compute: (value, dy) => {
          const [y, pull] = vjp(pool, [value as JaxArray]);
          const [dx] = pull(dy as JaxArray);
          pull.dispose();
          return [y, dx as JaxArray];
        },
      };
    }
    case 'batchNormTraining': {
      const channels = work.input[3];
      const perChannel = [channels, 1, 1];
      const normalize = (x: JaxArray, gamma: JaxArray, beta: JaxArray): JaxArray => {
        const axes = { axis: [0, 2, 3], keepdims: true };
        const mean = np.mean(x.ref, axes.axis, axes);
        const variance = np.var_(x.ref, axes.axis, axes);
        const scale = gamma.div(np.sqrt(variance.add(work.epsilon)));
        return x.sub(mean).mul(scale).add(beta);
      };
      return {
        inputs: [
          input(channelsFirst(work.input)),
          input(perChannel),
          input(perChannel),
          input(channelsFirst(work.input)),
        ],
        compute: (x, gamma, beta, dy) => {
          const values = [x, gamma, beta] as [JaxArray, JaxArray, JaxArray];
          const [y, pull] = vjp(normalize, values);
          const result = pull(dy as JaxArray);
          pull.dispose();
          return [y, ...(result as JaxArray[])];
        },
      };
    }
    case 'softmaxCrossEntropy': {
      const { batch, classes } = work;
      const target = np.array(labels(batch, classes, 7));
      const loss = (logits: JaxArray, target: JaxArray): JaxArray =>
        nn
          .logSoftmax(logits)
          .mul(nn.oneHot(target, classes))
          .sum()
          .mul(-1 / batch);
      return {
        inputs: [input([batch, classes]), target],
        compute: (logits, target) =>
          valueAndGrad(loss)(logits as JaxArray, target as JaxArray) as JaxArray[],
      };
    }
  }

  function convolve({ padding }: ConvShape) {
    return (x: JaxArray, filter: JaxArray): JaxArray =>
      lax.convGeneralDilated(x, filter, [1, 1], padding === 'same' ? 'SAME' : 'VALID');
  }
}

function channelsFirst([batch, height, width, channels]: readonly number[]): number[] {
  return [batch, channels, height, width] as number[];
}

function filterShape({ input, filters, size }: ConvShape): number[] {
  return [filters, input[3], size, size];
}

function outputShape({ input, filters, size, padding }: ConvShape): number[] {
  const [batch, height, width] = input;
  return [batch, filters, windows(height, size, 1, padding), windows(width, size, 1, padding)];
}
