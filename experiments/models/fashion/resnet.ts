import { nn } from 'wgrad';

/** Two residual blocks of two convolutions each, 11 layers with weights: 6,761,322 parameters. */
export function resnet(activation: nn.Activation = 'relu'): nn.Layer {
  const block = (filters: number) => {
    const main = nn.sequential([
      nn.conv2d(filters, 3, { padding: 'same', activation }),
      nn.conv2d(filters, 3, { padding: 'same' }),
    ]);
    return [nn.residual(main, nn.conv2d(filters, 1)), nn.activation(activation)];
  };
  return nn.sequential([
    nn.conv2d(32, 5, { padding: 'same', activation }),
    nn.maxPool2d(2),
    ...block(64),
    nn.maxPool2d(2),
    ...block(128),
    nn.conv2d(128, 1, { activation }),
    nn.dropout(0.2),
    nn.flatten(),
    nn.dense(1024, { activation }),
    nn.dropout(0.25),
    nn.dense(32, { activation }),
    nn.dense(10),
  ]);
}
