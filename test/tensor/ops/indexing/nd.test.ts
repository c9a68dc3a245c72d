import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  DTypeError,
  gatherND,
  ShapeError,
  scatterND,
  tensorScatterUpdate,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { gatherNd, scatterNd, scatterUpdate } from '../../../reference/indexing.ts';
import { choices, shapes, spread, whole } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: gatherND and scatterND');

/** Positions in the first `coordinates` axes of a shape. */
const positions = (shape: readonly number[], lead: number[], coordinates: number, seed: number) =>
  NdArray.build([...lead, coordinates], (index, at) => {
    const size = shape[index.at(-1)!]!;
    return whole([at + 1], seed, 0, size - 1).data[at]!;
  });

test('single elements, and rows', async () => {
  const x = upload(
    NdArray.from([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  );
  const at = upload(
    NdArray.from([
      [2, 0],
      [0, 1],
    ]),
    'i32',
  );
  assert.equal(await gatherND(x, at).array(), [5, 2]);
  const rows = upload(NdArray.from([[2], [2]]), 'i32');
  assert.equal(await gatherND(x, rows).array(), [
    [5, 6],
    [5, 6],
  ]);
  assert.equal(await scatterND(rows, gatherND(x, rows), [3, 2]).array(), [
    [0, 0],
    [0, 0],
    [10, 12],
  ]);
});

test('a list of places along the first axis', async () => {
  const list = new NdArray([4], [3, 0, 2, 3]);
  for (const shape of [[5], [4, 3]]) {
    const updates = spread([4, ...shape.slice(1)], 1, [-2, 2]);
    const added = scatterND(upload(list, 'i32'), upload(updates), shape);
    assertClose(await download(added), scatterNd(list.reshape([4, 1]), updates, shape));
  }
  // With fewer axes they are what lies at one position.
  const one = scatterND(upload(new NdArray([1], [2]), 'i32'), upload(NdArray.full([3], 7)), [4, 3]);
  assert.equal([...(await one.data())], [0, 0, 0, 0, 0, 0, 7, 7, 7, 0, 0, 0]);
});

for (const dtype of ['f32', 'i32', 'u32'] as const) {
  test(`${dtype} of any shape`, async () => {
    await holds(
      [shapes({ min: 1, size: 300 }), shapes({ max: 2, size: 20 }), choices, fc.nat()],
      async (shape, lead, pick, some) => {
        const coordinates = 1 + (some % shape.length);
        const { base, view, reference, name } = arrange(shape, pick, 1);
        const x = whole(base, pick[1]!, 0, 99);
        const at = positions(shape, lead, coordinates, pick[2]!);
        const taken = gatherND(view(upload(x, dtype)), upload(at, 'i32'));
        assert.is(taken.dtype, dtype);
        const expected = gatherNd(reference(x), at);
        assertSame(await download(taken), expected, name);
        const added = scatterND(upload(at, 'u32'), taken, shape);
        assert.is(added.dtype, dtype);
        assertClose(await download(added), scatterNd(at, expected, shape), {}, name);
      },
      dtype === 'f32' ? 8 : 3,
    );
  });
}

test('computed positions out of range give 0, and are not added', async () => {
  const x = upload(
    NdArray.from([
      [1, 2],
      [3, 4],
    ]),
  );
  const loose = upload(
    NdArray.from([
      [0, 2],
      [-1, 1],
      [2, 0],
      [1, 1],
    ]),
    'i32',
  ).add(0);
  assert.equal(await gatherND(x, loose).array(), [0, 0, 0, 4]);
  const ones = upload(NdArray.full([4], 1));
  assert.equal(await scatterND(loose, ones, [2, 2]).array(), [
    [0, 0],
    [0, 1],
  ]);
});

test('gradients', async () => {
  const at = NdArray.from([
    [1, 0],
    [1, 0],
    [0, 2],
  ]);
  const given = upload(at, 'i32');
  const subjects = [
    {
      name: 'gatherND',
      f: (x: AnyTensor) => gatherND(x.mul(x), given) as AnyTensor,
      reference: (x: NdArray) =>
        gatherNd(
          x.map((v) => v * v),
          at,
        ),
      inputs: [spread([2, 3, 2], 1, [-2, 2])],
    },
    {
      name: 'scatterND',
      f: (x: AnyTensor) => scatterND(given, x.mul(x), [2, 3, 2]) as AnyTensor,
      reference: (x: NdArray) =>
        scatterNd(
          at,
          x.map((v) => v * v),
          [2, 3, 2],
        ),
      inputs: [spread([3, 2], 2, [-2, 2])],
    },
  ];
  for (const subject of subjects) {
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test('tensorScatterUpdate: of equal positions the last counts', async () => {
  const x = upload(new NdArray([2, 3], [1, 2, 3, 4, 5, 6]));
  const at = upload(
    NdArray.from([
      [1, 0],
      [0, 2],
      [1, 0],
    ]),
    'i32',
  );
  const y = tensorScatterUpdate(x, at, upload(new NdArray([3], [7, Infinity, 9])));
  assert.equal(await y.array(), [
    [1, 2, Infinity],
    [9, 5, 6],
  ]);
  const rows = tensorScatterUpdate(
    x,
    upload(NdArray.from([[1]]), 'i32'),
    upload(new NdArray([1, 3], [7, 8, 9])),
  );
  assert.equal(await rows.array(), [
    [1, 2, 3],
    [7, 8, 9],
  ]);
  const outside = upload(
    NdArray.from([
      [5, 0],
      [0, 1],
    ]),
    'f32',
  ).cast('i32');
  assert.equal(await tensorScatterUpdate(x, outside, upload(new NdArray([2], [7, 8]))).array(), [
    [1, 8, 3],
    [4, 5, 6],
  ]);
});

test('tensorScatterUpdate: many positions, dtypes and gradients', async () => {
  const at = whole([40, 2], 3, 0, 4);
  for (const dtype of ['f32', 'i32', 'u32'] as const) {
    const [x, updates] = [whole([5, 5, 3], 1, 0, 99), whole([40, 3], 2, 0, 99)];
    const y = tensorScatterUpdate(upload(x, dtype), upload(at, 'i32'), upload(updates, dtype));
    assertSame(await download(y), scatterUpdate(x, at, updates), dtype);
  }
  const given = upload(at, 'i32');
  const subject = {
    name: 'tensorScatterUpdate',
    f: (x: AnyTensor, y: AnyTensor) => tensorScatterUpdate(x.mul(x), given, y.mul(y)) as AnyTensor,
    reference: (x: NdArray, y: NdArray) =>
      scatterUpdate(
        x.map((v) => v * v),
        at,
        y.map((v) => v * v),
      ),
    inputs: [spread([5, 6], 1, [-2, 2]), spread([40], 2, [-2, 2])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  const at = (...rows: number[][]) => upload(NdArray.from(rows), 'i32');
  refuses(
    () => gatherND(x, at([1, 3])),
    ShapeError,
    /^gatherND: index 3 is out of range; .* 3 elements/,
  );
  refuses(
    () => gatherND(x, at([4, 2])),
    ShapeError,
    /^gatherND: index 4 is out of range; .* 4 elements/,
  );
  refuses(() => gatherND(x, at([0, 0, 0])), ShapeError, /^gatherND: .* 1 to 2 coordinates/);
  refuses(
    () => gatherND(x, upload(new NdArray([1, 1]))),
    DTypeError,
    /^gatherND: indices must be i32/,
  );
  refuses(
    () => scatterND(at([0]), x, [4, 3]),
    ShapeError,
    /^scatterND: .* need updates \[1,3\], got \[4,3\]/,
  );
  refuses(() => scatterND(at([0]), x.cast('bool'), [4, 3]), DTypeError, /^scatterND/);
  refuses(
    () => tensorScatterUpdate(x, at([0]), x),
    ShapeError,
    /^tensorScatterUpdate: .* need updates \[1,3\], got \[4,3\]/,
  );
  refuses(
    () => tensorScatterUpdate(x, at([4]), x),
    ShapeError,
    /^tensorScatterUpdate: index 4 is out/,
  );
  refuses(
    () => tensorScatterUpdate(x, at([0]), x.cast('i32') as never),
    DTypeError,
    /^tensorScatterUpdate takes f32, got i32/,
  );
});

test.run();
