import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  dot,
  einsum,
  explain,
  kron,
  outer,
  ShapeError,
  type Tensor,
  tensor,
  tensordot,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { einsum as reference } from '../../../reference/rearranging.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: products');

/** Sizes of labels: primes, 1, and others. */
const sizes: Readonly<Record<string, number>> = { a: 1, b: 2, h: 3, i: 5, j: 4, k: 7, l: 3, m: 2 };

function operandsOf(equation: string): NdArray[] {
  const terms = equation.split('->')[0]!.split(',');
  return terms.map((term, k) =>
    spread(
      [...term].map((label) => sizes[label]!),
      k + 1,
      [-2, 2],
    ),
  );
}

const equations = [
  'ij,jk->ik',
  'ij,kj->ki',
  'bij,bjk->bik',
  'bhik,bhjk->bhij',
  'bi,bi->b',
  'i,i->',
  'i,j->ij',
  'ij,j->ij',
  'ij->ji',
  'ij->',
  'ij->j',
  'ii->i',
  'ii->',
  'iij,jk->ik',
  'bii,bij->bj',
  'ij,kl->il',
  'ij,jk,kl->il',
  'bi,ij,bj->b',
  'ij,jk,kl,lm->im',
  'aij,aj->i',
  'ijk,jil->kl',
  'ij,ij,ij->i',
];

test('einsum: values, by the definition', async () => {
  for (const equation of equations) {
    const arrays = operandsOf(equation);
    const actual = await download(
      einsum(
        equation,
        arrays.map((x) => upload(x)),
      ),
    );
    assertClose(actual, reference(equation, arrays), { relative: 1e-5, scale: 20 }, equation);
  }
});

test('einsum: gradients', async () => {
  for (const equation of [
    'ij,jk->ik',
    'bi,bi->b',
    'ii->i',
    'bii,bij->bj',
    'bi,ij,bj->b',
    'i,j->ij',
  ]) {
    const subject = {
      name: equation,
      f: (...inputs: Tensor[]) => einsum(equation, inputs),
      reference: (...inputs: NdArray[]) => reference(equation, inputs),
      inputs: operandsOf(equation),
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test('einsum: the result that is not given, spaces, and axes without labels', async () => {
  const [a, b] = [spread([2, 3], 1, [-2, 2]), spread([3, 4], 2, [-2, 2])];
  const same = async (equation: string, spelt: string, arrays: NdArray[]) => {
    const actual = await download(
      einsum(
        equation,
        arrays.map((x) => upload(x)),
      ),
    );
    assertClose(actual, reference(spelt, arrays), { relative: 1e-5, scale: 10 }, equation);
  };
  await same('ij, jk', 'ij,jk->ik', [a, b]);
  await same('ba', 'ba->ab', [a]);
  await same('ij,ij', 'ij,ij->', [a, a]);
  const [x, y] = [spread([2, 3, 4, 5], 1, [-2, 2]), spread([2, 3, 5, 2], 2, [-2, 2])];
  await same('...ij,...jk->...ik', 'bhij,bhjk->bhik', [x, y]);
  await same('...ij,...jk', 'bhij,bhjk->bhik', [x, y]);
  await same('i...->...', 'ibc->bc', [spread([3, 2, 4], 3, [-2, 2])]);
  const one = spread([1, 5, 2], 4, [-2, 2]);
  const spreadOut = await download(einsum('...ij,...jk->...ik', [upload(x), upload(one)]));
  const wide = one.reshape([1, 1, 5, 2]).expand([2, 3, 5, 2]);
  assertClose(spreadOut, reference('bhij,bhjk->bhik', [x, wide]), { relative: 1e-5, scale: 10 });
  const both = await download(einsum('...i,...i->...', [upload(one), upload(one)]));
  assert.equal(both.shape, [1, 5]);
});

test('einsum: what is contracted is a product of matrices, and no outer product is made', async () => {
  const [a, b] = operandsOf('bhik,bhjk->bhij').map((x) => upload(x));
  const plan = String(await explain(einsum('bhik,bhjk->bhij', [a!, b!])));
  assert.match(plan, /matMul|matmul/);
});

test('outer, dot and tensordot', async () => {
  assert.equal(await outer(tensor([1, 2]), tensor([3, 4, 5])).array(), [
    [3, 4, 5],
    [6, 8, 10],
  ]);
  const whole = outer(tensor(Int32Array.of(1, 2), [2]), tensor(Int32Array.of(3), [1]));
  assert.is(whole.dtype, 'i32');
  const [m, v] = [
    tensor([
      [1, 2],
      [3, 4],
    ]) as Tensor,
    tensor([5, 6]) as Tensor,
  ];
  assert.is(await dot(v, v).item(), 61);
  assert.equal(await dot(m, v).array(), [17, 39]);
  assert.equal(await dot(v, m).array(), [23, 34]);
  assert.equal(await dot(m, m).array(), [
    [7, 10],
    [15, 22],
  ]);
  const arrays = [spread([3, 4, 5], 1, [-2, 2]), spread([4, 3, 2], 2, [-2, 2])];
  const [a, b] = arrays.map((x) => upload(x));
  const named = tensordot(a!, b!, [
    [0, 1],
    [1, 0],
  ]);
  assertClose(await download(named), reference('ijk,jil->kl', arrays), {
    relative: 1e-5,
    scale: 10,
  });
  const last = tensordot(a!.transpose([2, 0, 1]), b!.transpose([1, 0, 2]));
  assertClose(await download(last), reference('ijk,jil->kl', arrays), {
    relative: 1e-5,
    scale: 10,
  });
  assert.equal(tensordot(a!, b!, 0).shape, [3, 4, 5, 4, 3, 2]);
});

test('kron', async () => {
  const a = NdArray.from([
    [1, 2],
    [3, 4],
  ]);
  assert.equal(await kron(upload(a), tensor([0, 1]) as Tensor).array(), [
    [0, 1, 0, 2],
    [0, 3, 0, 4],
  ]);
  const expected = (x: NdArray, y: NdArray) =>
    NdArray.build([3 * 2, 5 * 1, 4], ([i, j, k]) => {
      const own = y.at(i! % 2, 0, k! % 4);
      return x.at(Math.floor(i! / 2), j!, Math.floor(k! / 4)) * own;
    });
  const subject = {
    f: (x: Tensor, y: Tensor) => kron(x, y),
    reference: expected,
    inputs: [spread([3, 5, 1], 1, [-2, 2]), spread([2, 1, 4], 2, [-2, 2])],
  };
  const [x, y] = subject.inputs as [NdArray, NdArray];
  assertClose(await download(kron(upload(x), upload(y))), expected(x, y));
  await assertGradients(subject);
  await assertSecondGradients(subject);
  const whole = kron(tensor(Int32Array.of(1, 2), [2]), tensor(Int32Array.of(3), []));
  assert.is(whole.dtype, 'i32');
  assert.equal(await whole.array(), [3, 6]);
  assert.equal(kron(upload(new NdArray([0, 2])), upload(a)).shape, [0, 4]);
  refuses(() => kron(upload(a), whole as never), DTypeError, /i32/);
});

test('what does not fit', () => {
  const [x, y] = [upload(new NdArray([2, 3])), upload(new NdArray([4, 5]))] as [Tensor, Tensor];
  refuses(() => einsum('ij,jk->ik', [x, y]), ShapeError, /label j has sizes 3 and 4/);
  refuses(() => einsum('ij->ik', [x]), ArgumentError, /label k of the result/);
  refuses(() => einsum('ij->ii', [x]), ArgumentError, /label i of the result/);
  refuses(() => einsum('ij,jk', [x]), ShapeError, /is of 2 operands, got 1/);
  refuses(() => einsum('ijk', [x]), ShapeError, /ijk is of 3 axes, the operand \[2,3\] has 2/);
  refuses(() => einsum('i', [x]), ShapeError, /i is of 1 axes/);
  refuses(() => einsum('i1->i', [x]), ArgumentError, /^einsum: 'i1->i' must be labels/);
  refuses(() => einsum('i->j->k', [x]), ArgumentError, /must be labels/);
  refuses(
    () => einsum('ij->i', [x.cast('i32') as AnyTensor as Tensor]),
    DTypeError,
    /^einsum takes f32/,
  );
  refuses(
    () => einsum('...i,...i', [x, upload(new NdArray([4, 3]))]),
    ShapeError,
    /an axis of ... has/,
  );
  refuses(
    () => dot(x.reshape([1, 2, 3]) as Tensor, x),
    ShapeError,
    /^dot: takes vectors and matrices/,
  );
  refuses(() => dot(x, y), ShapeError, /^dot: axes/);
  refuses(() => outer(x, x), ShapeError, /^outer: takes vectors/);
  refuses(() => tensordot(x, y, 3), ArgumentError, /^tensordot: axes 3/);
  for (const axes of [[0, 0], [[0]], null]) {
    refuses(() => tensordot(x, y, axes as never), ArgumentError, /^tensordot: axes .* or a list/);
  }
  refuses(() => tensordot(x, y, [[0], [0, 1]]), ShapeError, /^tensordot: axes \[0\]/);
});

test.run();
