import { nn } from '../../src/index.ts';

/** Models of every kind of layer, small enough to train in a test. */
export const smallModels = {
  dnn: () => nn.sequential([nn.flatten(), nn.dense(16, { activation: 'relu' }), nn.dense(10)]),

  convnet: () =>
    nn.sequential([
      nn.conv2d(4, 3, { activation: 'relu' }),
      nn.maxPool2d(2),
      nn.conv2d(6, 3, { activation: 'relu' }),
      nn.avgPool2d(2),
      nn.flatten(),
      nn.dense(10),
    ]),

  resnet: () =>
    nn.sequential([
      nn.conv2d(6, 3, { padding: 'same', activation: 'relu' }),
      nn.maxPool2d(2, { padding: 'same' }),
      nn.residual(
        nn.sequential([
          nn.conv2d(8, 3, { padding: 'same', bias: false }),
          nn.batchNorm(),
          nn.activation('relu'),
          nn.maxPool2d(2, { padding: 'same' }),
        ]),
        nn.conv2d(8, 1, { strides: 2, padding: 'same' }),
      ),
      nn.batchNorm({ momentum: 0.9 }),
      nn.activation('relu'),
      nn.globalAveragePool2d(),
      nn.dropout(0.3),
      nn.dense(10),
    ]),

  /** Branches, and activations that are no part of another layer. */
  branches: () =>
    nn.sequential([
      nn.flatten(),
      nn.concat([
        nn.dense(5, { activation: 'tanh' }),
        nn.sequential([nn.dense(7), nn.batchNorm(), nn.activation('sigmoid')]),
      ]),
      nn.dropout(0.1),
      nn.dense(10),
    ]),
};
