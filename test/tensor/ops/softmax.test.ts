import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, DTypeError, ShapeError } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { logSoftmax as logSoftmaxOf, softmax as softmaxOf } from '../../reference/softmax.ts';
import { choices, shapes, spread } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: softmax');

const references = { softmax: softmaxOf, logSoftmax: logSoftmaxOf };

for (const name of ['softmax', 'logSoftmax'] as const) {
  test(`${name} along any axis`, async () => {
    await holds(
      [shapes({ min: 1 }), choices, fc.boolean()],
      async (shape, pick, fromEnd) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference, name: how } = arrange(shape, pick);
        const x = spread(base, pick[5]!, [-20, 20]);
        const actual = view(upload(x))[name](fromEnd ? axis - shape.length : axis);
        const expected = references[name](reference(x), axis);
        const closeness = name === 'softmax' ? { relative: 1e-5 } : { relative: 1e-6, scale: 20 };
        assertClose(await download(actual), expected, closeness, `${name} along ${axis} of ${how}`);
      },
      5,
    );
  });

  test(`${name} of what would overflow`, async () => {
    const inf = Number.POSITIVE_INFINITY;
    const x = NdArray.from([
      [1000, 1001, 999],
      [-1000, -1001, -1e30],
      [-inf, 0, 1],
      [0, 0, 0],
    ]);
    const actual = await download(upload(x)[name]());
    assertClose(actual, references[name](x), { relative: 1e-5, scale: 1e-30 }, name);
  });

  test(`${name}: gradients`, async () => {
    for (const [shape, axis] of [
      [[3, 5], -1],
      [[2, 4, 3], 1],
      [[6], 0],
    ] as [number[], number][]) {
      const subject = {
        name: `${name} along ${axis} of [${shape}]`,
        f: (x: AnyTensor) => x[name](axis),
        reference: (x: NdArray) => references[name](x, axis),
        inputs: [spread(shape, 1, [-2, 2])],
      };
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  });
}

test('softmax of nothing', () => {
  assert.equal(upload(new NdArray([0, 3])).softmax().shape, [0, 3]);
  assert.equal(upload(new NdArray([2, 0])).logSoftmax().shape, [2, 0]);
});

test('what does not fit', () => {
  const x = (...shape: number[]) => upload(new NdArray(shape));
  refuses(() => x(2, 3).softmax(2), ShapeError, /^softmax: axis 2 does not exist/);
  refuses(() => x().logSoftmax(), ShapeError, /^logSoftmax: axis -1.*a scalar has no axes/);
  refuses(() => x(2).cast('i32').softmax(), DTypeError, /^softmax takes f32/);
});

test.run();
