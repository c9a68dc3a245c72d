import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blockLengths } from '../../../src/kernels/optimizers/block-lengths.ts';
import type { Clipping, UpdateContext } from '../../../src/kernels/optimizers/formula.ts';
import { trust } from '../../../src/kernels/optimizers/trust.ts';
import { kinds, runKernel } from '../harness.ts';
import { lamb } from './formulas.ts';

const test = suite('kernels: trust ratios');

/** A rule whose steps go against the gradients, twice as far as they are long. */
const formula = {
  kind: 'doubled',
  source: 'struct Params { vectors: u32, clipValue: f32 }',
  moments: [],
};

const direction = {
  source: `
struct Params { vectors: u32, clipValue: f32 }
fn direction(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> { return 2.0 * grad; }`,
  moments: [],
};

/** Numbers for variables of these sizes, laid out flat with NaN behind each. */
function flat(sizes: readonly number[], valueAt: (i: number, which: number) => number) {
  const blocks = sizes.map((size) => Math.ceil(size / 64));
  const parts = sizes.map((size, which) =>
    Float32Array.from({ length: (blocks[which] ?? 0) * 64 }, (_, i) =>
      i < size ? valueAt(i, which) : Number.NaN,
    ),
  );
  const data = Float32Array.from(parts.flatMap((part) => [...part]));
  return { shape: [data.length], data };
}

const norm = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, x) => sum + (Number.isNaN(x) ? 0 : x * x), 0));

const wave = (seed: number) => (i: number, which: number) =>
  Math.fround(Math.sin(i * 12.9898 + seed + which) * (which + 1));

async function ratiosOf(
  sizes: readonly number[],
  [weights, grads]: [ReturnType<typeof flat>, ReturnType<typeof flat>],
  limits: (typeof kinds)[keyof typeof kinds],
  clipping: Clipping = {},
): Promise<number[]> {
  const lengths = blockLengths(sizes);
  const starts = [0];
  for (const size of sizes) starts.push((starts.at(-1) ?? 0) + Math.ceil(size / 64));
  const scale = clipping.scales ? [{ shape: [1], data: Float32Array.of(0.25) }] : [];
  const u32 = (data: Uint32Array) => ({ shape: [data.length], data, dtype: 'u32' as const });
  const result = await runKernel<Clipping>(
    (context) => trust(formula, direction, context as UpdateContext),
    {
      inputs: [weights, grads, ...scale, u32(lengths), u32(Uint32Array.from(starts))],
      output: { shape: [lengths.length] },
      attributes: clipping,
      scalars: { clipValue: 0.5 },
      limits,
    },
  );
  return [...(result as Float32Array)];
}

/** What each block of a variable has, in f64. */
function expectedOf(
  sizes: readonly number[],
  [weights, grads]: [ReturnType<typeof flat>, ReturnType<typeof flat>],
  gradientOf = (g: number) => g,
): number[] {
  let at = 0;
  return sizes.flatMap((size) => {
    const [w, d] = [weights, grads].map(({ data }) => data.slice(at, at + size)) as [
      Float32Array,
      Float32Array,
    ];
    const blocks = Math.ceil(size / 64);
    at += blocks * 64;
    const ratio = norm(w) / norm(d.map((g) => 2 * gradientOf(g)));
    return Array(blocks).fill(Number.isFinite(ratio) ? ratio : 0);
  });
}

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.is(actual.length, expected.length);
  for (const [i, ratio] of expected.entries()) {
    const error = Math.abs((actual[i] ?? Number.NaN) - ratio);
    assert.ok(error <= 1e-5 * ratio, `block ${i}: ${actual[i]}, not ${ratio}`);
  }
}

for (const [kind, limits] of Object.entries(kinds)) {
  test(`are those of each variable by itself, ${kind}`, async () => {
    for (const sizes of [[1], [3, 64, 65], [128, 1, 63, 7], [100003, 5, 20000]]) {
      const both: Parameters<typeof ratiosOf>[1] = [flat(sizes, wave(1)), flat(sizes, wave(2))];
      assertNear(await ratiosOf(sizes, both, limits), expectedOf(sizes, both));
    }
  });

  test(`are of gradients that are scaled and clipped, ${kind}`, async () => {
    const sizes = [70, 3];
    const both: Parameters<typeof ratiosOf>[1] = [flat(sizes, wave(1)), flat(sizes, wave(2))];
    const clipped = (g: number) => Math.max(-0.5, Math.min(0.5, g * 0.25));
    const clipping = { scales: true, clipValue: true };
    const actual = await ratiosOf(sizes, both, limits, clipping);
    assertNear(actual, expectedOf(sizes, both, clipped));
  });

  test(`are 0 where a variable or where it goes is, ${kind}`, async () => {
    const sizes = [5, 70, 3];
    const weights = flat(sizes, (_, which) => (which === 0 ? 0 : 1));
    const grads = flat(sizes, (_, which) => (which === 1 ? 0 : 1));
    assertNear(await ratiosOf(sizes, [weights, grads], limits), [0, 0, 0, 0.5]);
  });
}

test('LAMB asks for them, and writes no moments for it', () => {
  assert.match(lamb.direction?.source ?? '', /fn direction/);
  assert.not.match(lamb.direction?.source ?? '', /var<storage, read_write>/);
});

test.run();
