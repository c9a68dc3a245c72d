import { nn } from 'wgrad';

/** Four narrow convolutions: 6,722 parameters that read digits as well as millions do. */
export function tiny(): nn.Layer {
  const convolution = (filters: number) => nn.conv2d(filters, 3, { activation: 'relu' });
  return nn.sequential([
    convolution(8),
    convolution(8),
    nn.maxPool2d(2),
    convolution(16),
    convolution(16),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.dropout(0.3),
    nn.dense(10),
  ]);
}
