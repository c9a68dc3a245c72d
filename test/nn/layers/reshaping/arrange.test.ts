import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, nn, ShapeError } from '../../../../src/index.ts';
import { assertGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertSame } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';

const test = suite('nn: reshape, permute, repeatVector, cropping');

const x = spread([2, 3, 4], 1, [-2, 2]);
const result = (layer: nn.Layer, from = x) => download(layer.forward(upload(from)));
const repeated = (from: NdArray) =>
  NdArray.build([2, 5, 3], ([n = 0, , i = 0]) => from.data[3 * n + i] as number);

test('reshape keeps the batch and finds a size', async () => {
  assertSame(await result(nn.reshape([2, 6])), x.reshape([2, 2, 6]));
  assertSame(await result(nn.reshape([-1])), x.reshape([2, 12]));
  assertSame(await result(nn.reshape([6, -1, 1])), x.reshape([2, 6, 2, 1]));
});

test('permute numbers axes from 1', async () => {
  const turned = NdArray.build([2, 4, 3], ([n = 0, j = 0, i = 0]) => x.data[12 * n + 4 * i + j]!);
  assertSame(await result(nn.permute([2, 1])), turned);
  assertSame(await result(nn.permute([1, 2])), x);
});

test('repeatVector makes sequences of vectors', async () => {
  const vectors = spread([2, 3], 2, [-1, 1]);
  assertSame(await result(nn.repeatVector(5), vectors), repeated(vectors));
  await assertGradients({
    f: (t) => nn.repeatVector(5).forward(t) as AnyTensor,
    reference: repeated,
    inputs: [vectors],
  });
});

/** Elements of images from a corner on. */
const cropped = (from: NdArray, top: number, left: number, height: number, width: number) => {
  const [n = 0, h = 0, w = 0, c = 0] = from.shape;
  return NdArray.build([n, height, width, c], ([a = 0, i = 0, j = 0, k = 0]) => {
    return from.data[((a * h + i + top) * w + j + left) * c + k] as number;
  });
};

test('cropping takes away what zero padding puts there', async () => {
  const image = spread([2, 6, 7, 3], 1, [-2, 2]);
  assertSame(await result(nn.cropping2d(), image), image);
  assertSame(await result(nn.cropping2d(1), image), cropped(image, 1, 1, 4, 5));
  assertSame(await result(nn.cropping2d([2, 1]), image), cropped(image, 2, 1, 2, 5));
  assertSame(await result(nn.cropping2d([1, 0, 2, 3]), image), cropped(image, 1, 2, 5, 2));
  const there = nn.sequential([nn.zeroPadding2d([1, 0, 2, 3]), nn.cropping2d([1, 0, 2, 3])]);
  assertSame(await result(there, image), image);
  const line = nn.sequential([nn.zeroPadding1d([2, 1]), nn.cropping1d([2, 1])]);
  assertSame(await result(line), x);
  const volume = image.reshape([2, 6, 7, 3, 1]);
  const inside = nn.sequential([nn.zeroPadding3d([1, 2, 0]), nn.cropping3d([1, 2, 0])]);
  assertSame(await result(inside, volume), volume);
  await assertGradients({
    f: (t) => nn.cropping2d([1, 0, 2, 3]).forward(t) as AnyTensor,
    reference: (t) => cropped(t, 1, 2, 5, 2),
    inputs: [image],
  });
});

test('lambda knows whether it trains, and identity does nothing', async () => {
  const layer = nn.lambda((t, { training }) => (training ? t.mul(2).reshape([2, 12]) : t));
  assert.is(layer.type, 'lambda');
  assertSame(await result(layer), x);
  const trained = await download(layer.forward(upload(x), { training: true }));
  assertSame(
    trained,
    x.reshape([2, 12]).map((v) => 2 * v),
  );
  const given = upload(x);
  assert.is(nn.identity().forward(given), given);
});

test('models of symbolic values and summaries know the shapes', () => {
  const image = nn.input([4, 6]);
  const turned = nn.permute([2, 1]).apply(image);
  const flat = nn.reshape([-1]).apply(turned);
  const model = nn.model(image, nn.repeatVector(3).apply(nn.identity().apply(flat)));
  const table = nn.summary(model);
  for (const line of [
    'permute  (None, 6, 4)',
    'reshape  (None, 24)',
    'repeat_vector  (None, 3, 24)',
  ]) {
    assert.ok(table.replace(/ {2,}/g, '  ').includes(line), table);
  }
});

test('what does not fit', () => {
  refuses(() => nn.reshape([2.5]), ArgumentError, /^reshape: shape/);
  refuses(() => nn.reshape([5]).build([3, 4]), ShapeError, /^reshape: \[1,3,4\] has 12 elements/);
  refuses(
    () => nn.permute([0, 1]),
    ArgumentError,
    /^permute: \[0,1\] must be the numbers from 1 to 2/,
  );
  refuses(() => nn.permute([2, 1]).build([4]), ShapeError, /^transpose/);
  refuses(() => nn.repeatVector(0), ArgumentError, /^repeatVector: count 0/);
  refuses(() => nn.repeatVector(2).build([3, 4]), ShapeError, /^repeatVector: needs vectors/);
  refuses(() => nn.cropping2d(-1), ShapeError, /^cropping2d: cropping -1/);
  refuses(
    () => nn.cropping2d([3, 0]).build([6, 6, 1]),
    ShapeError,
    /leaves nothing of \[1,6,6,1\]/,
  );
  refuses(() => nn.cropping1d().build([4]), ShapeError, /^cropping1d: needs sequences/);
  refuses(() => nn.lambda(3 as never), ArgumentError, /^lambda/);
});

test.run();
