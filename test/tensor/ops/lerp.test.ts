import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, DTypeError, lerp, ShapeError } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { spread } from '../arbitraries.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: lerp');

const [INF, NAN] = [Number.POSITIVE_INFINITY, Number.NaN];
const list = (...values: number[]) => new NdArray([values.length], values);
const between = (a: NdArray, b: NdArray, w: NdArray) =>
  a
    .zip(w, (x, share) => x * (1 - share))
    .zip(
      b.zip(w, (x, share) => x * share),
      (x, y) => x + y,
    );

test('within the way and beyond, broadcast', async () => {
  const [a, b, w] = [
    spread([3, 4], 1, [-9, 9]),
    spread([4], 2, [-9, 9]),
    spread([3, 1], 3, [-1, 2]),
  ];
  const found = lerp(upload(a), upload(b), upload(w));
  assert.equal(found.shape, [3, 4]);
  const whole = (x: NdArray) => NdArray.full([3, 4], 0).zip(x, (_, v) => v);
  assertClose(await download(found), between(a, whole(b), whole(w)), { scale: 9 });
  const third = lerp(upload(a), upload(b), 0.3);
  assertClose(await download(third), between(a, whole(b), NdArray.full([3, 4], 0.3)), { scale: 9 });
});

test('both ends are met, and what lies between two equal ones', async () => {
  const [a, b] = [spread([64], 1, [-1e6, 1e6]), spread([64], 2, [-1, 1])];
  assertSame(await download(lerp(upload(a), upload(b), 0)), a);
  assertSame(await download(lerp(upload(a), upload(b), 1)), b);
  assertSame(await download(lerp(upload(a), upload(a), upload(spread([64], 3, [0, 1])))), a);
});

test('beside infinities and NaN, and where the way overflows', async () => {
  const starts = list(INF, INF, INF, 1, -INF, INF, 2, NAN, 2, -3e38);
  const ends = list(1, 1, 1, INF, INF, INF, NAN, 2, NAN, 3e38);
  const shares = list(0, 0.25, 1, 0.75, 0.5, 0.5, 0, 1, 0.5, 0.75);
  const found = await download(lerp(upload(starts), upload(ends), upload(shares)));
  assertClose(found, list(INF, INF, 1, INF, NAN, INF, 2, 2, NAN, 1.5e38));
});

test('halves', async () => {
  const half = lerp(upload(list(1, 2), 'f16'), upload(list(3, 6), 'f16'), 0.25);
  assert.is(half.dtype, 'f16');
  assertSame(await download(half as AnyTensor), list(1.5, 3));
});

test('gradients, of the weight too', async () => {
  const subject = {
    name: 'lerp',
    f: (a: AnyTensor, b: AnyTensor, w: AnyTensor) => lerp(a as never, b as never, w as never),
    reference: between,
    inputs: [spread([3, 4], 1, [-2, 2]), spread([3, 4], 2, [-2, 2]), spread([3, 4], 3, [0.1, 0.9])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('what does not fit', () => {
  const x = upload(list(1, 2));
  refuses(() => lerp(x, x.cast('f16') as never, 0.5), DTypeError, /^lerp: f32.* differ in dtype/);
  refuses(() => lerp(x.cast('i32') as never, x, 0.5), DTypeError, /^lerp takes f32/);
  refuses(() => lerp(x, upload(list(1, 2, 3)), 0.5), ShapeError, /^lerp/);
  refuses(() => lerp(x, x, NAN), ArgumentError, /^lerp: weight NaN/);
});

test.run();
