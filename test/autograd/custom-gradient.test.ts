import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  type CustomGradient,
  compile,
  customGradient,
  DTypeError,
  grad,
  gradcheck,
  type Save,
  ShapeError,
  type Tensor,
  tensor,
  Variable,
} from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const test = suite('autograd: customGradient');

const point = () => tensor([0.5, -1.2, 2]) as AnyTensor;

test('the value is that of the function, the gradient what it says', async () => {
  const rounded = customGradient((x: AnyTensor) => ({
    value: x.mul(3).floor(),
    gradFunc: (dy) => dy.mul(10),
  }));
  const x = point();
  const y = rounded(x.mul(2));
  assert.equal([...(await y.data())], [3, -8, 12]);
  const [slope] = grad(y.mul(tensor([1, 2, 3])).sum(), [x]);
  assert.equal([...(await slope.data())], [20, 40, 60]);
});

test('several inputs of different shapes have gradients of their own', async () => {
  const scaled = customGradient((x: AnyTensor, factor: AnyTensor, save: Save) => {
    save([x, factor]);
    return {
      value: x.mul(factor),
      gradFunc: (dy, [a, b]) => [
        dy.mul(b as AnyTensor),
        dy
          .mul(a as AnyTensor)
          .sum()
          .mul(-1),
      ],
    };
  });
  const [x, factor] = [point(), tensor(4) as AnyTensor];
  const [dx, dFactor] = grad(scaled(x, factor).sum(), [x, factor]);
  assert.equal([...(await dx.data())], [4, 4, 4]);
  assert.ok(Math.abs((await dFactor.item()) + 1.3) < 1e-6);
});

test('second gradients are those of what the gradient says', async () => {
  // log(1 + eˣ), whose gradient is written so that it does not overflow.
  const softplus = customGradient((x: AnyTensor) => ({
    value: x.exp().add(1).log(),
    gradFunc: (dy) => dy.mul(x.sigmoid()),
  }));
  await gradcheck(softplus, [point() as Tensor]);
  await gradcheck(
    (x: AnyTensor) => grad(softplus(x).sum(), [x])[0] as AnyTensor,
    [point() as Tensor],
  );
  const huge = tensor([200]) as AnyTensor;
  assert.is(await grad(softplus(huge).sum(), [huge])[0].item(), 1);
});

test('no gradient reaches what the function uses besides', async () => {
  const w = new Variable(tensor([2, 3, 4]));
  const times = customGradient((x: AnyTensor) => ({
    value: x.mul(w.value),
    gradFunc: (dy) => dy.mul(w.value),
  }));
  const x = point();
  const [dx, dw] = grad(times(x).sum(), [x, w]);
  assert.equal([...(await dx.data()), ...(await dw.data())], [2, 3, 4, 0, 0, 0]);
});

test('it works on values that are there, in compiled functions, and behind kernels', async () => {
  const clipped = customGradient((x: AnyTensor) => ({
    value: x,
    gradFunc: (dy) => dy.clip(-1, 1),
  }));
  const both = compile((x: AnyTensor) => {
    const y = clipped(x.matMul(x)).mul(7).sum();
    return [y, grad(y, [x])[0]] as AnyTensor[];
  });
  const x = tensor([
    [1, 2],
    [3, 4],
  ]) as AnyTensor;
  for (let call = 0; call < 2; call++) {
    const [y, slope] = await both(x);
    assert.is(await y?.item(), 7 * 54);
    assert.equal([...(await (slope as AnyTensor).data())], [7, 11, 9, 13]);
  }
  assert.equal([...(await clipped(x).data())], [1, 2, 3, 4]);
});

test('what is no function, value or gradient is refused', () => {
  const x = point();
  const applied = (work: unknown) => () =>
    customGradient(work as (x: AnyTensor) => CustomGradient<AnyTensor>)(x);
  refuses(applied(3), ArgumentError, /customGradient/);
  refuses(
    applied(() => undefined),
    ArgumentError,
    /value/,
  );
  refuses(
    applied(() => ({ value: x })),
    ArgumentError,
    /gradFunc/,
  );
  const differentiated = (gradient: unknown) => () => {
    const f = customGradient((v: AnyTensor) => ({
      value: v.mul(2),
      gradFunc: () => gradient as AnyTensor,
    }));
    return grad(f(x).sum(), [x]);
  };
  refuses(differentiated([x, x]), ArgumentError, /1 inputs/);
  refuses(differentiated(undefined), ArgumentError, /1 inputs/);
  refuses(differentiated(tensor([1, 2])), ShapeError, /\[3\]/);
  refuses(differentiated(tensor([1, 2, 3], { dtype: 'i32' })), DTypeError, /f32/);
});

test.run();
