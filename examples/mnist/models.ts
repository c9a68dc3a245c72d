import { nn } from 'wgrad';

/** The shape of one image: height, width, channels. */
export const IMAGE_SHAPE = [28, 28, 1] as const;

/** Fully connected layers only: small and quick, and already right on most digits. */
export function dnn(): nn.Layer {
  return nn.sequential([
    nn.flatten(),
    nn.dense(16, { activation: 'relu' }),
    nn.dense(32, { activation: 'relu' }),
    nn.dense(64, { activation: 'relu' }),
    nn.dense(10),
  ]);
}

/** Convolutions of these widths with pooling between them, then a fully connected layer. */
export function convnet(filters: readonly number[] = [32, 64, 64], units = 64): nn.Layer {
  const convolutions = filters.map((count) => nn.conv2d(count, 3, { activation: 'relu' }));
  return nn.sequential([
    ...convolutions.flatMap((layer, i) => (i === 0 ? [layer] : [nn.maxPool2d(2), layer])),
    nn.flatten(),
    nn.dense(units, { activation: 'relu' }),
    nn.dense(10),
  ]);
}

/** Convolutions with a shortcut around three of them (He et al., 2016), the first of `width` filters. */
export function resnet(width = 32): nn.Layer {
  return deepConvnet(width, true);
}

/** The same convolutions without the shortcut, to see what it is good for. */
export function plain(width = 32): nn.Layer {
  return deepConvnet(width, false);
}

function deepConvnet(width: number, hasShortcut: boolean): nn.Layer {
  const convolution = (filters: number) =>
    nn.conv2d(filters, 3, { padding: 'same', activation: 'relu' });
  const halve = () => nn.maxPool2d(2, { padding: 'same' });

  // Both paths take images of 14×14 to 4×4, so that they can be added.
  const main = nn.sequential([
    convolution(2 * width),
    halve(),
    convolution(2 * width),
    halve(),
    convolution(4 * width),
  ]);
  const shortcut = nn.conv2d(4 * width, 1, { strides: 4, padding: 'same', activation: 'relu' });

  return nn.sequential([
    convolution(width),
    halve(),
    hasShortcut ? nn.residual(main, shortcut) : main,
    convolution(4 * width),
    halve(),
    nn.flatten(),
    nn.dense(4 * width, { activation: 'relu' }),
    nn.dense(10),
  ]);
}

/** Those that `npm run mnist` trains. */
export const models = { dnn, convnet, resnet };
export type ModelName = keyof typeof models;
