import { suite } from 'uvu';
import {
  type AnyTensor,
  ArgumentError,
  cdist,
  DTypeError,
  grad,
  ShapeError,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: cdist');

const INF = Number.POSITIVE_INFINITY;

/** Of rows [b, n, d] and [b or 1, m, d]. */
function distances(x: NdArray, y: NdArray, p: number): NdArray {
  const [b, n, d] = x.shape as [number, number, number];
  return NdArray.build([b, n, y.shape[1]!], ([i, j, k]) => {
    const steps = Array.from({ length: d }, (_, e) =>
      Math.abs(x.at(i!, j!, e) - y.at(i! % y.shape[0]!, k!, e)),
    );
    if (p === INF) return Math.max(...steps);
    return steps.reduce((sum, step) => sum + step ** p, 0) ** (1 / p);
  });
}

for (const p of [1, 2, 3, INF]) {
  test(`p ${p}: values and gradients`, async () => {
    const [x, y] = [spread([2, 5, 4], 1, [-2, 2]), spread([1, 3, 4], 2, [-2, 2])];
    const found = await download(cdist(upload(x), upload(y), p));
    assertClose(found, distances(x, y, p), { relative: 5e-6 });
    const subject = {
      name: `p ${p}`,
      f: (a: AnyTensor, b: AnyTensor) => cdist(a, b, p),
      reference: (a: NdArray, b: NdArray) => distances(a, b, p),
      inputs: [x, y],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  });
}

test('rows that lie close together far from 0', async () => {
  const [x, y] = [spread([1, 6, 3], 1, [0, 1]), spread([1, 4, 3], 2, [0, 1])].map((a) =>
    a.map((v) => Math.fround(4096 + v / 8)),
  ) as [NdArray, NdArray];
  assertClose(await download(cdist(upload(x), upload(y))), distances(x, y, 2));
});

test('a distance of 0 has the gradient 0', async () => {
  const x = upload(new NdArray([1, 2], [3, 4]));
  const both = cdist(x, upload(new NdArray([2, 2], [3, 4, 0, 0])));
  assertSame(await download(both), new NdArray([1, 2], [0, 5]));
  const [slope] = grad(both.sum(), [x]);
  assertClose(await download(slope), new NdArray([1, 2], [0.6, 0.8]));
});

test('more differences than are held at once', async () => {
  const [x, y] = [spread([1, 700, 8], 1, [-2, 2]), spread([1, 1024, 8], 2, [-2, 2])];
  for (const p of [2, 3]) {
    const found = await download(cdist(upload(x), upload(y), p));
    assertClose(found, distances(x, y, p), { relative: 1e-5 }, `p ${p}`);
  }
});

test('no rows, and rows of nothing', async () => {
  const rows = (...shape: number[]) => upload(new NdArray(shape));
  assertSame(await download(cdist(rows(0, 3), rows(2, 3))), new NdArray([0, 2], []));
  assertSame(await download(cdist(rows(2, 0), rows(1, 0))), new NdArray([2, 1]));
});

test('what does not fit', () => {
  const x = upload(new NdArray([3, 2]));
  refuses(() => cdist(x, upload(new NdArray([3, 4]))), ShapeError, /^cdist: .*\[3,2\] and \[3,4\]/);
  refuses(() => cdist(x, upload(new NdArray([2]))), ShapeError, /^cdist: needs rows/);
  refuses(() => cdist(x, x, -1), ArgumentError, /^cdist: p -1/);
  refuses(() => cdist(x, x.cast('f16')), DTypeError, /^cdist takes f32/);
});

test.run();
