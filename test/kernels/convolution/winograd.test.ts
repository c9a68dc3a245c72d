import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Conv2dAttributes, Shape4 } from '../../../src/kernels/convolution/geometry.ts';
import { suitsWinograd, winograd } from '../../../src/kernels/convolution/winograd.ts';
import {
  filterGradientByWinograd,
  filterGradientSuitsWinograd,
} from '../../../src/kernels/convolution/winograd-filter-gradient.ts';
import { NO_EPILOGUE } from '../../../src/kernels/epilogue.ts';
import type { KernelContext, Operand } from '../../../src/kernels/launch.ts';
import { activations, type Ending } from '../endings.ts';
import { type Kind, kinds, runKernel, testDevice } from '../harness.ts';
import { type Halves, operand } from '../matmul/matmul-reference.ts';
import { checkConvolution, type Direction, directions, shapesOf } from './check-convolution.ts';
import { type Convolution, convolve, outputShape } from './convolution-reference.ts';

const once = { strides: [1, 1], dilations: [1, 1] } as const;

const rules = {
  forward: (context: KernelContext<Conv2dAttributes>) => winograd(context, false),
  input: (context: KernelContext<Conv2dAttributes>) => winograd(context, true),
  filter: filterGradientByWinograd,
};

const check = (direction: Direction, given: Convolution, epilogue?: Ending, halves?: Halves) =>
  checkConvolution(direction, rules[direction], given, kinds.cpu, epilogue, halves);

// Tiles have 4 × 4 pixels, products 4 rows and 8 columns; padding of the gradient is what 2 lacks.
const amount = fc.integer({ min: 0, max: 2 });
const anyConvolution = (side: number) =>
  fc
    .record({
      batch: fc.integer({ min: 1, max: 3 }),
      height: fc.integer({ min: side, max: 10 }),
      width: fc.integer({ min: side, max: 10 }),
      channels: fc.constantFrom(8, 16, 24),
      filters: fc.constantFrom(8, 16, 40),
      padding: fc.tuple(amount, amount, amount, amount),
    })
    .map(
      ({ batch, height, width, channels, filters, padding }): Convolution => ({
        image: [batch, height, width, channels],
        filter: [3, 3, channels, filters],
        attributes: { ...once, padding },
      }),
    );

const suits = async (
  direction: Direction,
  given: Convolution,
  kind: Kind = kinds.cpu,
): Promise<boolean> => {
  const { limits } = await testDevice();
  const plain = (shape: readonly number[]): Operand => ({ shape, dtype: 'f32' });
  const shapes = shapesOf(direction, given) ?? [];
  const [first, second, output] = shapes.map(plain) as [Operand, Operand, Operand];
  const { attributes } = given;
  const context = {
    ...{ inputs: [first, second], output, attributes, epilogue: NO_EPILOGUE },
    limits: { ...limits, ...kind },
  };
  if (direction === 'filter') return filterGradientSuitsWinograd(context);
  return suitsWinograd(context, direction === 'input');
};

const conv = suite('conv2d by Winograd');

for (const direction of directions) {
  // Taps of a filter are rounded alike; in a tiny image some meet nothing but padding, and should be 0.
  const side = direction === 'filter' ? 4 : 1;
  conv(`${direction}: agrees with the definition`, () =>
    fc.assert(
      fc.asyncProperty(anyConvolution(side), (given) => check(direction, given)),
      { numRuns: 25 },
    ),
  );

  conv(`${direction}: reads halves, and ends with an epilogue`, async () => {
    const attributes = { ...once, padding: [1, 1, 1, 1] } as const;
    const given = { image: [2, 7, 6, 16], filter: [3, 3, 16, 16], attributes } as const;
    for (const [i, activation] of activations.entries()) {
      const halves = (['none', 'a', 'b', 'both'] as const)[i % 4];
      await check(direction, given, { bias: i % 2 === 0, activation }, halves);
    }
  });

  conv(`${direction}: errs by less than a hundred thousandth of the largest result`, async () => {
    const attributes = { ...once, padding: [1, 1, 1, 1] } as const;
    // Sums of 512 channels, or of 2116 tiles, which are summed in parts.
    const image = direction === 'filter' ? ([4, 92, 92, 8] as const) : ([1, 4, 4, 512] as const);
    const filter = [3, 3, image[3], image[3]] as const;
    const given = { image, filter, attributes };
    const [first, second, shape] = shapesOf(direction, given) as [Shape4, Shape4, Shape4];
    const [a, b] = [operand(first, 1, 'a', 'none'), operand(second, 2, 'b', 'none')];
    const actual = await runKernel(rules[direction], {
      inputs: [a, b],
      output: { shape },
      attributes,
      limits: kinds.cpu,
    });
    const { values } = convolve(direction, given, image, a.data, b.data);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    values.forEach((value, i) => {
      const error = Math.abs((actual[i] as number) - value);
      assert.ok(error <= 1e-5 * largest, `${error / largest} of the largest at ${i}`);
    });
  });
}

conv('is taken on CPUs where it saves multiplications', async () => {
  const attributes = { ...once, padding: [1, 1, 1, 1] } as const;
  const of = (size: number, channels: number, own: Partial<Convolution> = {}): Convolution => ({
    image: [32, size, size, channels],
    filter: [3, 3, channels, channels],
    attributes,
    ...own,
  });
  for (const direction of directions) {
    assert.ok(await suits(direction, of(13, 64)));
    assert.ok(await suits(direction, of(8, 32)));
    assert.not(await suits(direction, of(13, 64), kinds.gpu));
    assert.not(await suits(direction, of(13, 64), kinds.driver), 'loads are slow');
    assert.not(await suits(direction, of(13, 60)), 'no whole vectors');
    assert.not(await suits(direction, of(2, 64)), 'most of a tile would be outside');
    assert.not(await suits(direction, of(13, 8)), 'passes would take longer than products');
    for (const changed of [
      { filter: [5, 5, 64, 64] },
      { attributes: { ...attributes, strides: [2, 1] } },
      { attributes: { ...attributes, dilations: [1, 2] } },
    ] as const) {
      const given = of(13, 64, changed);
      assert.ok(outputShape(given));
      assert.not(await suits(direction, given));
    }
  }
  const wide = of(12, 64, { attributes: { ...once, padding: [3, 3, 3, 3] } });
  assert.equal(await Promise.all(directions.map((direction) => suits(direction, wide))), [
    true,
    false,
    true,
  ]);
});

conv.run();
