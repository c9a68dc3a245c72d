import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  bincount,
  confusionMatrix,
  DTypeError,
  denseBincount,
  inTopK,
  ShapeError,
  unsortedSegmentSum,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { placesInOrder } from '../../../reference/sorting.ts';
import { spread, whole } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: counting');

test('bincount, with weights and without', async () => {
  await holds(
    [fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 40 })],
    async (n, size) => {
      const x = whole([n], 1, 0, size + 2);
      const weights = spread([n], 2, [-1, 1]);
      const sums = (of: (i: number) => number) => {
        const out = new NdArray([size]);
        x.data.forEach((k, i) => {
          if (k < size) out.data[k]! += of(i);
        });
        return out;
      };
      const counts = bincount(upload(x, 'i32'), size);
      assert.is(counts.dtype, 'i32');
      assertSame(
        await download(counts),
        sums(() => 1),
      );
      const weighted = bincount(upload(x, 'u32'), size, { weights: upload(weights) });
      assert.is(weighted.dtype, 'f32');
      assertClose(
        await download(weighted),
        sums((i) => weights.data[i]!),
        { scale: 40 },
      );
    },
  );
});

test('negative numbers are not counted', async () => {
  const x = upload(
    NdArray.from([
      [-1, 0],
      [2, 0],
    ]),
    'i32',
  );
  assert.equal(await bincount(x, 2).array(), [2, 0]);
});

test('unsortedSegmentSum', async () => {
  const x = spread([7, 3], 1, [-2, 2]);
  const segments = NdArray.from([2, 0, 2, -1, 3, 0, 2]);
  const sums = (of: NdArray) => {
    const out = new NdArray([3, 3]);
    for (const [i, k] of segments.data.entries()) {
      if (k < 0 || k > 2) continue;
      for (let j = 0; j < 3; j++) out.data[k * 3 + j]! += of.at(i, j);
    }
    return out;
  };
  const given = upload(segments, 'i32');
  assertClose(await download(unsortedSegmentSum(upload(x), given, 3)), sums(x), { scale: 4 });
  const subject = {
    name: 'unsortedSegmentSum',
    f: (t: AnyTensor) => unsortedSegmentSum(t.mul(t), given, 3) as AnyTensor,
    reference: (a: NdArray) => sums(a.map((v) => v * v)),
    inputs: [x],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('confusionMatrix: a row for each label', async () => {
  const labels = upload(NdArray.from([1, 2, 2, 0, 3]), 'i32');
  const predictions = upload(NdArray.from([1, 1, 2, 0, 0]), 'u8');
  const matrix = confusionMatrix(labels, predictions, 3);
  assert.is(matrix.dtype, 'i32');
  assert.equal(await matrix.array(), [
    [1, 0, 0],
    [0, 1, 0],
    [0, 1, 1],
  ]);
});

test('inTopK: as topK ranks them', async () => {
  const predictions = whole([40, 7], 1, -3, 3);
  const labels = whole([40], 2, 0, 6);
  for (const k of [1, 3, 7]) {
    const expected = NdArray.build([40], ([row]) => {
      const line = Array.from({ length: 7 }, (_, c) => predictions.at(row!, c));
      return Number(placesInOrder(line, true).slice(0, k).includes(labels.data[row!]!));
    });
    const actual = inTopK(upload(predictions), upload(labels, 'i32'), k);
    assert.is(actual.dtype, 'bool');
    assertSame(await download(actual), expected, `k = ${k}`);
  }
});

test('inTopK: whole numbers, and predictions that are none', async () => {
  const whole = upload(new NdArray([2, 3], [3, 1, 2, -1, 5, 4]), 'i32');
  const labels = upload(new NdArray([2], [2, 0]), 'i32');
  assert.equal(await inTopK(whole, labels, 2).array(), [true, false]);
  const odd = upload(new NdArray([4, 3], [NaN, 1, 2, Infinity, 1, 2, 2, 1, NaN, 2, 1, -Infinity]));
  const first = upload(new NdArray([4]), 'i32');
  assert.equal(await inTopK(odd, first, 3).array(), [false, false, true, true]);
  assert.equal(await inTopK(odd, first, 1).array(), [false, false, false, true]);
});

test('denseBincount: each row by itself, numbers beyond left out', async () => {
  await holds(
    [fc.constantFrom<number[]>([7], [3, 5], [2, 2, 13], [4, 0]), fc.integer({ min: 1, max: 9 })],
    async (shape, size) => {
      const x = whole(shape, 1, -2, size + 2);
      const weights = spread(shape, 2, [-1, 1]);
      const sums = (of: (i: number) => number) => {
        const out = new NdArray(shape.with(-1, size));
        x.data.forEach((k, i) => {
          const row = Math.floor(i / shape.at(-1)!);
          if (k >= 0 && k < size) out.data[row * size + k]! += of(i);
        });
        return out;
      };
      const t = upload(x, 'i32');
      const counts = sums(() => 1);
      assertSame(await download(denseBincount(t, size)), counts);
      const binary = await download(denseBincount(t, size, { binaryOutput: true }));
      assertSame(
        binary,
        counts.map((n) => Math.min(n, 1)),
      );
      const weighted = await download(denseBincount(t, size, { weights: upload(weights) }));
      assertClose(
        weighted,
        sums((i) => weights.data[i]!),
        { scale: 10 },
      );
    },
  );
  const x = upload(whole([2, 3], 1, 0, 3), 'i32');
  await assertGradients({
    f: (weights) => denseBincount(x, 4, { weights }),
    reference: (weights) => {
      const out = new NdArray([2, 4]);
      const places = whole([2, 3], 1, 0, 3).data;
      weights.data.forEach((w, i) => {
        out.data[Math.floor(i / 3) * 4 + places[i]!]! += w;
      });
      return out;
    },
    inputs: [spread([2, 3], 2, [-1, 1])],
  });
  const weights = upload(new NdArray([2]));
  refuses(() => denseBincount(x, 3, { weights }), ShapeError, /^denseBincount: weights \[2\]/);
  refuses(
    () => denseBincount(x, 3, { weights, binaryOutput: true }),
    ArgumentError,
    /^denseBincount: binaryOutput/,
  );
  refuses(() => denseBincount(weights, 3), DTypeError, /^denseBincount takes i32/);
});

test('what does not fit', () => {
  const x = upload(new NdArray([4]), 'i32');
  const f = upload(new NdArray([4]));
  refuses(() => bincount(f, 3), DTypeError, /^bincount takes i32/);
  refuses(
    () => bincount(x, 3, { weights: upload(new NdArray([3])) }),
    ShapeError,
    /^bincount: weights \[3\]/,
  );
  refuses(() => bincount(x, -1), ShapeError, /^bincount/);
  refuses(
    () => unsortedSegmentSum(upload(new NdArray([3, 2])), x, 2),
    ShapeError,
    /^unsortedSegmentSum: needs one/,
  );
  refuses(() => unsortedSegmentSum(f, f, 2), DTypeError, /^unsortedSegmentSum/);
  refuses(
    () => confusionMatrix(x, upload(new NdArray([3]), 'i32'), 2),
    ShapeError,
    /^confusionMatrix: labels/,
  );
  refuses(() => confusionMatrix(x, x, 0), ArgumentError, /^confusionMatrix: classes 0/);
  refuses(
    () => inTopK(upload(new NdArray([3, 2])), x, 1),
    ShapeError,
    /^inTopK: predictions \[3,2\] need labels/,
  );
  refuses(() => inTopK(upload(new NdArray([4, 2])), x, 3), ArgumentError, /^inTopK: k.*3/);
});

test.run();
