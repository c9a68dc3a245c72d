import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceLimits } from '../../../src/device/device.ts';
import { guessOf } from '../../../src/kernels/pick.ts';
import { ownElements, rowCost, rowWays } from '../../../src/kernels/softmax/row-variant.ts';
import { type Gpu, gpus, lanesOf } from '../gpus.ts';

type Shape = readonly [rows: number, size: number];

/** Digits, ImageNet, attention, vocabularies, and odd ones. */
const shapes: readonly Shape[] = [
  [1, 1],
  [32, 10],
  [1024, 10],
  [1024, 1000],
  [4096, 97],
  [12_288, 128],
  [96, 1024],
  [1, 50_257],
  [8, 50_257],
  [512, 32_000],
  [1, 1_000_003],
  [1, 16_000_000],
];

const limitsOf = (gpu: Gpu) => ({ cpu: false, lanes: lanesOf[gpu] }) as DeviceLimits;
const chosen = (gpu: Gpu, [rows, size]: Shape) => guessOf(rowWays(rows, size, limitsOf(gpu)));

/** The rule there was before. */
function fixed(size: number) {
  const width = size % 4 === 0 ? (4 as const) : (1 as const);
  const steps = size / width;
  const lanes = steps <= 8 ? 1 : steps <= 128 ? 16 : 256;
  return { width, lanes, parts: 1, held: 0, power: 'builtin' } as const;
}

const choice = suite('choice of a row variant');

choice('is never slower, by its own model, than the lanes that were fixed before', () => {
  for (const gpu of gpus) {
    for (const shape of shapes) {
      const [rows, size] = shape;
      const now = rowCost(rows, size, chosen(gpu, shape), lanesOf[gpu]);
      const before = rowCost(rows, size, fixed(size), lanesOf[gpu]);
      assert.ok(now <= before, `${gpu}, ${shape}: ${now}, before ${before}`);
    }
  }
});

choice('never walks a long row in few invocations', () => {
  for (const gpu of gpus) {
    for (const shape of shapes) {
      const [rows, size] = shape;
      const variant = chosen(gpu, shape);
      const steps = ownElements(size / variant.width, variant);
      const invocations = rows * variant.parts * variant.lanes;
      const what = `${gpu}, ${shape}: ${invocations} invocations, ${steps} steps`;
      assert.ok(steps <= 16 || invocations >= lanesOf[gpu] / 4, what);
    }
  }
});

choice('reads rows once that registers have room for', () => {
  for (const gpu of gpus) {
    for (const shape of [
      [32, 10],
      [1024, 1000],
      [12_288, 128],
      [96, 1024],
    ] as const) {
      assert.ok(chosen(gpu, shape).held > 0, `${gpu}, ${shape}`);
    }
  }
});

choice('shares out by the size of the device', () => {
  const words = (gpu: Gpu, shape: Shape) => {
    const { lanes, parts, held } = chosen(gpu, shape);
    return `${lanes} lanes, ${parts} parts, ${held} held`;
  };
  for (const gpu of gpus) assert.is(words(gpu, [1024, 1000]), '64 lanes, 1 parts, 4 held');
  assert.is(words('h100', [1, 50_257]), '256 lanes, 128 parts, 2 held');
  assert.is(words('h100', [1, 1_000_003]), '256 lanes, 1024 parts, 4 held');
  assert.is(words('m2', [8, 50_257]), '256 lanes, 2 parts, 0 held');
  assert.is(words('m2', [1, 1_000_003]), '256 lanes, 16 parts, 0 held');
});

choice('on a CPU, one invocation has a row', () => {
  const cpu = { cpu: true } as DeviceLimits;
  const one = { lanes: 1, parts: 1, held: 0, power: 'polynomial' };
  assert.equal(guessOf(rowWays(5, 1000, cpu)), { width: 4, ...one });
  assert.equal(guessOf(rowWays(5, 10, cpu)), { width: 1, ...one });
});

choice.run();
