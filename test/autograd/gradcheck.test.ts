import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  GradcheckError,
  gradcheck,
  stopGradient,
  type Tensor,
  tensor,
} from '../../src/index.ts';
import { apply, type Op } from '../../src/tensor/op.ts';
import { rejects } from '../tensor/refusal.ts';

const test = suite('autograd: gradcheck');

const point = () => tensor([0.5, -1.2, 2]) as Tensor;

test('right gradients pass', async () => {
  await gradcheck((x) => x.sin().mul(x).exp() as AnyTensor, [point()]);
  await gradcheck(
    (a, b) => a.matMul(b) as AnyTensor,
    [tensor([[1, 2]]) as Tensor, tensor([[0.5], [-1]]) as Tensor],
  );
  await gradcheck((x) => x.softmax().log().sum() as AnyTensor, [point()]);
});

/** x³, whose gradient rule may be told to be wrong. */
const cube = (factor: number): Op<[x: Tensor]> => ({
  name: 'cube',
  lowering: { kind: 'elementwise', wgsl: ([x]) => `${x} * ${x} * ${x}` },
  vjp: (g, { inputs: [x] }) => [g.mul(x.square()).mul(factor)],
});
const applied = (factor: number) => (x: Tensor) => apply(cube(factor), [x], x);

test('an op of one’s own', async () => {
  await gradcheck(applied(3), [point()]);
});

test('a wrong gradient is named', async () => {
  await rejects(
    () => gradcheck(applied(2), [point()]),
    GradcheckError,
    /^gradcheck: input 0, element 0: the gradient is 0\.5.* but finite differences give 0\.75/,
  );
});

test('a gradient that is missing, in the second input', async () => {
  await rejects(
    () => gradcheck((a, b) => a.mul(stopGradient(b)) as AnyTensor, [point(), point()]),
    GradcheckError,
    /input 1, element 0: the gradient is 0,/,
  );
});

test('the tolerance and the step can be chosen', async () => {
  const slightlyWrong = applied(3.1);
  await rejects(() => gradcheck(slightlyWrong, [point()]), GradcheckError, /element/);
  await gradcheck(slightlyWrong, [point()], { tolerance: 0.1, step: 0.05 });
});

test('an input the function does not use', async () => {
  await gradcheck((a) => a.mul(2) as AnyTensor, [point(), point()]);
  assert.ok(true);
});

test.run();
