import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  alongLines,
  filterGradientAlongLines,
  hasFewChannels,
  inputGradientAlongLines,
} from '../../../src/kernels/convolution/lines.ts';
import { activations } from '../endings.ts';
import { checkConvolution } from './check-convolution.ts';
import type { Convolution } from './convolution-reference.ts';

const plain = { strides: [1, 1], dilations: [1, 1], padding: [0, 0, 0, 0] } as const;
const same = { ...plain, padding: [1, 1, 1, 1] } as const;
const uneven = { strides: [2, 3], dilations: [2, 1], padding: [2, 1, 0, 3] } as const;

const forward = (given: Convolution) => checkConvolution('forward', alongLines, given);
const filter = (given: Convolution, splits?: number) =>
  checkConvolution('filter', (context) => filterGradientAlongLines(context, splits), given);

const lines = suite('conv2d along lines');

// Each window, number of channels and set of strides is a program of its own; the gradient of the
// filter of 4 × 5 taps takes three rows of them, then one. `own` is how many channels the image has
// where the convolution is depthwise.
const cases = [
  { window: [3, 3], channels: 1, filters: 32, attributes: plain },
  { window: [3, 3], channels: 3, filters: 17, attributes: same },
  { window: [4, 5], channels: 2, filters: 3, attributes: uneven },
  { window: [7, 7], channels: 3, filters: 68, attributes: { ...same, strides: [2, 2] } },
  { window: [1, 1], channels: 1, filters: 1, attributes: { ...plain, strides: [2, 1] } },
  { window: [3, 3], channels: 1, filters: 12, own: 12, attributes: same },
  { window: [2, 3], channels: 1, filters: 10, own: 5, attributes: uneven },
] as const;

for (const { window, channels, filters, attributes, ...rest } of cases) {
  const own = 'own' in rest ? rest.own : undefined;
  const kind = own ? `depthwise ${own}` : `${channels}`;
  const name = `${window.join(' × ')}, ${kind} to ${filters}`;
  const sizes = fc.record({
    batch: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 1, max: 12 }),
    width: fc.integer({ min: 1, max: 23 }),
  });
  const given = ({ batch, height, width }: { batch: number; height: number; width: number }) =>
    ({
      image: [batch, height, width, own ?? channels],
      filter: [...window, channels, filters],
      attributes,
    }) as const;

  lines(`forward: images of any size, ${name}`, () =>
    fc.assert(
      fc.asyncProperty(sizes, (size) => forward(given(size))),
      { numRuns: 12 },
    ),
  );

  lines(`filter: images of any size, ${name}`, () =>
    fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 4 }), (size, splits) =>
        filter(given(size), splits),
      ),
      { numRuns: 12 },
    ),
  );
}

lines('input: is a convolution with the filter turned around, depthwise', async () => {
  for (const [channels, padding] of [
    [8, [0, 2, 1, 0]],
    [3, [4, 4, 3, 3]],
  ] as const) {
    const attributes = { ...plain, dilations: [2, 1], padding } as const;
    const given = { image: [2, 7, 6, channels], filter: [2, 3, 1, channels], attributes } as const;
    await checkConvolution('input', inputGradientAlongLines, given);
  }
});

lines('forward: applies bias and activation', async () => {
  const given = { image: [2, 6, 6, 3], filter: [3, 3, 3, 6], attributes: plain } as const;
  for (const activation of activations) {
    await checkConvolution('forward', alongLines, given, {}, { bias: true, activation });
  }
});

lines('splits the lines of a large batch among as many workgroups as fill the device', async () => {
  const given = { image: [40, 9, 9, 1], filter: [3, 3, 1, 8], attributes: plain } as const;
  for (const lanes of [1, 500, 1e6]) {
    await checkConvolution('filter', (context) => filterGradientAlongLines(context), given, {
      lanes,
    });
  }
});

lines('takes filters whose sums for a row of taps stay in registers', () => {
  assert.is(hasFewChannels([11, 10, 3, 96]), true);
  assert.is(hasFewChannels([11, 11, 3, 96]), false);
  assert.is(hasFewChannels([3, 3, 4, 8]), false);
});

lines.run();
