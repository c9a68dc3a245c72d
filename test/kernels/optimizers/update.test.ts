import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Launch, LaunchContext } from '../../../src/kernels/launch.ts';
import type { Clipping, Formula } from '../../../src/kernels/optimizers/formula.ts';
import { update } from '../../../src/kernels/optimizers/update.ts';
import { runKernel } from '../harness.ts';
import { readInput } from '../read-input.ts';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  amsgrad,
  lion,
  nadam,
  rmsprop,
  sgd,
  sgdWithMomentum,
} from './formulas.ts';

const test = suite('kernels: optimizers');

const SIZE = 64 * 5;
const STEPS = 4;

type Scalars = Readonly<Record<string, number>>;

/** Runs several steps on the same buffers and gives what they hold afterwards. */
async function run(
  formula: Formula,
  clipping: Clipping,
  buffers: readonly Float64Array[],
  steps: readonly Scalars[],
): Promise<Float32Array[]> {
  const inputs = buffers.map((data) => ({ shape: [SIZE], data: Float32Array.from(data) }));
  // The scalars of step t get names of their own: all steps are one call.
  const nameAt = (name: string, t: number) => `${name} of step ${t}`;
  const scalars = Object.fromEntries(
    steps.flatMap((step, t) =>
      Object.entries({ clipValue: 0, ...step }).map(([name, value]) => [nameAt(name, t), value]),
    ),
  );
  const inStep = (one: Launch, t: number): Launch => ({
    ...one,
    params: one.params.map((param) =>
      typeof param === 'number' || 'epilogue' in param
        ? param
        : { ...param, scalar: nameAt(param.scalar, t) },
    ),
  });
  const read = (which: number) =>
    runKernel<Clipping>(
      (context: LaunchContext & { readonly attributes: Clipping }) => {
        const { launches } = update(formula, context);
        return {
          launches: [
            ...steps.flatMap((_, t) => launches.map((one) => inStep(one, t))),
            readInput(which, SIZE),
          ],
        };
      },
      { inputs, output: { shape: [SIZE] }, attributes: clipping, scalars },
    ) as Promise<Float32Array>;
  const results: Float32Array[] = [];
  for (let which = 0; which < buffers.length; which++) results.push(await read(which));
  return results;
}

const wave = (seed: number, scale = 1) =>
  Float64Array.from({ length: SIZE }, (_, i) => Math.fround(Math.sin(i * 12.9898 + seed) * scale));
const zeros = () => new Float64Array(SIZE);

/** Runs the kernel and the same formula in f64; `formula` updates one element's numbers. */
async function check(
  kernel: Formula,
  scalars: (step: number) => Scalars,
  formula: (p: number, g: number, state: number[], step: number) => number,
) {
  const buffers = [wave(1), wave(2, 3), ...kernel.moments.map(zeros)];
  const steps = Array.from({ length: STEPS }, (_, t) => scalars(t + 1));
  const actual = await run(kernel, {}, buffers, steps);
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
      (t) => ({ lr: 0.1 / t, weightDecay }),
      (p, g, _, t) => p - (0.1 / t) * (g + weightDecay * p),
    ));

  for (const nesterov of [false, true]) {
    for (const dampening of nesterov ? [0] : [0, 0.3]) {
      test(`sgd, nesterov ${nesterov}, dampening ${dampening}, weight decay ${weightDecay}`, () =>
        check(
          sgdWithMomentum({ nesterov }),
          () => ({ lr: 0.1, momentum, weightDecay, dampening }),
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
        (t) => ({
          stepSize: 0.01 / (1 - 0.9 ** t),
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-7,
          inverseSqrtBias2: 1 / Math.sqrt(1 - 0.999 ** t),
          weightDecay,
          decoupledDecay: decoupled,
        }),
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
          rmsprop({ momentum: withMomentum, centered }),
          () => ({ lr: 0.01, alpha: 0.95, epsilon: 1e-6, momentum, weightDecay }),
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
      (t) => ({ lr: 0.1 / t, epsilon: 1e-10, weightDecay }),
      (p, g, state, t) => {
        const grad = g + weightDecay * p;
        const sum = (state[0] as number) + grad * grad;
        state[0] = sum;
        return p - ((0.1 / t) * grad) / (Math.sqrt(sum) + 1e-10);
      },
    ));
}

const adamScalars = {
  stepSize: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  inverseSqrtBias2: 2,
  weightDecay: 0.01,
  decoupledDecay: 0,
};
const rmspropScalars = { lr: 0.01, alpha: 0.9, epsilon: 1e-6, momentum: 0.5, weightDecay: 0.01 };
const momentumScalars = { lr: 0.1, momentum: 0.9, weightDecay: 0.01, dampening: 0 };

const adadeltaScalars = { lr: 1, rho: 0.9, epsilon: 1e-6, weightDecay: 0.01 };
const adamaxScalars = {
  ...{ stepSize: 0.01, beta1: 0.9, beta2: 0.999 },
  ...{ epsilon: 1e-7, weightDecay: 0.01 },
};
const nadamScalars = {
  ...{ gradientStep: 0.01, meanStep: 0.02, inverseSqrtBias2: 2, beta1: 0.9, beta2: 0.999 },
  ...{ epsilon: 1e-7, weightDecay: 0.01, decoupledDecay: 0.001 },
};
const lionScalars = { lr: 0.01, beta1: 0.8, beta2: 0.9, decoupledDecay: 0.001 };

const formulas: readonly [string, Formula, Scalars][] = [
  ['sgd', sgd, { lr: 0.1, weightDecay: 0.01 }],
  ['sgd with momentum', sgdWithMomentum({ nesterov: true }), momentumScalars],
  ['adam', adam, adamScalars],
  ['adam with amsgrad', amsgrad, adamScalars],
  ['rmsprop', rmsprop({ momentum: true, centered: true }), rmspropScalars],
  ['adagrad', adagrad, { lr: 0.1, epsilon: 1e-10, weightDecay: 0.01 }],
  ['adadelta', adadelta, adadeltaScalars],
  ['adamax', adamax, adamaxScalars],
  ['nadam', nadam, nadamScalars],
  ['lion', lion, lionScalars],
];

for (const [name, formula, scalars] of formulas) {
  test(`${name} of clipped gradients is that of gradients clipped before`, async () => {
    const [scale, limit] = [0.25, 0.5];
    const gradients = wave(2, 3);
    gradients[7] = Number.NaN;
    const whole = [wave(1), gradients, ...formula.moments.map(zeros)];
    const before = (change: (g: number) => number) =>
      whole.map((buffer, i) => (i === 1 ? buffer.map(change) : buffer));
    const scaled = (g: number) => g * scale;
    const limited = (g: number) => (Number.isNaN(g) ? g : Math.max(-limit, Math.min(limit, g)));
    const cases = [
      [{ scales: true }, before(scaled)],
      [{ clipValue: true }, before(limited)],
      [{ scales: true, clipValue: true }, before((g) => limited(scaled(g)))],
    ] as const;
    for (const [clipping, clipped] of cases) {
      const factor = 'scales' in clipping ? [zeros().fill(scale)] : [];
      const steps = [1, 2].map(() => ({ ...scalars, clipValue: limit }));
      const actual = await run(formula, clipping, [...whole, ...factor], steps);
      const expected = await run(formula, {}, clipped, steps);
      for (const which of [0, ...formula.moments.map((_, i) => i + 2)]) {
        const [a, b] = [actual, expected].map((buffers) => [...(buffers[which] as Float32Array)]);
        assert.equal(a, b, `${Object.keys(clipping)}, buffer ${which}`);
      }
      assert.ok(Number.isNaN(actual[0]?.[7]), 'a NaN is not hidden');
    }
  });
}

// Each decays its states by 0.9 where the gradient is 0.
const decaying: readonly [string, Formula, Scalars][] = [
  ['sgd', sgdWithMomentum({ nesterov: false }), { ...momentumScalars, weightDecay: 0 }],
  ['adam', adam, { ...adamScalars, beta2: 0.9, weightDecay: 0 }],
  ['adadelta', adadelta, { ...adadeltaScalars, weightDecay: 0 }],
  ['adamax', adamax, { ...adamaxScalars, weightDecay: 0 }],
  ['nadam', nadam, { ...nadamScalars, beta2: 0.9, weightDecay: 0, decoupledDecay: 0 }],
  ['lion', lion, { ...lionScalars, lr: 0, decoupledDecay: 0 }],
  ...([false, true] as const).map((centered): [string, Formula, Scalars] => [
    centered ? 'centered rmsprop' : 'rmsprop',
    rmsprop({ momentum: true, centered }),
    { ...rmspropScalars, momentum: 0.9, weightDecay: 0 },
  ]),
  [
    'rmsprop of means',
    rmsprop({ momentum: false, centered: true }),
    { ...rmspropScalars, momentum: 0, weightDecay: 0 },
  ],
];

for (const [name, formula, scalars] of decaying) {
  test(`what ${name} remembers of gradients long ago becomes 0, not subnormal`, async () => {
    const smallest = 2 ** -126;
    // Times 0.9: subnormal where i is even, still a normal number where it is odd.
    const fading = Float64Array.from({ length: SIZE }, (_, i) => smallest * (i % 2 ? 2 : 1));
    // The largest gradient is never less than epsilon.
    const fades = formula.moments.map(({ name }) => name !== 'largest');
    const states = fades.map((does) => (does ? fading : zeros().fill(1)));
    const buffers = [wave(1), zeros(), ...states];
    const [weights, , ...after] = await run(formula, {}, buffers, [scalars]);
    for (const state of after.filter((_, k) => fades[k])) {
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
