import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  DTypeError,
  grad,
  maxPool2d,
  maxPoolWithArgmax,
  ShapeError,
  zeros,
} from '../../../../src/index.ts';
import { NdArray } from '../../../reference/array.ts';
import { maxPool2dGradient } from '../../../reference/pooling.ts';
import { spread, whole } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';
import { type Case, cases, placesOfMaxima } from './any-axes.ts';

const test = suite('tensor: maxPoolWithArgmax');

async function check(one: Case, values: NdArray) {
  const { filterSize, strides, dilations, padding, dimRoundingMode } = one;
  const options = { filterSize, strides, dilations, padding, dimRoundingMode } as never;
  const x = upload(values);
  const { result, indexes } = maxPoolWithArgmax(x, options);
  const what = JSON.stringify(one);
  assertSame(await download(result), await download(maxPool2d(x, options)), what);
  const places = placesOfMaxima(one, values);
  const perImage = values.size / values.shape[0]!;
  assertSame(
    await download(indexes),
    places.map((place) => place % perImage),
    what,
  );
  const whole = maxPoolWithArgmax(x, { ...(options as object), includeBatchInIndex: true });
  assertSame(await download(whole.indexes), places, what);
}

test('any images, window, stride, dilation, padding and rounding', () =>
  holds(
    [cases(2, 9)],
    (one) => check(one, spread([one.batch, ...one.sizes, one.channels], 1, [-4, -1])),
    12,
  ));

const plain: Case = {
  ...{ batch: 2, sizes: [6, 5], channels: 3, filterSize: [3, 2], strides: [2, 1] },
  ...{ dilations: [1, 1], padding: 'same', dimRoundingMode: 'floor' },
};

test('of equal elements the first is named, or the first NaN, and never padding', async () => {
  const shape = [2, 6, 5, 3];
  await check(plain, whole(shape, 1, 0, 2));
  await check(
    plain,
    whole(shape, 1, 0, 3).map((v) => (v === 3 ? Number.NaN : v)),
  );
  await check(plain, NdArray.full(shape, Number.NEGATIVE_INFINITY));
});

test('the maxima have a gradient', async () => {
  const values = spread([1, 4, 4, 2], 1, [-1, 1]);
  const x = upload(values);
  const { result } = maxPoolWithArgmax(x, { filterSize: 3, strides: 1 });
  const g = spread(result.shape, 2, [-1, 1]);
  const [dx] = grad(result, [x], upload(g));
  const expected = maxPool2dGradient(values, g, { window: [3, 3], strides: [1, 1] });
  assertClose(await download(dx), expected, { relative: 1e-6, scale: 1 });
});

test('nothing to pool, and what does not fit', () => {
  const empty = maxPoolWithArgmax(zeros([0, 4, 4, 3]));
  assert.equal(
    [empty.result.shape, empty.indexes.shape, empty.indexes.dtype],
    [[0, 2, 2, 3], [0, 2, 2, 3], 'i32'],
  );
  const x = zeros([1, 4, 4, 2]);
  refuses(() => maxPoolWithArgmax(zeros([4, 4])), ShapeError, /^maxPoolWithArgmax: needs images/);
  refuses(
    () => maxPoolWithArgmax(x, { filterSize: 5 }),
    ShapeError,
    /^maxPoolWithArgmax: a window/,
  );
  refuses(
    () => maxPoolWithArgmax(x, { includeBatchInIndex: 1 as never }),
    ArgumentError,
    /includeBatchInIndex 1 must be true or false/,
  );
  refuses(() => maxPoolWithArgmax(x.cast('i32')), DTypeError, /^maxPoolWithArgmax takes/);
});

test.run();
