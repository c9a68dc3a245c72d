// The single operations, in tfjs.
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Case, ConvShape } from '../../cases.ts';
import { labels, uniform } from '../../inputs.ts';
import { windows } from '../../models.ts';
import type { Prepared } from '../peer.ts';
import type { Tfjs } from './tfjs.ts';

type Operation = Exclude<Case['work'], { kind: 'trainStep' }>;

/** Computes once, as tfjs does it: at the call. Its results are the caller's to free. */
type Compute = () => Tensor | Tensor[];

export function prepareOperation(tfjs: Tfjs, work: Operation): Prepared {
  const { tf } = tfjs;
  const inputs: Tensor[] = [];
  const keep = <T extends Tensor>(tensor: T): T => {
    inputs.push(tensor);
    return tensor;
  };
  const input = <T extends Tensor>(shape: readonly number[]): T =>
    keep(tf.tensor(uniform(shape, inputs.length + 1), [...shape]) as T);

  const build = (): Compute => {
    switch (work.kind) {
      case 'matMul': {
        const { m, k, n, layout } = work;
        const a = input<Tensor2D>(layout === 'TN' ? [k, m] : [m, k]);
        const b = input<Tensor2D>(layout === 'NT' ? [n, k] : [k, n]);
        return () => tf.matMul(a, b, layout === 'TN', layout === 'NT');
      }
      case 'elementwise': {
        const [a, b, c] = [0, 1, 2].map(() => input<Tensor1D>([work.size])) as [
          Tensor1D,
          Tensor1D,
          Tensor1D,
        ];
        return () => tf.relu(tf.add(tf.mul(a, b), c));
      }
      case 'softmax': {
        const x = input<Tensor2D>([work.rows, work.columns]);
        return () => tf.softmax(x);
      }
      case 'sum': {
        const x = input<Tensor2D>([work.rows, work.columns]);
        return () => tf.sum(x, work.axis);
      }
      case 'conv2d': {
        const x = input<Tensor4D>(work.input);
        const filter = input<Tensor4D>(filterShape(work));
        return () => tf.conv2d(x, filter, 1, work.padding);
      }
      case 'conv2dInputGrad': {
        const dy = input<Tensor4D>(outputShape(work));
        const filter = input<Tensor4D>(filterShape(work));
        // The public transposed convolution is the very kernel that tfjs' gradient runs.
        return () => tf.conv2dTranspose(dy, filter, [...work.input], 1, work.padding);
      }
      case 'conv2dFilterGrad': {
        const x = input<Tensor4D>(work.input);
        const dy = input<Tensor4D>(outputShape(work));
        // No public function computes this gradient without the forward pass: run its kernel.
        return () =>
          tf.engine().runKernel(
            tf.Conv2DBackpropFilter,
            { x, dy },
            {
              strides: 1,
              pad: work.padding,
              dataFormat: 'NHWC',
              dimRoundingMode: null as never,
              filterShape: filterShape(work),
            },
          ) as Tensor;
      }
      case 'maxPool2d': {
        const x = input<Tensor4D>(work.input);
        const pool = (value: Tensor4D): Tensor4D => tf.maxPool(value, 2, 2, 'valid');
        if (!work.backward) return () => pool(x);
        const [batch, height, width, channels] = work.input;
        const dy = input<Tensor4D>([batch, height >> 1, width >> 1, channels]);
        const backward = tf.grad((value) => pool(value as Tensor4D));
        return () => backward(x, dy);
      }
      case 'batchNormTraining': {
        const channels = work.input[3];
        const x = input<Tensor4D>(work.input);
        const gamma = input<Tensor1D>([channels]);
        const beta = input<Tensor1D>([channels]);
        const dy = input<Tensor4D>(work.input);
        // As the library's own layer does it: moments, then the fused normalisation.
        const backward = tf.grads((value: Tensor, scale: Tensor, offset: Tensor) => {
          const { mean, variance } = tf.moments(value, [0, 1, 2]);
          return tf.batchNorm4d(
            value as Tensor4D,
            mean as Tensor1D,
            variance as Tensor1D,
            offset as Tensor1D,
            scale as Tensor1D,
            work.epsilon,
          );
        });
        return () => backward([x, gamma, beta], dy);
      }
      case 'softmaxCrossEntropy': {
        const { batch, classes } = work;
        const logits = input<Tensor2D>([batch, classes]);
        const target = keep(tf.tensor1d(labels(batch, classes, 7), 'int32'));
        const lossAndGradient = tf.valueAndGrad((value: Tensor2D) =>
          tf.losses.softmaxCrossEntropy(tf.oneHot(target, classes), value),
        );
        return () => {
          const { value, grad } = lossAndGradient(logits);
          return [value, grad];
        };
      }
    }
  };

  const compute = build();
  return {
    async run() {
      const results = tf.tidy(compute);
      await tfjs.finish();
      tf.dispose(results);
      return undefined;
    },
    dispose: () => tf.dispose(inputs),
  };
}

function filterShape({ input, filters, size }: ConvShape): [number, number, number, number] {
  return [size, size, input[3], filters];
}

function outputShape({ input, filters, size, padding }: ConvShape): number[] {
  const [batch, height, width] = input;
  return [batch, windows(height, size, 1, padding), windows(width, size, 1, padding), filters];
}
