import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blockLengths } from '../../../src/kernels/optimizers/block-lengths.ts';
import { clipNorm } from '../../../src/kernels/optimizers/clip-norm.ts';
import { kinds, runKernel } from '../harness.ts';

const test = suite('kernels: clip norm');

/** Flat gradients of these sizes, NaN between them, and the sum of their squares in f64. */
function packed(sizes: readonly number[], seed: number, scale: number) {
  const lengths = blockLengths(sizes);
  const data = new Float32Array(lengths.length * 64).fill(Number.NaN);
  let [at, squares] = [0, 0];
  for (const size of sizes) {
    for (let i = 0; i < size; i++) {
      const value = Math.fround(Math.sin((at + i) * 12.9898 + seed) * scale);
      data[at + i] = value;
      squares += value * value;
    }
    at += Math.ceil(size / 64) * 64;
  }
  const inputs = [
    { shape: [data.length], data },
    { shape: [lengths.length], data: lengths, dtype: 'u32' as const },
  ];
  return { inputs, squares };
}

async function scaleOf(
  flats: readonly ReturnType<typeof packed>[],
  most: number,
  limits: (typeof kinds)[keyof typeof kinds],
): Promise<number> {
  const call = {
    inputs: flats.flatMap(({ inputs }) => inputs),
    output: { shape: [1] },
    attributes: {},
    scalars: { maxNorm: most },
    limits,
  };
  return (await runKernel(clipNorm, call))[0] as number;
}

for (const [kind, limits] of Object.entries(kinds)) {
  test(`leaves out what lies between gradients, ${kind}`, async () => {
    for (const sizes of [[[1]], [[3, 64, 65]], [[7], [128, 1, 63]], [[100003, 5], [9000]]]) {
      const flats = sizes.map((own, i) => packed(own, i + 1, 2));
      const norm = Math.sqrt(flats.reduce((sum, { squares }) => sum + squares, 0));
      for (const most of [norm / 3, norm * 2]) {
        const expected = Math.min(1, most / (norm + 1e-6));
        const scale = await scaleOf(flats, most, limits);
        assert.ok(Math.abs(scale / expected - 1) < 2e-6, `[${sizes}]: ${scale}, not ${expected}`);
      }
    }
  });

  test(`knows zero, infinity and NaN, ${kind}`, async () => {
    const zero = packed([5], 0, 0);
    assert.is(await scaleOf([zero], 1, limits), 1);
    const infinite = packed([70, 2], 0, 1);
    (infinite.inputs[0]?.data as Float32Array)[69] = Number.POSITIVE_INFINITY;
    assert.is(await scaleOf([infinite], 1, limits), 0);
    const bad = packed([70, 2], 0, 1);
    (bad.inputs[0]?.data as Float32Array)[69] = Number.NaN;
    assert.ok(Number.isNaN(await scaleOf([bad], 1, limits)));
  });
}

for (const [kind, limits] of Object.entries(kinds)) {
  test(`clips gradients whose squares are beyond f32, ${kind}`, async () => {
    for (const size of [1e19, 1e25, 1e30, 1e36]) {
      const flats = [packed([5000, 2], 1, size), packed([70], 2, 1), packed([3], 3, size / 10)];
      const norm = Math.sqrt(flats.reduce((sum, { squares }) => sum + squares, 0));
      const scale = await scaleOf(flats, 2, limits);
      assert.ok(Math.abs((scale * norm) / 2 - 1) < 2e-6, `${size}: ${scale}, not ${2 / norm}`);
    }
    const small = packed([70, 2], 1, 1e-30);
    assert.is(await scaleOf([small], 1, limits), 1);
  });
}

test('block lengths fill whole blocks and end with the rest', () => {
  assert.equal([...blockLengths([64, 1, 130])], [64, 1, 64, 64, 2]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (sizes) => {
      const lengths = blockLengths(sizes);
      const sum = lengths.reduce((a, b) => a + b, 0);
      const blocks = sizes.reduce((count, size) => count + Math.ceil(size / 64), 0);
      return lengths.length === blocks && sum === sizes.reduce((a, b) => a + b);
    }),
  );
});

test.run();
