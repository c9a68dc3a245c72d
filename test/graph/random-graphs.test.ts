import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, grad, realize, tensor } from '../../src/index.ts';
import { NdArray } from '../reference/array.ts';
import { scattered } from '../reference/check-gradient.ts';
import { numericalGradient } from '../reference/finite-difference.ts';
import { inLibrary, inReference, outputs, type RandomGraph, randomGraphs } from './random-graph.ts';

// Graphs nobody would think of, computed by the library and in f64. WGRAD_SEED and WGRAD_RUNS
// choose others and more of them; a failure prints the seed and the smallest graph found.
const settings = {
  seed: Number(process.env.WGRAD_SEED ?? 1),
  numRuns: Number(process.env.WGRAD_RUNS ?? 120),
  interruptAfterTimeLimit: 300_000,
};

const asTensor = ({ data, shape }: NdArray) => tensor(Float32Array.from(data), [...shape]);

const inputsOf = ({ inputs }: RandomGraph) => inputs.map(asTensor);

/** What the outputs are multiplied with before they are summed up to the loss. */
const weightsOf = (graph: RandomGraph) =>
  outputs(graph).map((i) => scattered(graph.values[i]!.shape, 100 + i));

function lossInLibrary(graph: RandomGraph, values: readonly AnyTensor[]): AnyTensor {
  const weights = weightsOf(graph);
  return outputs(graph)
    .map((i, k) => values[i]!.mul(asTensor(weights[k]!)).sum())
    .reduce((a, b) => a.add(b));
}

function lossInReference(graph: RandomGraph, inputs: readonly NdArray[]): number {
  const values = inReference(graph, inputs);
  const weights = weightsOf(graph);
  return outputs(graph).reduce(
    (sum, i, k) => sum + values[i]!.data.reduce((s, x, at) => s + x * weights[k]!.data[at]!, 0),
    0,
  );
}

function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  const scale = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  assert.is(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    assert.ok(Math.abs(a - e) <= tolerance * scale, `${what}: element ${i} is ${a}, not ${e}`);
  }
}

test('graphs have the values that f64 gives', async () => {
  await fc.assert(
    fc.asyncProperty(randomGraphs, async (graph) => {
      const values = inLibrary(graph, inputsOf(graph));
      const wanted = outputs(graph);
      await realize(...wanted.map((i) => values[i]!));
      for (const i of wanted) {
        assert.equal(values[i]!.shape, graph.values[i]!.shape);
        assertNear(await values[i]!.data(), graph.values[i]!.data, 1e-4, `v${i}`);
      }
    }),
    settings,
  );
});

test('gradients agree with finite differences in f64', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomGraphs.filter((graph) => outputs(graph).length > 0),
      async (graph) => {
        const inputs = inputsOf(graph);
        const values = inLibrary(graph, inputs);
        const gradients = grad(lossInLibrary(graph, values), inputs);
        await realize(...gradients, ...outputs(graph).map((i) => values[i]!));
        for (const [k, gradient] of gradients.entries()) {
          const at = (x: Float64Array) =>
            lossInReference(
              graph,
              graph.inputs.map((input, i) => (i === k ? new NdArray(input.shape, x) : input)),
            );
          const expected = numericalGradient(at, graph.inputs[k]!.data);
          assertNear(await gradient.data(), expected, 1e-3, `gradient of v${k}`);
        }
      },
    ),
    { ...settings, numRuns: Math.ceil(settings.numRuns / 2) },
  );
});

test('what is computed first, or together, changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomGraphs.filter((graph) => graph.steps.length > 2),
      fc.array(fc.nat(), { minLength: 2, maxLength: 3 }),
      async (graph, picks) => {
        const inputs = inputsOf(graph);
        const values = inLibrary(graph, inputs);
        const early = picks.map((pick) => pick % values.length);
        // The first is read, so that it becomes host data; the others stay on the device.
        await values[early[0]!]!.data();
        for (const i of early.slice(1)) await values[i]!.realize();
        const loss = lossInLibrary(graph, values);
        const [gradient] = grad(loss, [inputs[0]!]);
        await realize(loss, gradient);
        for (const i of early) {
          assertNear(await values[i]!.data(), graph.values[i]!.data, 1e-4, `v${i}`);
        }
        const expected = lossInReference(graph, graph.inputs);
        assertNear(await loss.data(), [expected], 5e-4, 'loss');
        const [first, ...rest] = graph.inputs;
        const slope = numericalGradient(
          (x) => lossInReference(graph, [new NdArray(first!.shape, x), ...rest]),
          first!.data,
        );
        assertNear(await gradient.data(), slope, 1e-3, 'gradient of v0');
      },
    ),
    { ...settings, numRuns: Math.ceil(settings.numRuns / 4) },
  );
});

test.run();
