import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type KernelContext,
  type LaunchContext,
  type Launches,
  OUTPUT,
  program,
} from '../../../src/kernels/launch.ts';
import { adagrad, adam, rmsprop, sgd } from '../../../src/kernels/optimizers/update.ts';
import { runKernel } from '../harness.ts';

const test = suite('kernels: optimizers');

const SIZE = 64 * 5;
const STEPS = 4;

/** Copies what is bound first, so that a test sees what an optimizer left in its inputs. */
const copy = program(
  'copy',
  `
@group(0) @binding(0) var<uniform> params: vec4<u32>;
@group(0) @binding(1) var<storage, read> from_: array<f32>;
@group(0) @binding(2) var<storage, read_write> to: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < params.x) { to[id.x] = from_[id.x]; }
}`,
);

/** Runs several steps on the same buffers and gives what they hold afterwards. */
async function run<A extends Readonly<Record<string, unknown>>>(
  launch: (context: LaunchContext & { readonly attributes: A }) => Launches,
  attributes: A,
  buffers: readonly Float64Array[],
  scalars: readonly number[][],
): Promise<Float32Array[]> {
  const flat = scalars.flat();
  const inputs = buffers.map((data) => ({ shape: [SIZE], data: Float32Array.from(data) }));
  const read = (which: number) =>
    runKernel<A>(
      (context) => {
        const { launches } = launch(context);
        const steps = scalars.flatMap((step, t) =>
          launches.map((one) => ({
            ...one,
            params: one.params.map((param) =>
              typeof param === 'object' && 'scalar' in param
                ? { scalar: param.scalar + t * step.length }
                : param,
            ),
          })),
        );
        const bindings = [{ input: which }, OUTPUT];
        const last = { program: copy, bindings, params: [SIZE], workgroups: SIZE / 64 };
        return { launches: [...steps, last] };
      },
      { inputs, output: { shape: [SIZE] }, attributes, scalars: flat },
    ) as Promise<Float32Array>;
  const results: Float32Array[] = [];
  for (let which = 0; which < buffers.length; which++) results.push(await read(which));
  return results;
}

const wave = (seed: number, scale = 1) =>
  Float64Array.from({ length: SIZE }, (_, i) => Math.fround(Math.sin(i * 12.9898 + seed) * scale));
const zeros = () => new Float64Array(SIZE);

/** Runs the kernel and the same formula in f64; `formula` updates one element's numbers. */
async function check<A extends Readonly<Record<string, unknown>>>(
  launch: (context: LaunchContext & { readonly attributes: A }) => Launches,
  attributes: A,
  states: number,
  scalars: (step: number) => number[],
  formula: (p: number, g: number, state: number[], step: number) => number,
) {
  const buffers = [wave(1), wave(2, 3), ...Array.from({ length: states }, zeros)];
  const steps = Array.from({ length: STEPS }, (_, t) => scalars(t + 1));
  const actual = await run(launch, attributes, buffers, steps);
  const wanted = buffers.map((buffer) => Float64Array.from(buffer));
  for (let i = 0; i < SIZE; i++) {
    for (let t = 1; t <= STEPS; t++) {
      const state = wanted.slice(2).map((buffer) => buffer[i] as number);
      wanted[0]![i] = formula(wanted[0]![i] as number, wanted[1]![i] as number, state, t);
      state.forEach((value, k) => {
        wanted[k + 2]![i] = value;
      });
    }
  }
  wanted.forEach((buffer, which) => {
    buffer.forEach((value, i) => {
      const got = actual[which]![i] as number;
      const error = Math.abs(got - value) / Math.max(0.1, Math.abs(value));
      assert.ok(error < 1e-5, `buffer ${which}[${i}]: ${got}, not ${value}`);
    });
  });
}

const momentum = 0.9;

for (const weightDecay of [0, 0.01]) {
  test(`sgd, weight decay ${weightDecay}`, () =>
    check(
      sgd,
      { momentum: false, nesterov: false },
      0,
      (t) => [0.1 / t, momentum, weightDecay, 0],
      (p, g, _, t) => p - (0.1 / t) * (g + weightDecay * p),
    ));

  for (const nesterov of [false, true]) {
    for (const dampening of nesterov ? [0] : [0, 0.3]) {
      test(`sgd, nesterov ${nesterov}, dampening ${dampening}, weight decay ${weightDecay}`, () =>
        check(
          sgd,
          { momentum: true, nesterov },
          1,
          () => [0.1, momentum, weightDecay, dampening],
          (p, g, state, _) => {
            const grad = g + weightDecay * p;
            const velocity = momentum * (state[0] as number) + (1 - dampening) * grad;
            state[0] = velocity;
            return p - 0.1 * (nesterov ? grad + momentum * velocity : velocity);
          },
        ));
    }
  }

  for (const decoupled of [0, 0.001]) {
    test(`adam, weight decay ${weightDecay}, decoupled ${decoupled}`, () =>
      check(
        adam,
        {},
        2,
        (t) => {
          const stepSize = 0.01 / (1 - 0.9 ** t);
          const bias2 = 1 / Math.sqrt(1 - 0.999 ** t);
          return [stepSize, 0.9, 0.999, 1e-7, bias2, weightDecay, decoupled];
        },
        (p, g, state, t) => {
          const grad = g + weightDecay * p;
          const m = 0.9 * (state[0] as number) + 0.1 * grad;
          const v = 0.999 * (state[1] as number) + 0.001 * grad * grad;
          state[0] = m;
          state[1] = v;
          const corrected = m / (1 - 0.9 ** t);
          const spread = Math.sqrt(v / (1 - 0.999 ** t)) + 1e-7;
          return p * (1 - decoupled) - (0.01 * corrected) / spread;
        },
      ));
  }

  for (const centered of [false, true]) {
    for (const withMomentum of [false, true]) {
      test(`rmsprop, centered ${centered}, momentum ${withMomentum}, decay ${weightDecay}`, () =>
        check(
          rmsprop,
          { momentum: withMomentum, centered },
          1 + Number(withMomentum) + Number(centered),
          () => [0.01, 0.95, 1e-6, momentum, weightDecay],
          (p, g, state) => {
            const grad = g + weightDecay * p;
            let square = 0.95 * (state[0] as number) + 0.05 * grad * grad;
            state[0] = square;
            if (centered) {
              const k = withMomentum ? 2 : 1;
              const mean = 0.95 * (state[k] as number) + 0.05 * grad;
              state[k] = mean;
              square -= mean * mean;
            }
            const scaled = grad / (Math.sqrt(square) + 1e-6);
            if (!withMomentum) return p - 0.01 * scaled;
            state[1] = momentum * (state[1] as number) + scaled;
            return p - 0.01 * state[1];
          },
        ));
    }
  }

  test(`adagrad, weight decay ${weightDecay}`, () =>
    check(
      adagrad,
      {},
      1,
      (t) => [0.1 / t, 1e-10, weightDecay],
      (p, g, state, t) => {
        const grad = g + weightDecay * p;
        const sum = (state[0] as number) + grad * grad;
        state[0] = sum;
        return p - ((0.1 / t) * grad) / (Math.sqrt(sum) + 1e-10);
      },
    ));
}

const rules = [
  ['sgd', sgd, { momentum: false, nesterov: false }, 0, [0.1, 0, 0.01, 0]],
  ['sgd with momentum', sgd, { momentum: true, nesterov: true }, 1, [0.1, 0.9, 0.01, 0]],
  ['adam', adam, {}, 2, [0.01, 0.9, 0.999, 1e-7, 2, 0.01, 0]],
  ['rmsprop', rmsprop, { momentum: true, centered: true }, 3, [0.01, 0.9, 1e-6, 0.5, 0.01]],
  ['adagrad', adagrad, {}, 1, [0.1, 1e-10, 0.01]],
] as const;

for (const [name, launch, attributes, states, scalars] of rules) {
  test(`${name} of clipped gradients is that of gradients clipped before`, async () => {
    const [scale, limit] = [0.25, 0.5];
    const gradients = wave(2, 3);
    gradients[7] = Number.NaN;
    const whole = [wave(1), gradients, ...Array.from({ length: states }, zeros)];
    const before = (change: (g: number) => number) =>
      whole.map((buffer, i) => (i === 1 ? buffer.map(change) : buffer));
    const scaled = (g: number) => g * scale;
    const limited = (g: number) => (Number.isNaN(g) ? g : Math.max(-limit, Math.min(limit, g)));
    const cases = [
      [{ clipNorm: true }, before(scaled)],
      [{ clipValue: true }, before(limited)],
      [{ clipNorm: true, clipValue: true }, before((g) => limited(scaled(g)))],
    ] as const;
    for (const [clipping, clipped] of cases) {
      const factor = 'clipNorm' in clipping ? [zeros().fill(scale)] : [];
      const steps = [1, 2].map(() => [...scalars, limit]);
      const rule = launch as (context: KernelContext) => Launches;
      const actual = await run(rule, { ...attributes, ...clipping }, [...whole, ...factor], steps);
      const expected = await run(rule, attributes, clipped, steps);
      for (const which of [0, ...Array.from({ length: states }, (_, i) => i + 2)]) {
        const [a, b] = [actual, expected].map((buffers) => [...(buffers[which] as Float32Array)]);
        assert.equal(a, b, `${Object.keys(clipping)}, buffer ${which}`);
      }
      assert.ok(Number.isNaN(actual[0]?.[7]), 'a NaN is not hidden');
    }
  });
}

// Each decays its states by 0.9 where the gradient is 0.
const decaying = [
  ['sgd', sgd, { momentum: true, nesterov: false }, 1, [0.1, 0.9, 0, 0]],
  ['adam', adam, {}, 2, [0.01, 0.9, 0.9, 1e-7, 2, 0, 0]],
  ['rmsprop', rmsprop, { momentum: true, centered: false }, 2, [0.01, 0.9, 1e-6, 0.9, 0]],
  ['centered rmsprop', rmsprop, { momentum: true, centered: true }, 3, [0.01, 0.9, 1e-6, 0.9, 0]],
  ['rmsprop of means', rmsprop, { momentum: false, centered: true }, 2, [0.01, 0.9, 1e-6, 0, 0]],
] as const;

for (const [name, launch, attributes, states, scalars] of decaying) {
  test(`what ${name} remembers of gradients long ago becomes 0, not subnormal`, async () => {
    const smallest = 2 ** -126;
    // Times 0.9: subnormal where i is even, still a normal number where it is odd.
    const fading = Float64Array.from({ length: SIZE }, (_, i) => smallest * (i % 2 ? 2 : 1));
    const buffers = [wave(1), zeros(), ...Array.from({ length: states }, () => fading)];
    const rule = launch as (context: KernelContext) => Launches;
    const [weights, , ...after] = await run(rule, attributes, buffers, [[...scalars]]);
    for (const state of after) {
      state.forEach((value, i) => {
        if (i % 2 === 0) assert.is(value, 0);
        else assert.ok(value > smallest, `${value}`);
      });
    }
    assert.equal(
      [...(weights as Float32Array)],
      [...Float32Array.from(buffers[0] as Float64Array)],
    );
  });
}

test.run();
