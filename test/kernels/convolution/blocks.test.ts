import fc from 'fast-check';
import { suite } from 'uvu';
import {
  filterGradientInBlocks,
  forwardInBlocks,
  inputGradientInBlocks,
} from '../../../src/kernels/convolution/blocks.ts';
import {
  type BlockedVariant,
  directTiles,
  type Tile,
  tiles,
} from '../../../src/kernels/matmul/blocked-variant.ts';
import { activations, type Ending } from '../endings.ts';
import { checkConvolution, type Direction, directions } from './check-convolution.ts';
import type { Convolution } from './convolution-reference.ts';

const rules = {
  forward: forwardInBlocks,
  input: inputGradientInBlocks,
  filter: filterGradientInBlocks,
};

const check = (
  direction: Direction,
  convolution: Convolution,
  variant: BlockedVariant,
  epilogue?: Ending,
) => {
  const rule = rules[direction];
  return checkConvolution(
    direction,
    (context) => rule(context, variant),
    convolution,
    {},
    epilogue,
  );
};

const plain = { strides: [1, 1], dilations: [1, 1], padding: [0, 0, 0, 0] } as const;
const same = { ...plain, padding: [1, 1, 1, 1] } as const;
const strided = { ...same, strides: [2, 2] } as const;
const uneven = { strides: [2, 3], dilations: [2, 1], padding: [2, 1, 0, 3] } as const;

/** Channels, filters, and images that are a multiple of no tile. */
const cases = [
  { channels: 36, filters: 60, image: [3, 13, 13], attributes: plain },
  { channels: 60, filters: 44, image: [2, 9, 7], attributes: same },
  { channels: 12, filters: 17, image: [5, 7, 3], attributes: strided },
  { channels: 17, filters: 16, image: [1, 11, 6], attributes: same },
  { channels: 4, filters: 5, image: [7, 5, 9], attributes: uneven },
  { channels: 5, filters: 4, image: [2, 17, 6], attributes: strided },
  { channels: 3, filters: 2, image: [4, 8, 8], attributes: uneven },
  { channels: 1, filters: 1, image: [1, 4, 5], attributes: same },
  { channels: 2, filters: 3, image: [2, 6, 33], attributes: plain },
] as const;

// Each depth, and blocks of one operand or of both: where operands lie depends on nothing else of a tile.
const depths = tiles.slice(1);

const blocks = suite('conv2d in blocks');

for (const [i, direction] of directions.entries()) {
  blocks(`${direction}: agrees with the definition in tiles of every depth`, async () => {
    for (const [j, { channels, filters, image, attributes }] of cases.entries()) {
      const tile = depths[(i + j) % depths.length] as Tile;
      const given: Convolution = {
        image: [...image, channels],
        filter: [3, 5, channels, filters],
        attributes,
      };
      // In one piece, the first three begin with less than a step, whatever the depth.
      await check(direction, given, { tile, splits: 1 + Math.floor(j / depths.length) });
    }
  });
}

for (const direction of directions) {
  blocks(`${direction}: agrees with the definition without workgroup memory`, async () => {
    // Software drivers take seconds for each program.
    for (const [j, { channels, filters, image, attributes }] of cases.slice(1, 6).entries()) {
      const tile = directTiles[j % 2] as Tile;
      const given: Convolution = {
        image: [...image, channels],
        filter: [3, 5, channels, filters],
        attributes,
      };
      await check(direction, given, { tile, splits: 1 + (j % 3) });
    }
  });
}

// Few pairs of channels and one tile: software drivers take seconds for each program.
const stride = fc.integer({ min: 1, max: 3 });
const amount = fc.integer({ min: 0, max: 2 });
const size = fc.integer({ min: 1, max: 11 });
const anyConvolution = fc
  .record({
    image: fc.tuple(fc.integer({ min: 1, max: 5 }), size, size),
    window: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })),
    channels: fc.constantFrom([8, 20] as const, [5, 6] as const),
    strides: fc.oneof(fc.constant([1, 1] as const), fc.tuple(stride, stride)),
    dilations: fc.tuple(stride, stride),
    padding: fc.oneof(fc.constant([0, 0, 0, 0] as const), fc.tuple(amount, amount, amount, amount)),
  })
  .map(
    ({ image, window, channels: [channels, filters], ...attributes }): Convolution => ({
      image: [...image, channels],
      filter: [...window, channels, filters],
      attributes,
    }),
  );

for (const direction of directions) {
  blocks(`${direction}: agrees with the definition whatever the window`, () =>
    fc.assert(
      fc.asyncProperty(anyConvolution, fc.integer({ min: 1, max: 4 }), (given, splits) =>
        check(direction, given, { tile: tiles[3], splits }),
      ),
      { numRuns: 40 },
    ),
  );
}

blocks('input: pixels that no tap meets get zeros', async () => {
  const attributes = { ...plain, strides: [3, 2] } as const;
  for (const dilations of [
    [1, 1],
    [3, 2],
  ] as const) {
    const given = { image: [2, 8, 7, 4], filter: [2, 1, 4, 8] } as const;
    for (const splits of [1, 2]) {
      const variant = { tile: tiles[3], splits };
      await check('input', { ...given, attributes: { ...attributes, dilations } }, variant);
    }
  }
});

blocks('forward: applies bias and activation', async () => {
  const given = { image: [2, 6, 6, 8], filter: [3, 3, 8, 6], attributes: same } as const;
  for (const [i, activation] of activations.entries()) {
    await check('forward', given, { tile: tiles[3], splits: 1 + i }, { bias: true, activation });
  }
});

blocks('computes one large convolution', async () => {
  const given = { image: [2, 18, 17, 40], filter: [3, 3, 40, 132], attributes: same } as const;
  for (const direction of directions) await check(direction, given, { tile: tiles[0], splits: 2 });
});

blocks.run();
