import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceLimits } from '../../../src/device/device.ts';
import { readImage } from '../../../src/kernels/convolution/padded-image.ts';
import { NO_EPILOGUE } from '../../../src/kernels/epilogue.ts';
import type { Operand } from '../../../src/kernels/launch.ts';
import type { Pick } from '../../../src/kernels/pick.ts';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../by-device.ts';
import { activations, type Ending } from '../endings.ts';
import { inEveryWay } from '../every-way.ts';
import { kinds, testDevice } from '../harness.ts';
import type { Halves } from '../matmul/matmul-reference.ts';
import { checkConvolution, type Direction, shapesOf } from './check-convolution.ts';
import type { Convolution } from './convolution-reference.ts';

const rules = { forward: conv2d, input: conv2dInputGradient, filter: conv2dFilterGradient };

const check = (
  direction: Direction,
  convolution: Convolution,
  limits: Partial<DeviceLimits>,
  epilogue?: Ending,
  halves?: Halves,
  pick?: Pick,
) => checkConvolution(direction, rules[direction], convolution, limits, epilogue, halves, pick);

// Register tiles pack operands in eights, and rows of whole tiles of four or eight channels.
const channels = fc.constantFrom(1, 2, 3, 4, 5, 8, 12, 16, 17);
const stride = fc.integer({ min: 1, max: 3 });
const dilation = fc.integer({ min: 1, max: 2 });
const amount = fc.integer({ min: 0, max: 2 });
const anyConvolution = fc
  .record({
    batch: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels,
    filterHeight: fc.integer({ min: 1, max: 3 }),
    filterWidth: fc.integer({ min: 1, max: 3 }),
    filters: channels,
    strides: fc.oneof(fc.constant([1, 1] as const), fc.tuple(stride, stride)),
    dilations: fc.tuple(dilation, dilation),
    padding: fc.oneof(fc.constant([0, 0, 0, 0] as const), fc.tuple(amount, amount, amount, amount)),
  })
  .map(
    (r): Convolution => ({
      image: [r.batch, r.height, r.width, r.channels],
      filter: [r.filterHeight, r.filterWidth, r.channels, r.filters],
      attributes: { strides: r.strides, dilations: r.dilations, padding: r.padding },
    }),
  );

/** The dispatches of a convolution on a kind of device. */
async function planned(
  direction: Direction,
  convolution: Convolution,
  kind: Partial<DeviceLimits>,
) {
  const { limits } = await testDevice();
  const operand = (shape: readonly number[]) => ({ shape, dtype: 'f32' }) as const;
  const [first, second, result] = (shapesOf(direction, convolution) ?? []).map(operand) as [
    Operand,
    Operand,
    Operand,
  ];
  const { attributes } = convolution;
  const context = { inputs: [first, second], output: result, attributes, epilogue: NO_EPILOGUE };
  return rules[direction]({ ...context, limits: { ...limits, ...kind } });
}

const plain = { strides: [1, 1], dilations: [1, 1], padding: [0, 0, 0, 0] } as const;
const uneven = { strides: [2, 3], dilations: [2, 1], padding: [2, 1, 0, 3] } as const;

const conv = suite('conv2d');

for (const direction of ['forward', 'input', 'filter'] as const) {
  for (const kind of ['driver', 'cpu'] as const) {
    conv(`${direction}: agrees with the definition in register tiles (${kind})`, () =>
      fc.assert(
        fc.asyncProperty(anyConvolution, (given) => check(direction, given, kinds[kind])),
        { numRuns: 40 },
      ),
    );
  }

  conv(`${direction}: reads halves of eight channels and more`, async () => {
    for (const kind of Object.values(kinds)) {
      for (const [at, [channels, filters, size, attributes]] of (
        [
          [8, 12, 3, { ...plain, padding: [1, 1, 1, 1] }],
          [17, 5, 2, uneven],
          [16, 8, 1, plain],
        ] as const
      ).entries()) {
        const given = {
          image: [2, 7, 9, channels],
          filter: [size, size, channels, filters],
          attributes,
        } as const;
        const halves = (['both', 'a', 'b'] as const)[at];
        await check(direction, given, kind, undefined, halves);
        if (kind !== kinds.gpu) await check(direction, given, kind, undefined, 'both');
      }
    }
  });

  conv(`${direction}: agrees with the definition in workgroup tiles`, async () => {
    // Each set of attributes is a program that takes a second to compile on a software driver.
    for (const attributes of [plain, uneven]) {
      for (const [image, filter] of [
        [
          [2, 7, 9, 4],
          [3, 3, 4, 8],
        ],
        [
          [1, 9, 7, 1],
          [3, 2, 1, 5],
        ],
        [
          [1, 5, 5, 3],
          [1, 1, 3, 33],
        ],
      ] as const) {
        await check(direction, { image, filter, attributes }, kinds.gpu);
      }
    }
  });

  conv(`${direction}: computes the same in every way that may be measured on a CPU`, async () => {
    for (const kind of [kinds.cpu, kinds.driver]) {
      for (const [image, filter, attributes] of [
        [[3, 9, 9, 17], [3, 3, 17, 12], { ...plain, padding: [1, 1, 1, 1] }],
        [[2, 11, 9, 8], [3, 2, 8, 5], uneven],
        [[9, 17, 17, 1], [3, 3, 1, 16], plain],
      ] as const) {
        const given = { image, filter, attributes };
        const names = await inEveryWay((pick) =>
          check(direction, given, kind, undefined, undefined, pick),
        );
        assert.ok(names.size >= 4, [...names].join(', '));
      }
    }
  });

  conv(`${direction}: splits a reduction that is long for the size of its output`, async () => {
    const given =
      direction === 'filter'
        ? ({ image: [3, 20, 20, 2], filter: [2, 2, 2, 3] } as const)
        : ({ image: [1, 4, 4, 70], filter: [3, 3, 70, 65] } as const);
    for (const kind of Object.values(kinds)) {
      await check(direction, { ...given, attributes: plain }, kind);
    }
  });
}

conv('of a filter of one pixel that strides, a CPU packs what it has seen', async () => {
  for (const [filters, strides] of [
    [72, [2, 3]],
    [69, [1, 2]],
  ] as const) {
    const given: Convolution = {
      image: [9, 11, 16, 64],
      filter: [1, 1, 64, filters],
      attributes: { ...plain, strides },
    };
    for (const kind of [kinds.cpu, kinds.driver]) {
      await check('filter', given, kind, { bias: true, activation: 'relu' });
      for (const halves of ['a', 'b'] as const)
        await check('filter', given, kind, undefined, halves);
      const seen = 9 * Math.ceil(11 / strides[0]) * Math.ceil(16 / strides[1]);
      const { temporaries } = await planned('filter', given, kind);
      assert.is(temporaries?.[0], 4 * 64 * seen);
    }
  }
});

conv('a filter of one pixel is a plain matmul', async () => {
  const isMatmul = async (direction: Direction, convolution: Convolution) => {
    const { launches } = await planned(direction, convolution, kinds.gpu);
    return launches.every(({ program }) => program.name.startsWith('matmul'));
  };
  const one = { image: [2, 5, 3, 6], filter: [1, 1, 6, 9], attributes: plain } as const;
  for (const direction of ['forward', 'input', 'filter'] as const) {
    for (const given of [one, { ...one, image: [3, 20, 20, 6] } as const]) {
      for (const kind of Object.values(kinds)) await check(direction, given, kind);
    }
    assert.ok(await isMatmul(direction, one));
    for (const attributes of [
      { ...plain, strides: [1, 2] },
      { ...plain, padding: [0, 0, 1, 0] },
    ] as const) {
      assert.not(await isMatmul(direction, { ...one, attributes }));
    }
    assert.not(await isMatmul(direction, { ...one, filter: [2, 1, 6, 9] }));
  }
  await check('forward', one, kinds.gpu, { bias: true, activation: 'relu' });
});

conv('filter: agrees with the definition where packed copies would be too large', async () => {
  const given = { image: [2, 6, 5, 8], filter: [3, 2, 8, 9], attributes: uneven } as const;
  for (const kind of [kinds.cpu, kinds.driver]) {
    await check('filter', given, { ...kind, maxBindingBytes: 64 });
  }
});

conv('an image of few channels is padded first, unless the copy could not be bound', async () => {
  const attributes = { ...plain, padding: [1, 1, 1, 1] } as const;
  const given = { image: [2, 6, 5, 3], filter: [3, 3, 3, 8], attributes } as const;
  const bytes = 2 * 8 * 7 * 3 * 4;
  for (const [maxBindingBytes, copies] of [
    [bytes, 1],
    [bytes - 1, 0],
  ] as const) {
    const limits = { ...kinds.cpu, maxBindingBytes };
    const read = readImage(given.image, attributes, limits);
    assert.is(read.before.length, copies);
    for (const direction of ['forward', 'filter'] as const) await check(direction, given, limits);
  }
});

conv('forward: applies bias and activation', async () => {
  const given = { image: [2, 6, 6, 3], filter: [3, 3, 3, 6], attributes: plain } as const;
  const long = { image: [1, 3, 3, 70], filter: [3, 3, 70, 5], attributes: plain } as const;
  for (const activation of activations) {
    await check('forward', given, kinds.driver, { bias: true, activation });
  }
  await check('forward', given, kinds.gpu, { bias: true, activation: 'relu' });
  await check('forward', long, kinds.driver, { bias: true, activation: 'sigmoid' });
});

conv.run();
