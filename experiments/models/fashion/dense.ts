import { nn } from 'wgrad';

/** Four fully connected layers: 1,398,762 parameters with ten classes, 1,398,597 with five. */
export function dense(activation: nn.Activation = 'relu', classes = 10): nn.Layer {
  return nn.sequential([
    nn.flatten(),
    ...[1024, 512, 128, 32].map((units) => nn.dense(units, { activation })),
    nn.dense(classes),
  ]);
}
