import { nn } from '../../src/index.ts';

/** Convolutions of these widths with pooling between them, then two fully connected layers. */
export function convnet(filters: readonly number[] = [32, 64, 64], units = 64): nn.Layer {
  const convolutions = filters.map((count) => nn.conv2d(count, 3, { activation: 'relu' }));
  return nn.sequential([
    ...convolutions.flatMap((layer, i) => (i === 0 ? [layer] : [nn.maxPool2d(2), layer])),
    nn.flatten(),
    nn.dense(units, { activation: 'relu' }),
    nn.dense(10),
  ]);
}
