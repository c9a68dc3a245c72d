import { nn } from 'wgrad';

/** Three convolutions of shrinking windows and three fully connected layers: 6,484,330 parameters. */
export function cnn(activation: nn.Activation = 'relu'): nn.Layer {
  return nn.sequential([
    nn.conv2d(32, 5, { padding: 'same', activation }),
    nn.maxPool2d(2),
    nn.conv2d(64, 3, { padding: 'same', activation }),
    nn.maxPool2d(2),
    nn.conv2d(128, 1, { activation }),
    nn.dropout(0.2),
    nn.flatten(),
    nn.dense(1024, { activation }),
    nn.dropout(0.25),
    nn.dense(32, { activation }),
    nn.dense(10),
  ]);
}
