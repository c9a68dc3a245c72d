import { nn } from 'wgrad';

/** Fully connected layers of these widths, then one output for each digit. */
export function dnn(widths: readonly number[] = [128, 64]): nn.Layer {
  return nn.sequential([
    nn.flatten(),
    ...widths.map((units) => nn.dense(units, { activation: 'relu' })),
    nn.dense(10),
  ]);
}
