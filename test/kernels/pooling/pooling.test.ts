import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostArray } from '../../../src/kernels/dtype.ts';
import { product } from '../../../src/kernels/launch.ts';
import {
  avgPool2d,
  avgPool2dGradient,
  chooseMaxGradient,
  type MaxGradientVariant,
  maxPool2d,
  maxPool2dGradient,
  type PoolAttributes,
  type PoolContext,
} from '../../../src/kernels/pooling/pooling.ts';
import { runKernel } from '../harness.ts';

const test = suite('kernels: pool');

type Shape = [number, number, number, number];

/** The inputs of each window, in row-major order, as [output, inputs]. */
function windows([n, h, w, c]: Shape, outputs: Shape, attributes: PoolAttributes) {
  const { window, strides, padding } = attributes;
  const [, oh, ow] = outputs;
  const all: [number, number[]][] = [];
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        for (let channel = 0; channel < c; channel++) {
          const inputs: number[] = [];
          for (let ky = 0; ky < window[0]; ky++) {
            for (let kx = 0; kx < window[1]; kx++) {
              const y = oy * strides[0] + ky - padding[0];
              const x = ox * strides[1] + kx - padding[2];
              if (y < 0 || x < 0 || y >= h || x >= w) continue;
              inputs.push(((image * h + y) * w + x) * c + channel);
            }
          }
          all.push([((image * oh + oy) * ow + ox) * c + channel, inputs]);
        }
      }
    }
  }
  return all;
}

function outputShape([n, h, w, c]: Shape, { window, strides, padding }: PoolAttributes): Shape {
  const [top, bottom, left, right] = padding;
  return [
    n,
    Math.floor((h + top + bottom - window[0]) / strides[0]) + 1,
    Math.floor((w + left + right - window[1]) / strides[1]) + 1,
    c,
  ];
}

/** Few different values, so that windows have ties. */
const image = (shape: Shape) =>
  Float32Array.from({ length: product(shape) }, (_, i) => Math.round(Math.sin(i * 78.233) * 5) - 2);
const weights = (shape: Shape) =>
  Float32Array.from({ length: product(shape) }, (_, i) => Math.cos(i * 1.7));

async function check(shape: Shape, attributes: PoolAttributes, variants: MaxGradientVariant[]) {
  const outputs = outputShape(shape, attributes);
  const x = image(shape);
  const g = weights(outputs);
  const max = new Float64Array(product(outputs));
  const avg = new Float64Array(product(outputs));
  const maxGradient = new Float64Array(product(shape));
  const avgGradient = new Float64Array(product(shape));
  for (const [output, inputs] of windows(shape, outputs, attributes)) {
    const values = inputs.map((i) => x[i] as number);
    max[output] = Math.max(...values);
    avg[output] = values.reduce((a, b) => a + b, 0) / values.length;
    const first = inputs[values.indexOf(max[output] as number)] as number;
    maxGradient[first]! += g[output] as number;
    for (const i of inputs) avgGradient[i]! += (g[output] as number) / inputs.length;
  }
  const what = JSON.stringify({ shape, ...attributes });
  const forward = { inputs: [{ shape, data: x }], output: { shape: outputs }, attributes };
  close(await runKernel(maxPool2d, forward), max, `max ${what}`);
  close(await runKernel(avgPool2d, forward), avg, `avg ${what}`);
  const grads = { shape: outputs, data: g };
  for (const variant of variants) {
    const actual = await runKernel((c: PoolContext) => maxPool2dGradient(c, variant), {
      inputs: [{ shape, data: x }, grads],
      output: { shape },
      attributes,
    });
    close(actual, maxGradient, `max gradient, ${variant}, ${what}`);
  }
  const actual = await runKernel(avgPool2dGradient, {
    inputs: [grads],
    output: { shape },
    attributes,
  });
  close(actual, avgGradient, `avg gradient ${what}`);
}

function close(actual: HostArray, wanted: Float64Array, what: string) {
  assert.is(actual.length, wanted.length);
  wanted.forEach((value, i) => {
    const error = Math.abs((actual[i] as number) - value);
    assert.ok(
      error <= 1e-5 * Math.max(1, Math.abs(value)),
      `${what}: [${i}] ${actual[i]} ${value}`,
    );
  });
}

test('windows side by side', async () => {
  const attributes: PoolAttributes = { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] };
  for (const shape of [
    [1, 2, 2, 1],
    [2, 6, 8, 4],
    [3, 7, 5, 8],
    [2, 13, 13, 3],
  ] as Shape[]) {
    await check(shape, attributes, ['apart', 'overlapping']);
  }
});

test('windows with gaps between them', async () => {
  await check([2, 8, 9, 4], { window: [1, 2], strides: [3, 3], padding: [0, 0, 0, 0] }, [
    'apart',
    'overlapping',
  ]);
});

test('windows over the edge, side by side', async () => {
  for (const channels of [1, 4]) {
    await check([2, 7, 5, channels], { window: [2, 2], strides: [2, 2], padding: [1, 0, 1, 0] }, [
      'apart',
      'overlapping',
    ]);
    await check([2, 7, 5, channels], { window: [3, 2], strides: [3, 2], padding: [1, 1, 0, 1] }, [
      'apart',
      'overlapping',
    ]);
  }
});

test('windows that overlap', async () => {
  for (const channels of [1, 4]) {
    for (const padding of [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 1, 0, 1],
    ] as const) {
      const shape: Shape = [2, 7, 8, channels];
      await check(shape, { window: [3, 3], strides: [2, 2], padding }, ['overlapping']);
      await check(shape, { window: [3, 2], strides: [1, 1], padding }, ['overlapping']);
    }
  }
});

test('the whole image as one window', async () => {
  await check([3, 5, 7, 8], { window: [5, 7], strides: [5, 7], padding: [0, 0, 0, 0] }, ['apart']);
});

test('sizes and windows at random', async () => {
  const size = fc.integer({ min: 1, max: 9 });
  const small = fc.integer({ min: 1, max: 3 });
  const most = fc.integer({ min: 0, max: 2 });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(small, size, size, fc.constantFrom(1, 3, 4)),
      fc.tuple(small, small, small, small),
      fc.tuple(most, most, most, most),
      async (shape, [wy, wx, sy, sx], [top, bottom, left, right]) => {
        const [, h, w] = shape;
        const window = [Math.min(wy, h), Math.min(wx, w)] as const;
        const attributes: PoolAttributes = {
          window,
          strides: [sy, sx],
          padding: [
            Math.min(top, window[0] - 1),
            Math.min(bottom, window[0] - 1),
            Math.min(left, window[1] - 1),
            Math.min(right, window[1] - 1),
          ],
        };
        await check(shape as Shape, attributes, [chooseMaxGradient(attributes)]);
      },
    ),
    { numRuns: 8 },
  );
});

test('more than 65,535 workgroups', async () => {
  const shape: Shape = [2, 2048, 1025, 1];
  const attributes: PoolAttributes = { window: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0] };
  const data = Float32Array.from({ length: product(shape) }, (_, i) => i & 0xffff);
  const actual = await runKernel(maxPool2d, {
    inputs: [{ shape, data }],
    output: { shape },
    attributes,
  });
  for (let i = 0; i < data.length; i++) if (actual[i] !== data[i]) assert.unreachable(`at ${i}`);
});

test('the choice of a gradient', () => {
  const padding = [0, 0, 0, 0] as const;
  assert.is(chooseMaxGradient({ window: [2, 2], strides: [2, 2], padding }), 'apart');
  assert.is(chooseMaxGradient({ window: [2, 2], strides: [3, 2], padding }), 'apart');
  assert.is(chooseMaxGradient({ window: [2, 3], strides: [2, 2], padding }), 'overlapping');
});

test.run();
