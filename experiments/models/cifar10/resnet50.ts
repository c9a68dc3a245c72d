import { nn } from 'wgrad';

/** Blocks of each stage and the filters of their 3×3 convolutions (He et al., 2016, table 1). */
const STAGES = [
  { blocks: 3, filters: 64 },
  { blocks: 4, filters: 128 },
  { blocks: 6, filters: 256 },
  { blocks: 3, filters: 512 },
] as const;

export interface Resnet50Options {
  /**
   * Whose weights it is for, which suit no other. Keras (default), as the paper, halves images in
   * the first 1×1 convolution of a block and adds 1.001e-5 to variances; PyTorch and timm halve
   * them in the 3×3 one and add 1e-5. Convolutions have the biases of Keras either way.
   */
  readonly convention?: Convention;
}

type Convention = 'keras' | 'pytorch';

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

/** The layers before global average pooling: [N, H, W, 3] → [N, H/32, W/32, 2048], rounded up. */
export function backbone({ convention = 'keras' }: Resnet50Options = {}): nn.Layer {
  const blocks = STAGES.flatMap(({ blocks, filters }, stage) =>
    Array.from({ length: blocks }, (_, i) => {
      const strides = i === 0 && stage > 0 ? 2 : 1;
      return nn.sequential([block(filters, strides, i === 0, convention), nn.activation('relu')]);
    }),
  );
  return nn.sequential([
    nn.zeroPadding2d(3),
    nn.conv2d(64, 7, { strides: 2 }),
    norm(convention),
    nn.activation('relu'),
    nn.zeroPadding2d(1), // behind a relu, zeros never win over what is there
    nn.maxPool2d(3, { strides: 2 }),
    ...blocks,
  ]);
}

function block(
  filters: number,
  strides: number,
  widens: boolean,
  convention: Convention,
): nn.Layer {
  const isKeras = convention === 'keras';
  const main = nn.sequential([
    nn.conv2d(filters, 1, { strides: isKeras ? strides : 1 }),
    norm(convention),
    nn.activation('relu'),
    isKeras
      ? nn.conv2d(filters, 3, { padding: 'same' })
      : nn.sequential([nn.zeroPadding2d(1), nn.conv2d(filters, 3, { strides })]),
    norm(convention),
    nn.activation('relu'),
    nn.conv2d(4 * filters, 1),
    norm(convention),
  ]);
  if (!widens) return nn.residual(main);
  const shortcut = [nn.conv2d(4 * filters, 1, { strides }), norm(convention)];
  return nn.residual(main, nn.sequential(shortcut));
}

function norm(convention: Convention): nn.Layer {
  return nn.batchNorm({ epsilon: convention === 'keras' ? 1.001e-5 : 1e-5 });
}
