import '../../../src/tensor/methods.ts';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as data from '../../../src/data/index.ts';
import { ArgumentError, ShapeError } from '../../../src/errors.ts';
import { device } from '../../../src/graph/execution/current-runtime.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { realize } from '../../../src/tensor/tensor.ts';

const test = suite('sources of data sets');

const IMAGES = {
  images: Uint8Array.from({ length: 5 * 6 }, (_, i) => (i * 37) & 255),
  labels: Uint8Array.of(3, 1, 4, 1, 5),
  count: 5,
  height: 3,
  width: 2,
  channels: 1,
};

test('images are scaled, labels whole numbers', async () => {
  const { inputs, targets, count } = await data.fromImages(IMAGES).get(Int32Array.of(4, 0, 4));
  assert.is(count, 3);
  assert.is(inputs.dtype, 'f32');
  assert.equal([...inputs.shape], [3, 3, 2, 1]);
  const expected = [4, 0, 4].flatMap((image) =>
    [...IMAGES.images.slice(image * 6, image * 6 + 6)].map((byte) => Math.fround(byte / 255)),
  );
  assert.equal([...(await inputs.data())], expected);
  assert.is(targets.dtype, 'i32');
  assert.equal([...(await targets.data())], [5, 3, 5]);
});

test('another scale, and one that makes no sense', async () => {
  const { inputs } = await data.fromImages(IMAGES, { scale: 1 }).get(Int32Array.of(1));
  assert.equal([...(await inputs.data())], [...IMAGES.images.slice(6, 12)]);
  for (const scale of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => data.fromImages(IMAGES, { scale }),
      (error: Error) => error instanceof ArgumentError,
    );
  }
  assert.throws(
    () => data.fromImages({ ...IMAGES, count: 4 }),
    (error: Error) => error instanceof ShapeError,
  );
});

test('images go to the device once', async () => {
  const large = 20_000_000;
  const examples = data.fromImages({
    images: new Uint8Array(large),
    labels: new Uint8Array(20),
    count: 20,
    height: 1000,
    width: 1000,
    channels: 1,
  });
  const on = await device();
  const bytes = async (index: number) => {
    const { inputs, targets } = await examples.get(Int32Array.of(index));
    await realize(inputs.sum(), targets);
    return on.counters.bytes;
  };
  const first = await bytes(0);
  assert.ok((await bytes(1)) - first < large);
});

test('tensors are taken as they are, and computed once', async () => {
  const inputs = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]).mul(10);
  const examples = data.fromTensors(inputs, tensor([7, 8, 9]));
  const batch = await examples.get(Int32Array.of(2, 0));
  assert.equal(await batch.inputs.array(), [
    [50, 60],
    [10, 20],
  ]);
  assert.equal(await batch.targets.array(), [9, 7]);
  assert.is(inputs.node.leaf?.kind, 'stored');
});

test('arrays, with the dtypes asked for', async () => {
  const examples = data.fromArrays([[0.5], [1.5]], [1, 0], { targets: 'i32' });
  const { inputs, targets } = await examples.get(Int32Array.of(1));
  assert.equal([inputs.dtype, targets.dtype], ['f32', 'i32']);
  assert.equal([await inputs.array(), await targets.array()], [[[1.5]], [0]]);
});

test('inputs and targets must be as many', () => {
  for (const refused of [
    () => data.fromArrays([[1], [2]], [1]),
    () => data.fromTensors(tensor(1), tensor(1)),
  ]) {
    assert.throws(refused, (error: Error) => error instanceof ShapeError);
  }
});

test.run();
