import fc from 'fast-check';
import { suite } from 'uvu';
import {
  depthwise,
  depthwiseFilterGradient,
  depthwiseInputGradient,
} from '../../../src/kernels/convolution/depthwise.ts';
import { product } from '../../../src/kernels/launch.ts';
import { kinds, runKernel } from '../harness.ts';
import { assertClose, finished, noise } from '../matmul/matmul-reference.ts';
import { type Convolution, convolve, outputShape } from './convolution-reference.ts';

const test = suite('kernels: depthwise');

type Context = Parameters<typeof depthwiseFilterGradient>[0];
type Direction = 'forward' | 'input' | 'filter';

/** `span` is how many lines of the output one partial sum of the filter's gradient takes. */
async function check(direction: Direction, convolution: Convolution, span?: number): Promise<void> {
  const output = outputShape(convolution);
  if (!output) return;
  const { image, filter, attributes } = convolution;
  const tensor = (shape: readonly number[], seed: number) => ({
    shape,
    data: noise(product(shape), seed),
  });
  const [x, f, g] = [tensor(image, 1), tensor(filter, 2), tensor(output, 3)];
  type Operand = typeof x;
  const filterGradient = (context: Context) => depthwiseFilterGradient(context, span);
  const cases: Record<Direction, [typeof depthwise, Operand, Operand, readonly number[]]> = {
    forward: [depthwise, x, f, output],
    input: [depthwiseInputGradient, g, f, image],
    filter: [filterGradient, x, g, filter],
  };
  const [rule, first, second, shape] = cases[direction];
  for (const limits of [kinds.cpu, kinds.gpu]) {
    const actual = await runKernel(rule, {
      inputs: [first, second],
      output: { shape },
      attributes,
      limits,
    });
    const expected = convolve(direction, convolution, output, first.data, second.data);
    assertClose(actual, finished(expected, undefined, 'none'));
  }
}

const plain = { strides: [1, 1], dilations: [1, 1], padding: [0, 0, 0, 0] } as const;
const same = { ...plain, padding: [1, 1, 1, 1] } as const;
const uneven = { strides: [2, 3], dilations: [2, 1], padding: [2, 1, 0, 3] } as const;

/** Channels, and how many filters each of them has. */
const kindsOfChannels = [
  [8, 1],
  [3, 1],
  [4, 3],
  [1, 5],
] as const;

for (const direction of ['forward', 'input', 'filter'] as const) {
  for (const [channels, multiplier] of kindsOfChannels) {
    test(`${direction}: ${channels} channels, ${multiplier} filters each`, async () => {
      for (const attributes of [plain, same, uneven]) {
        for (const [height, width] of [
          [9, 7],
          [4, 11],
        ] as const) {
          const image = [2, height, width, channels] as const;
          const filter = [3, 2, 1, channels * multiplier] as const;
          await check(direction, { image, filter, attributes });
        }
      }
    });
  }
}

test("the filter's gradient in one piece and in several", async () => {
  const given = { image: [3, 13, 5, 4], filter: [3, 3, 1, 4], attributes: same } as const;
  for (const span of [4, 8, 40]) await check('filter', given, span);
});

// The programs of the tests above, which software drivers take long to compile, and of one more window.
const kind = fc.oneof(
  fc.record({ window: fc.constant([3, 2] as const), kind: fc.constantFrom(...kindsOfChannels) }),
  fc.record({ window: fc.constant([1, 3] as const), kind: fc.constant([5, 2] as const) }),
);
const any = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    sizes: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
    kind,
    attributes: fc.constantFrom(plain, same, uneven),
  })
  .map(
    ({ batch, sizes, kind, attributes }): Convolution => ({
      image: [batch, ...sizes, kind.kind[0]],
      filter: [kind.window[0], kind.window[1], 1, kind.kind[0] * kind.kind[1]],
      attributes,
    }),
  );

for (const direction of ['forward', 'input', 'filter'] as const) {
  test(`${direction}: images of any size`, () =>
    fc.assert(
      fc.asyncProperty(any, (given) => check(direction, given)),
      { numRuns: 30 },
    ));
}

test.run();
