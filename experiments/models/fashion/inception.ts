import { nn } from 'wgrad';

/**
 * One inception block (Szegedy et al., "Going deeper with convolutions", 2015) and global average
 * pooling, 9 layers with weights: 324,458 parameters.
 */
export function inception(activation: nn.Activation = 'relu'): nn.Layer {
  const convolution = (filters: number, kernelSize: number) =>
    nn.conv2d(filters, kernelSize, { padding: 'same', activation });
  return nn.sequential([
    convolution(32, 3),
    nn.maxPool2d(2),
    convolution(96, 3),
    nn.maxPool2d(2),
    nn.concat([
      convolution(64, 1),
      nn.sequential([convolution(96, 1), convolution(128, 3)]),
      nn.sequential([convolution(48, 1), convolution(128, 5)]),
      nn.sequential([nn.maxPool2d(3, { strides: 1, padding: 'same' }), convolution(80, 1)]),
    ]),
    nn.globalAveragePool2d(),
    nn.dense(10),
  ]);
}
