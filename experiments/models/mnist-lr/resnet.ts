import { nn } from 'wgrad';

/** The widths of a bottleneck: 1×1 to fewer channels, 3×3, 1×1 to more. */
type Widths = readonly [number, number, number];

export interface ResnetOptions {
  /** Of the first stage; stage i has i + 1 times as many. */
  readonly widths?: Widths;
  readonly stages?: number;
  /** Filters of the first convolution. */
  readonly stem?: number;
}

/**
 * A small residual network of bottlenecks (He et al., "Deep residual learning", 2016). Each stage is
 * a block with a convolution in its shortcut and one with the identity; all stages but the first
 * halve the image.
 */
export function resnet(options: ResnetOptions = {}): nn.Layer {
  const { widths = [64, 64, 256], stages = 2, stem = 64 } = options;
  const [narrow, middle, wide] = widths;
  const blocks = Array.from({ length: stages }, (_, i) => {
    const own: Widths = [narrow * (i + 1), middle * (i + 1), wide * (i + 1)];
    return [convolutionBlock(own, i === 0 ? 1 : 2), identityBlock(own)];
  });
  return nn.sequential([
    nn.conv2d(stem, 3, { padding: 'same' }),
    nn.batchNorm(),
    nn.activation('relu'),
    nn.maxPool2d(3, { strides: 2 }),
    ...blocks.flat(2),
    nn.globalAveragePool2d(),
    nn.dense(10),
  ]);
}

function convolutionBlock(widths: Widths, strides: number): nn.Layer[] {
  const shortcut = nn.sequential([nn.conv2d(widths[2], 1, { strides }), nn.batchNorm()]);
  return [nn.residual(bottleneck(widths, strides), shortcut), nn.activation('relu')];
}

function identityBlock(widths: Widths): nn.Layer[] {
  return [nn.residual(bottleneck(widths, 1)), nn.activation('relu')];
}

function bottleneck([narrow, middle, wide]: Widths, strides: number): nn.Layer {
  return nn.sequential([
    nn.conv2d(narrow, 1, { strides }),
    nn.batchNorm(),
    nn.activation('relu'),
    nn.conv2d(middle, 3, { padding: 'same' }),
    nn.batchNorm(),
    nn.activation('relu'),
    nn.conv2d(wide, 1),
    nn.batchNorm(),
  ]);
}
