import { type AnyTensor, grad, realize, type Tensor } from '../../src/index.ts';
import { NdArray } from '../reference/array.ts';
import { numericalGradient } from '../reference/finite-difference.ts';
import { spread } from '../tensor/arbitraries.ts';
import { assertClose } from '../tensor/closeness.ts';
import { download, upload } from '../tensor/transfer.ts';

/** A function written twice: with the library's ops, and in plain f64. */
export interface Subject {
  readonly f: (...inputs: Tensor[]) => AnyTensor;
  readonly reference: (...inputs: NdArray[]) => NdArray;
  /** Smooth points of both, of values that f32 holds. */
  readonly inputs: readonly NdArray[];
  readonly name?: string;
  /**
   * Allowed error, relative to the largest element of a gradient: the sums a gradient is made of
   * have terms of that size. Default 1e-4, some hundred roundings of f32.
   */
  readonly relative?: number;
}

/** Distance of the points of second differences, where rounding and curvature cost about the same. */
const STEP = 2e-4;

type Loss = (inputs: readonly Float64Array[]) => number;

/**
 * Holds the library's gradient of Σ f(x)·w with respect to every input against central finite
 * differences of the f64 reference, for scattered weights w.
 */
export async function assertGradients(subject: Subject): Promise<void> {
  const { f, inputs, name = 'gradient', relative = 1e-4 } = subject;
  const { loss, weights } = lossOf(subject);
  const tensors = inputs.map((x) => upload(x));
  const gradients = grad(f(...tensors), tensors, upload(weights));
  await realize(...gradients);
  for (const [k, x] of inputs.entries()) {
    const values = inputs.map(({ data }) => data);
    const expected = numericalGradient((at) => loss(values.with(k, at)), x.data);
    compare(await download(gradients[k]!), new NdArray(x.shape, expected), relative, [name, k]);
  }
}

/**
 * The same for second derivatives: the gradient of Σₖ vₖ·∂L/∂xₖ, with respect to every input and to
 * the weights, against mixed second differences and differences along v of the f64 reference.
 */
export async function assertSecondGradients(subject: Subject): Promise<void> {
  const { f, reference, inputs, name = 'second gradient', relative = 1e-3 } = subject;
  const { loss, weights } = lossOf(subject);
  const directions = inputs.map(({ shape }, k) => spread(shape, k + 50, [-1, 1]));
  const tensors = inputs.map((x) => upload(x));
  const seed = upload(weights);
  const first = grad(f(...tensors), tensors, seed);
  const along = first.map((g, k) => g.mul(upload(directions[k]!)).sum()).reduce((a, b) => a.add(b));
  const second = grad(along, [...tensors, seed]);
  await realize(...second);

  const moved = (step: number) =>
    inputs.map(({ data }, k) => data.map((x, at) => x + step * directions[k]!.data[at]!));
  const [ahead, behind] = [moved(STEP), moved(-STEP)];
  for (const [k, { shape, data }] of inputs.entries()) {
    const expected = NdArray.build(shape, (_, at) => {
      const nudged = (values: readonly Float64Array[], by: number) =>
        loss(values.with(k, values[k]!.with(at, values[k]![at]! + by)));
      const h = STEP * Math.max(1, Math.abs(data[at]!));
      const rise = nudged(ahead, h) - nudged(ahead, -h) - nudged(behind, h) + nudged(behind, -h);
      return rise / (4 * STEP * h);
    });
    compare(await download(second[k]!), expected, relative, [name, k]);
  }
  const output = (values: readonly Float64Array[]) =>
    reference(...values.map((data, k) => new NdArray(inputs[k]!.shape, data)));
  const forward = output(ahead).zip(output(behind), (a, b) => (a - b) / (2 * STEP));
  compare(await download(second[inputs.length]!), forward, relative, [name, 'weights']);
}

function lossOf({ reference, inputs }: Subject): { loss: Loss; weights: NdArray } {
  const run = (values: readonly Float64Array[]) =>
    reference(...values.map((data, k) => new NdArray(inputs[k]!.shape, data)));
  const weights = spread(run(inputs.map(({ data }) => data)).shape, 99, [-1, 1]);
  const loss: Loss = (values) =>
    run(values).data.reduce((sum, y, at) => sum + y * weights.data[at]!, 0);
  return { loss, weights };
}

function compare(
  actual: NdArray,
  expected: NdArray,
  relative: number,
  [name, which]: readonly [string, number | string],
): void {
  const largest = expected.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  assertClose(actual, expected, { relative, scale: largest + 0.1 }, `${name}, input ${which}`);
}
