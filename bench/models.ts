// The three networks of the training cases, as data: every peer builds the same thing from one
// record, and the operation counts come from that record instead of from a table typed by hand.

export type Padding = 'valid' | 'same';

export type Layer =
  | {
      readonly kind: 'conv2d';
      readonly filters: number;
      readonly size: number;
      readonly stride: number;
      readonly padding: Padding;
      readonly relu: boolean;
    }
  | { readonly kind: 'maxPool2d'; readonly size: number; readonly padding: Padding }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'dense'; readonly units: number; readonly relu: boolean }
  | {
      readonly kind: 'residual';
      readonly main: readonly Layer[];
      readonly shortcut: readonly Layer[];
    };

export type ModelName = 'dnn' | 'convnet' | 'resnet';

/** Height, width, channels of one image; every network takes it as f32 in [0, 1]. */
export const imageShape = [28, 28, 1] as const;
export const classes = 10;

const conv = (filters: number, padding: Padding, size = 3, stride = 1): Layer => ({
  kind: 'conv2d',
  filters,
  size,
  stride,
  padding,
  relu: true,
});
const pool = (padding: Padding): Layer => ({ kind: 'maxPool2d', size: 2, padding });
const dense = (units: number, relu = true): Layer => ({ kind: 'dense', units, relu });
const flatten: Layer = { kind: 'flatten' };

export const models: Readonly<Record<ModelName, readonly Layer[]>> = {
  dnn: [flatten, dense(16), dense(32), dense(64), dense(classes, false)],
  convnet: [
    conv(32, 'valid'),
    pool('valid'),
    conv(64, 'valid'),
    pool('valid'),
    conv(64, 'valid'),
    flatten,
    dense(64),
    dense(classes, false),
  ],
  resnet: [
    conv(32, 'same'),
    pool('same'),
    {
      kind: 'residual',
      main: [conv(64, 'same'), pool('same'), conv(64, 'same'), pool('same'), conv(128, 'same')],
      shortcut: [conv(128, 'same', 1, 4)],
    },
    conv(128, 'same'),
    pool('same'),
    flatten,
    dense(128),
    dense(classes, false),
  ],
};

/** What the published descriptions of these networks say; a peer that differs is refused. */
export const parameterCounts: Readonly<Record<ModelName, number>> = {
  dnn: 15_866,
  convnet: 93_322,
  resnet: 348_362,
};

/** Output length of a window of `size` moved by `stride` along `length`. */
export function windows(length: number, size: number, stride: number, padding: Padding): number {
  return padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - size) / stride) + 1;
}

interface Cost {
  readonly shape: readonly number[];
  /** Forward operations of one image, a multiply and its add counted as two. */
  readonly forward: number;
  /** Operations of the input gradients that are needed: none for a layer fed by the images. */
  readonly inputGradient: number;
}

function cost(layers: readonly Layer[], input: readonly number[], isFirst: boolean): Cost {
  let shape = input;
  let forward = 0;
  let inputGradient = 0;
  let fedByImages = isFirst;
  const count = (operations: number): void => {
    forward += operations;
    if (!fedByImages) inputGradient += operations;
    fedByImages = false;
  };
  for (const layer of layers) {
    const [h = 1, w = 1, c = 1] = shape;
    switch (layer.kind) {
      case 'conv2d': {
        const oh = windows(h, layer.size, layer.stride, layer.padding);
        const ow = windows(w, layer.size, layer.stride, layer.padding);
        count(2 * oh * ow * layer.filters * layer.size * layer.size * c);
        shape = [oh, ow, layer.filters];
        break;
      }
      case 'maxPool2d':
        shape = [
          windows(h, layer.size, layer.size, layer.padding),
          windows(w, layer.size, layer.size, layer.padding),
          c,
        ];
        break;
      case 'flatten':
        shape = [h * w * c];
        break;
      case 'dense':
        count(2 * h * layer.units);
        shape = [layer.units];
        break;
      case 'residual': {
        const main = cost(layer.main, shape, fedByImages);
        const shortcut = cost(layer.shortcut, shape, fedByImages);
        forward += main.forward + shortcut.forward;
        inputGradient += main.inputGradient + shortcut.inputGradient;
        fedByImages = false;
        shape = main.shape;
        break;
      }
    }
  }
  return { shape, forward, inputGradient };
}

/**
 * Operations of the matrix products and convolutions of one training step. Activations, pools,
 * the loss and the optimizer are left out: they move bytes, and would flatter every peer alike.
 */
export function trainStepFlops(model: ModelName, batch: number): number {
  const { forward, inputGradient } = cost(models[model], imageShape, true);
  return batch * (forward + inputGradient + forward); // the last term is the filter gradients
}
