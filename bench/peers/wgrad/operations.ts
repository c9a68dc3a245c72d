// The single operations, in wgrad.
import type { AnyTensor, Device } from '../../../src/index.ts';
import type { Case, ConvShape } from '../../cases.ts';
import { labels, uniform } from '../../inputs.ts';
import { windows } from '../../models.ts';
import type { Prepared } from '../peer.ts';
import type { Wgrad } from './wgrad.ts';

type Operation = Exclude<Case['work'], { kind: 'trainStep' }>;

/** Builds the graph anew, as a program does at each step; nothing is computed by it. */
type Build = () => readonly AnyTensor[];

/** @param dtype how operands are stored; they are computed with as f32 */
export function prepareOperation(
  wgrad: typeof Wgrad,
  device: Device,
  work: Operation,
  dtype: 'f32' | 'f16' = 'f32',
): Prepared {
  const build = graphOf(wgrad, work, dtype);
  return {
    async run() {
      const results = build();
      await wgrad.realize(...results);
      await device.finish();
      for (const result of results) result.dispose();
      return undefined;
    },
    // The inputs go with `build`; the device keeps the plan and the memory it reads them from.
    dispose() {},
  };
}

/**
 * The inputs go to the device in the first run and stay there: a plan sends host data again only
 * when they are other data.
 */
function graphOf(wgrad: typeof Wgrad, work: Operation, dtype: 'f32' | 'f16'): Build {
  const { batchNorm, conv2d, crossEntropy, grad, matMul, maxPool2d, softmax, tensor } = wgrad;
  let seed = 1;
  const input = (shape: readonly number[]): AnyTensor => {
    const values = uniform(shape, seed++);
    return dtype === 'f32' ? tensor(values, shape) : tensor(values, shape, { dtype }).cast('f32');
  };

  switch (work.kind) {
    case 'matMul': {
      const { m, k, n, layout } = work;
      const a = input(layout === 'TN' ? [k, m] : [m, k]);
      const b = input(layout === 'NT' ? [n, k] : [k, n]);
      return () => [
        matMul(layout === 'TN' ? a.transpose() : a, layout === 'NT' ? b.transpose() : b),
      ];
    }
    case 'elementwise': {
      const a = input([work.size]);
      const b = input([work.size]);
      const c = input([work.size]);
      return () => [a.mul(b).add(c).relu()];
    }
    case 'softmax': {
      const x = input([work.rows, work.columns]);
      return () => [softmax(x)];
    }
    case 'sum': {
      const x = input([work.rows, work.columns]);
      return () => [x.sum(work.axis)];
    }
    case 'conv2d': {
      const x = input(work.input);
      const filter = input(filterShape(work));
      return () => [conv2d(x, filter, { padding: work.padding })];
    }
    // A convolution is linear, so a gradient that is asked for alone is computed alone: the
    // forward pass is part of the graph as a shape only.
    case 'conv2dInputGrad': {
      const dy = input(outputShape(work));
      const filter = input(filterShape(work));
      const x = input(work.input);
      return () => grad(conv2d(x, filter, { padding: work.padding }), [x], dy);
    }
    case 'conv2dFilterGrad': {
      const x = input(work.input);
      const dy = input(outputShape(work));
      const filter = input(filterShape(work));
      return () => grad(conv2d(x, filter, { padding: work.padding }), [filter], dy);
    }
    case 'maxPool2d': {
      const x = input(work.input);
      if (!work.backward) return () => [maxPool2d(x)];
      const [batch, height, width, channels] = work.input;
      const dy = input([batch, height >> 1, width >> 1, channels]);
      return () => {
        const y = maxPool2d(x);
        return [y, ...grad(y, [x], dy)];
      };
    }
    case 'batchNormTraining': {
      const channels = work.input[3];
      const x = input(work.input);
      const gamma = input([channels]);
      const beta = input([channels]);
      const dy = input(work.input);
      return () => {
        const { output } = batchNorm(x, gamma, beta, work.epsilon);
        return [output, ...grad(output, [x, gamma, beta], dy)];
      };
    }
    case 'softmaxCrossEntropy': {
      const { batch, classes } = work;
      const logits = input([batch, classes]);
      const target = tensor(labels(batch, classes, 7), [batch]);
      return () => {
        const loss = crossEntropy(logits, target);
        return [loss, ...grad(loss, [logits])];
      };
    }
  }
}

function filterShape({ input, filters, size }: ConvShape): number[] {
  return [size, size, input[3], filters];
}

function outputShape({ input, filters, size, padding }: ConvShape): number[] {
  const [batch, height, width] = input;
  return [batch, windows(height, size, 1, padding), windows(width, size, 1, padding), filters];
}
