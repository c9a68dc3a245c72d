import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  DTypeError,
  lowerBound,
  ShapeError,
  searchSorted,
  upperBound,
} from '../../../../src/index.ts';
import { NdArray } from '../../../reference/array.ts';
import { compared, sort } from '../../../reference/sorting.ts';
import { shapes, whole } from '../../arbitraries.ts';
import { assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: searchSorted');

const before = (line: readonly number[], value: number, right: boolean) =>
  line.filter((x) => compared(x, value) < Number(right)).length;

test('among equal elements, left and right', async () => {
  const row = upload(NdArray.from([1, 3, 3, 7]));
  const values = upload(NdArray.from([3, 0, 7, 9, 4]));
  assert.equal(await lowerBound(row, values).array(), [1, 0, 3, 4, 3]);
  assert.equal(await upperBound(row, values).array(), [3, 0, 4, 4, 3]);
  assert.equal(await searchSorted(row, values, { side: 'right' }).array(), [3, 0, 4, 4, 3]);
});

for (const dtype of ['f32', 'i32', 'u32'] as const) {
  test(`rows of ${dtype}`, async () => {
    await holds(
      [shapes({ min: 1, max: 3, size: 300 }), fc.integer({ min: 1, max: 9 }), fc.boolean()],
      async (shape, wanted, right) => {
        const least = dtype === 'u32' ? 0 : -9;
        const row = sort(whole(shape, 1, least, 9));
        const values = whole(shape.with(-1, wanted), 2, least - Number(dtype !== 'u32'), 10);
        const size = shape.at(-1)!;
        const expected = NdArray.build(values.shape, (_, at) => {
          const begin = Math.floor(at / wanted) * size;
          return before([...row.data.slice(begin, begin + size)], values.data[at]!, right);
        });
        const side = right ? 'right' : 'left';
        const actual = searchSorted(upload(row, dtype), upload(values, dtype), { side });
        assert.is(actual.dtype, 'i32');
        assertSame(await download(actual), expected, `[${shape}]`);
      },
      dtype === 'f32' ? 8 : 4,
    );
  });
}

test('one row for values of any shape, NaN above all, zeros equal', async () => {
  const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
  const row = upload(NdArray.from([-inf, -1, -0, inf, nan]));
  const values = upload(
    NdArray.from([
      [0, -inf],
      [inf, nan],
    ]),
  );
  assert.equal(await lowerBound(row, values).array(), [
    [2, 0],
    [3, 4],
  ]);
  assert.equal(await upperBound(row, values).array(), [
    [3, 1],
    [4, 5],
  ]);
});

test('nothing to search', async () => {
  const none = upload(new NdArray([0]));
  assert.equal(await lowerBound(none, upload(NdArray.from([1, 2]))).array(), [0, 0]);
  assert.equal(lowerBound(upload(NdArray.from([1])), none).shape, [0]);
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  refuses(
    () => searchSorted(x, upload(new NdArray([3, 3]))),
    ShapeError,
    /^searchSorted: sorted \[4,3\]/,
  );
  refuses(
    () => searchSorted(x, x.cast('i32')),
    DTypeError,
    /^searchSorted: sorted f32 and values i32/,
  );
  refuses(
    () => searchSorted(x, x, { side: 'middle' as never }),
    ArgumentError,
    /^searchSorted: side/,
  );
});

test.run();
