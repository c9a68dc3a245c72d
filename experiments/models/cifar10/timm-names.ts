import { ArgumentError } from 'wgrad';

/** `layer1.0`, `layer1.1`, …: PyTorch's names of the sixteen blocks, in order. */
const BLOCKS = [3, 4, 6, 3].flatMap((count, stage) =>
  Array.from({ length: count }, (_, block) => `layer${stage + 1}.${block}`),
);

/** Where the first block is among the layers of `backbone` in resnet50.ts. */
const FIRST_BLOCK = 6;

/** The layers of the stem and of a block that have weights, by their paths in ours. */
const STEM = new Map([
  ['1', 'conv1'],
  ['2', 'bn1'],
]);
const BLOCK = new Map([
  ['main.layers.0', 'conv1'],
  ['main.layers.1', 'bn1'],
  ['main.layers.3.layers.1', 'conv2'],
  ['main.layers.4', 'bn2'],
  ['main.layers.6', 'conv3'],
  ['main.layers.7', 'bn3'],
  ['shortcut.layers.0', 'downsample.0'],
  ['shortcut.layers.1', 'downsample.1'],
]);
const CONVOLUTIONS = /(conv\d|downsample\.0)$/;

/**
 * What PyTorch and timm call a weight of the ResNet-50 backbone that keeps their convention, given
 * our name. Undefined for the bias of a convolution: theirs have none.
 * @throws ArgumentError for a name that this backbone does not have
 */
export function timmName(ours: string): string | undefined {
  const [, path = '', weight] = /^layers\.(.*)\.(\w+)$/.exec(ours) ?? [];
  const theirs = STEM.get(path) ?? nameInBlock(path);
  if (theirs === undefined) {
    throw new ArgumentError(
      `PyTorch's ResNet-50 has nothing like ${ours}. Build resnet50({ convention: 'pytorch' }).`,
    );
  }
  return weight === 'bias' && CONVOLUTIONS.test(theirs) ? undefined : `${theirs}.${weight}`;
}

function nameInBlock(path: string): string | undefined {
  const [, index, inner = ''] = /^(\d+)\.layers\.0\.(.*)$/.exec(path) ?? [];
  const [block, layer] = [BLOCKS[Number(index) - FIRST_BLOCK], BLOCK.get(inner)];
  return block && layer && `${block}.${layer}`;
}
