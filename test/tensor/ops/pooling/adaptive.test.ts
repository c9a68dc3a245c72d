import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  DTypeError,
  grad,
  ShapeError,
  zeros,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { adaptive, largest, mean } from '../../../reference/windows.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: adaptive pooling');

type Pool = (x: AnyTensor, size: never) => AnyTensor;
const pools: readonly { readonly max: Pool; readonly avg: Pool }[] = [
  { max: adaptiveMaxPool1d, avg: adaptiveAvgPool1d },
  { max: adaptiveMaxPool2d, avg: adaptiveAvgPool2d },
  { max: adaptiveMaxPool3d, avg: adaptiveAvgPool3d },
];

const sizes = (axes: number, max: number) =>
  fc.array(fc.integer({ min: 1, max }), { minLength: axes, maxLength: axes });

for (const [i, { max, avg }] of pools.entries()) {
  const axes = i + 1;
  const option = (wanted: readonly number[]) => (axes === 1 ? wanted[0] : wanted) as never;

  test(`along ${axes} axes: any sizes, more windows than elements among them`, () =>
    holds(
      [sizes(axes, 14 - 3 * axes), sizes(axes, 9), fc.constantFrom(1, 3, 4)],
      async (there, wanted, channels) => {
        const x = spread([2, ...there, channels], 1, [-4, 2]);
        const what = `${there} to ${wanted}`;
        const maxima = await download(max(upload(x), option(wanted)));
        assertSame(maxima, adaptive(x, wanted, largest), what);
        const means = await download(avg(upload(x), option(wanted)));
        assertClose(means, adaptive(x, wanted, mean), { relative: 1e-6, scale: 4 }, what);
      },
      12,
    ));

  test(`along ${axes} axes: gradients, twice`, async () => {
    const there = [7, 4, 3].slice(0, axes);
    const wanted = [3, 2, 4].slice(0, axes);
    for (const [op, reduce] of [
      [max, largest],
      [avg, mean],
    ] as const) {
      const subject = {
        f: (x: AnyTensor) => op(x.mul(x), option(wanted)),
        reference: (x: NdArray) =>
          adaptive(
            x.map((v) => v * v),
            wanted,
            reduce,
          ),
        inputs: [spread([2, ...there, 2], 1, [-2, 2])],
      };
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  });
}

test('of equal elements, and of NaN, the first of a window gets the gradient', async () => {
  const x = upload(new NdArray([1, 2, 3, 1], [1, NaN, NaN, 5, 5, 5]));
  const [gradient] = grad(adaptiveMaxPool2d(x, [2, 2]), [x], upload(NdArray.full([1, 2, 2, 1], 1)));
  assert.equal([...(await gradient.data())], [0, 2, 0, 1, 1, 0]);
});

test('shorter windows keep their infinities', async () => {
  const x = upload(new NdArray([1, 5, 1], [Infinity, 1, 2, 3, -Infinity]));
  const expected = [Infinity, 2, -Infinity];
  assert.equal([...(await adaptiveAvgPool1d(x, 3).data())], expected);
});

test('one size for all axes, nothing to pool, and what does not fit', () => {
  assert.equal(adaptiveAvgPool2d(zeros([2, 5, 4, 3]), 1).shape, [2, 1, 1, 3]);
  assert.equal(adaptiveMaxPool3d(zeros([0, 5, 4, 3, 2]), 2).shape, [0, 2, 2, 2, 2]);
  const x = zeros([1, 4, 4, 2]);
  refuses(() => adaptiveAvgPool2d(x, 0), ShapeError, /^adaptiveAvgPool2d size: 0 must be/);
  refuses(() => adaptiveMaxPool2d(x, [2, 0.5]), ShapeError, /^adaptiveMaxPool2d size/);
  refuses(() => adaptiveMaxPool1d(x, 2), ShapeError, /^adaptiveMaxPool1d: needs sequences/);
  refuses(() => adaptiveAvgPool2d(zeros([1, 0, 4, 2]), 2), ShapeError, /nothing to pool/);
  refuses(() => adaptiveAvgPool2d(x.cast('i32'), 2), DTypeError, /^adaptiveAvgPool2d takes/);
});

test.run();
