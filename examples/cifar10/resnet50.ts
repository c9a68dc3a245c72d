import { nn } from '../../src/index.ts';

/** Blocks of each stage and the filters of their 3×3 convolutions (He et al., 2016, table 1). */
const STAGES = [
  { blocks: 3, filters: 64 },
  { blocks: 4, filters: 128 },
  { blocks: 6, filters: 256 },
  { blocks: 3, filters: 512 },
] as const;

/** As Keras has it. */
const EPSILON = 1.001e-5;

export interface Resnet50Options {
  /**
   * Which convolution of a block halves the image: the first 1×1 one, as the paper and Keras have
   * it (default), or the 3×3 one, as PyTorch and timm do. Weights made for one suit only that.
   */
  readonly halvesIn?: '1x1' | '3x3';
}

/**
 * ResNet-50 for small images: the backbone with 23,587,712 parameters as Keras counts them
 * (convolutions with bias, running statistics included), global average pooling, dense 1024 and
 * dense 10: 25,696,138 in all.
 */
export function resnet50(options: Resnet50Options = {}): nn.Layer {
  return nn.sequential([
    backbone(options),
    nn.globalAveragePool2d(),
    nn.dense(1024, { activation: 'relu' }),
    nn.dense(10),
  ]);
}

/** The layers before global average pooling: [N, H, W, 3] → [N, H/32, W/32, 2048]. */
export function backbone({ halvesIn = '1x1' }: Resnet50Options = {}): nn.Layer {
  const blocks = STAGES.flatMap(({ blocks, filters }, stage) =>
    Array.from({ length: blocks }, (_, i) => {
      const strides = i === 0 && stage > 0 ? 2 : 1;
      return nn.sequential([block(filters, strides, i === 0, halvesIn), nn.activation('relu')]);
    }),
  );
  return nn.sequential([
    nn.zeroPadding2d(3),
    nn.conv2d(64, 7, { strides: 2 }),
    norm(),
    nn.activation('relu'),
    nn.zeroPadding2d(1), // behind a relu, zeros never win over what is there
    nn.maxPool2d(3, { strides: 2 }),
    ...blocks,
  ]);
}

function block(filters: number, strides: number, widens: boolean, halvesIn: string): nn.Layer {
  const main = nn.sequential([
    nn.conv2d(filters, 1, { strides: halvesIn === '1x1' ? strides : 1 }),
    norm(),
    nn.activation('relu'),
    halvesIn === '1x1'
      ? nn.conv2d(filters, 3, { padding: 'same' })
      : nn.sequential([nn.zeroPadding2d(1), nn.conv2d(filters, 3, { strides })]),
    norm(),
    nn.activation('relu'),
    nn.conv2d(4 * filters, 1),
    norm(),
  ]);
  if (!widens) return nn.residual(main);
  return nn.residual(main, nn.sequential([nn.conv2d(4 * filters, 1, { strides }), norm()]));
}

function norm(): nn.Layer {
  return nn.batchNorm({ epsilon: EPSILON });
}
