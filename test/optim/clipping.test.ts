import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  device,
  full,
  optim,
  tensor,
  Variable,
} from '../../src/index.ts';
import * as reference from '../reference/optimizers.ts';
import { assertAgreement, gradientsOf, lossOf, parameters } from './quadratic.ts';

const test = suite('gradient clipping');

/** In f64: the norm of all first, then the values. */
function clipped(
  gradients: readonly Float64Array[],
  { clipNorm, clipValue = Infinity }: { clipNorm?: number; clipValue?: number },
): Float64Array[] {
  const norm = Math.sqrt(gradients.reduce((sum, g) => g.reduce((s, x) => s + x * x, sum), 0));
  const scale = clipNorm === undefined ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
  return gradients.map((g) => g.map((x) => Math.max(-clipValue, Math.min(clipValue, x * scale))));
}

const cases = {
  'by norm': { clipNorm: 5 },
  'by a norm that is never reached': { clipNorm: 1e6 },
  'by value': { clipValue: 0.7 },
  'by norm, then by value': { clipNorm: 8, clipValue: 0.5 },
};

for (const [name, options] of Object.entries(cases)) {
  for (const grouped of [false, true]) {
    test(`${name}, of ${grouped ? 'groups' : 'variables'} agrees with f64`, async () => {
      const { variables, values } = parameters();
      const given = grouped
        ? [{ variables: variables.slice(0, 2) }, { variables: variables.slice(2) }]
        : variables;
      const rule = { lr: 0.05, momentum: 0.8, weightDecay: 0.1 };
      const optimizer = optim.sgd(given, { ...rule, ...options });
      const expected = reference.sgd(rule);
      // Whatever a plan leaves in memory is found there by the next, also between gradients.
      for (const size of [64, 128, 256, 1024])
        await full([size * 4], Number.NaN)
          .add(1)
          .data();
      for (let step = 0; step < 12; step++) {
        await optimizer.step(lossOf(variables, step));
        expected.step(values, clipped(gradientsOf(values, step), options));
      }
      await assertAgreement(variables, values);
    });
  }
}

test('adds two dispatches for the norm of one flat buffer, and none for values', async () => {
  const dispatches = async (options: optim.ClippingOptions) => {
    const { variables } = parameters();
    const optimizer = optim.adam(variables, options);
    for (let step = 0; step < 2; step++) await optimizer.step(lossOf(variables, step));
    const { counters } = await device();
    const before = counters.dispatches;
    await optimizer.step(lossOf(variables, 2));
    return counters.dispatches - before;
  };
  const none = await dispatches({});
  assert.is(await dispatches({ clipValue: 1 }), none);
  assert.is(await dispatches({ clipNorm: 1 }), none + 2);
  assert.is(await dispatches({ clipNorm: 1, clipValue: 1 }), none + 2);
});

test('keeps a NaN where it is by value, and shows it everywhere by norm', async () => {
  const weights = async (options: optim.ClippingOptions) => {
    const v = new Variable(tensor([1, 2, 3])) as unknown as AnyVariable;
    const optimizer = optim.sgd([v], { lr: 1, ...options });
    await optimizer.apply([tensor([5, Number.NaN, -0.25]) as AnyTensor]);
    return [...(await v.data())];
  };
  assert.equal(await weights({ clipValue: 0.5 }), [0.5, Number.NaN, 3.25]);
  assert.equal(await weights({ clipNorm: 1 }), [Number.NaN, Number.NaN, Number.NaN]);
});

test.run();
