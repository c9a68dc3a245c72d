import { suite } from 'uvu';
import {
  type AnyTensor,
  batchNorm,
  batchNormInference,
  DTypeError,
  ShapeError,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray, type Shape } from '../../reference/array.ts';
import {
  batchNormInference as inferenceOf,
  batchNormTraining as trainingOf,
} from '../../reference/normalization.ts';
import { choices, extents, shapes, spread } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: batchNorm');

const EPSILON = 1e-3;

const train = batchNorm as unknown as (...args: [AnyTensor, AnyTensor, AnyTensor, number?]) => {
  output: AnyTensor;
  mean: AnyTensor;
  variance: AnyTensor;
};
const infer = batchNormInference as unknown as (
  x: AnyTensor,
  statistics: { mean: AnyTensor; variance: AnyTensor },
  gamma: AnyTensor,
  beta: AnyTensor,
  epsilon?: number,
) => AnyTensor;

const vectors = (channels: number) => ({
  gamma: spread([channels], 2, [0.5, 2]),
  beta: spread([channels], 3, [-1, 1]),
  mean: spread([channels], 4, [-1, 1]),
  variance: spread([channels], 5, [0.5, 2]),
});

test('training: any shape', async () => {
  await holds(
    [shapes({ min: 1, max: 3 }), extents, choices],
    async (leading, channels, pick) => {
      const { base, view, reference, name } = arrange([...leading, channels], pick);
      const x = spread(base, 1, [-3, 5]);
      const { gamma, beta } = vectors(channels);
      const actual = train(view(upload(x)), upload(gamma), upload(beta), EPSILON);
      const expected = trainingOf(reference(x), gamma, beta, EPSILON);
      // Where all elements of a channel are equal, roundings are divided by √epsilon.
      const closeness = { relative: 2e-5, scale: 5 };
      for (const part of ['output', 'mean', 'variance'] as const) {
        assertClose(await download(actual[part]), expected[part], closeness, `${part}, ${name}`);
      }
    },
    12,
  );
});

test('training: elements far from 0', async () => {
  const x = spread([64, 3], 1, [999, 1001]);
  const { gamma, beta } = vectors(3);
  const actual = train(upload(x), upload(gamma), upload(beta), EPSILON);
  const expected = trainingOf(x, gamma, beta, EPSILON);
  assertClose(await download(actual.variance), expected.variance, { relative: 1e-3 }, 'variance');
  assertClose(
    await download(actual.output),
    expected.output,
    { relative: 1e-3, scale: 1 },
    'output',
  );
});

test('inference: any shape', async () => {
  await holds(
    [shapes({ min: 1, max: 3 }), extents, choices],
    async (leading, channels, pick) => {
      const { base, view, reference, name } = arrange([...leading, channels], pick);
      const x = spread(base, 1, [-3, 5]);
      const { gamma, beta, mean, variance } = vectors(channels);
      const actual = infer(
        view(upload(x)),
        { mean: upload(mean), variance: upload(variance) },
        upload(gamma),
        upload(beta),
        EPSILON,
      );
      const expected = inferenceOf(reference(x), mean, variance, gamma, beta, EPSILON);
      assertClose(await download(actual), expected, { relative: 5e-6, scale: 10 }, name);
    },
    8,
  );
});

const shapesWithGradients: Shape[] = [
  [7, 3],
  [2, 3, 2, 4],
];

test('training: gradients', async () => {
  for (const shape of shapesWithGradients) {
    const { gamma, beta } = vectors(shape.at(-1)!);
    const subject = {
      name: `training [${shape}]`,
      f: (x: AnyTensor, g: AnyTensor, b: AnyTensor) => train(x, g, b, EPSILON).output,
      reference: (x: NdArray, g: NdArray, b: NdArray) => trainingOf(x, g, b, EPSILON).output,
      inputs: [spread(shape, 1, [-2, 2]), gamma, beta],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test('inference: gradients, also by the statistics', async () => {
  for (const shape of shapesWithGradients) {
    const { gamma, beta, mean, variance } = vectors(shape.at(-1)!);
    const subject = {
      name: `inference [${shape}]`,
      f: (x: AnyTensor, m: AnyTensor, v: AnyTensor, g: AnyTensor, b: AnyTensor) =>
        infer(x, { mean: m, variance: v }, g, b, EPSILON),
      reference: (x: NdArray, m: NdArray, v: NdArray, g: NdArray, b: NdArray) =>
        inferenceOf(x, m, v, g, b, EPSILON),
      inputs: [spread(shape, 1, [-2, 2]), mean, variance, gamma, beta],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test('a step through the batch statistics has their gradients', async () => {
  const { gamma, beta } = vectors(3);
  await assertGradients({
    name: 'statistics',
    f: (x: AnyTensor) => {
      const { mean, variance } = train(x, upload(gamma), upload(beta), EPSILON);
      return mean.mul(variance);
    },
    reference: (x: NdArray) => {
      const { mean, variance } = trainingOf(x, gamma, beta, EPSILON);
      return mean.zip(variance, (m, v) => m * v);
    },
    inputs: [spread([6, 3], 1, [-2, 2])],
  });
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  const [three, four] = [upload(new NdArray([3])), upload(new NdArray([4]))];
  const throws = (f: () => unknown, message: RegExp) => refuses(f, ShapeError, message);
  throws(() => train(x, four, three), /^batchNorm: \[4,3\] has 3 channels.*got \[4\]/);
  throws(() => train(x, three, four), /got \[4\]/);
  throws(() => train(three, three, three), /^batchNorm/);
  throws(() => infer(x, { mean: four, variance: three }, three, three), /got \[4\]/);
  throws(() => train(upload(new NdArray([0, 3])), three, three), /^batchNorm.*no elements/);
  const whole = (t: AnyTensor) => t.cast('i32');
  refuses(() => train(whole(x), three, three), DTypeError, /^batchNorm takes f32/);
  refuses(() => train(x, whole(three), three), DTypeError, /^batchNorm takes f32/);
});

test.run();
