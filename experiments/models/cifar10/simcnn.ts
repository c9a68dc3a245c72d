import { nn } from 'wgrad';

/** Three convolutions with pooling between them, as in a first lesson on convolutions. */
export function simcnn(): nn.Layer {
  const convolution = (filters: number) => nn.conv2d(filters, 3, { activation: 'relu' });
  return nn.sequential([
    convolution(32),
    nn.maxPool2d(2),
    convolution(64),
    nn.maxPool2d(2),
    convolution(64),
    nn.flatten(),
    nn.dense(64, { activation: 'relu' }),
    nn.dense(10),
  ]);
}
