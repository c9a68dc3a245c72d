import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  device,
  full,
  realize,
  ShapeError,
  tensor,
  WgradError,
  zeros,
} from '../../src/index.ts';
import { rejects } from './refusal.ts';

const test = suite('tensor: reading, printing and disposing');

test('data comes in the typed array of the dtype', async () => {
  const x = tensor([1, 0, 3]);
  assert.instance(await x.data(), Float32Array);
  assert.instance(await x.cast('i32').data(), Int32Array);
  assert.instance(await x.cast('u32').data(), Uint32Array);
  assert.instance(await x.cast('u8').data(), Uint8Array);
  assert.equal(await x.cast('bool').data(), Uint8Array.of(1, 0, 1));
});

test('array nests, bool as booleans', async () => {
  assert.equal(
    await tensor([
      [1, 2],
      [3, 4],
    ])
      .mul(2)
      .array(),
    [
      [2, 4],
      [6, 8],
    ],
  );
  assert.equal(
    await tensor([[1], [0]])
      .cast('bool')
      .array(),
    [[true], [false]],
  );
  assert.is(await tensor(5).add(1).array(), 6);
  assert.is(await tensor(true).array(), true);
  assert.equal(await zeros([2, 0]).array(), [[], []]);
});

test('item', async () => {
  assert.is(await tensor(2.5).item(), 2.5);
  assert.is(await full([1, 1], 3).add(1).item(), 4);
  assert.is(await tensor([true]).item(), 1);
  await rejects(() => tensor([1, 2]).item(), ShapeError, /^item: .*\[2\] has 2 elements, not 1/);
  await rejects(() => zeros([0]).item(), ShapeError, /^item: .*\[0\] has 0 elements/);
});

test('several tensors are realised in one submission', async () => {
  const x = tensor([1, 2, 3]);
  const [a, b] = [x.exp(), x.sin()];
  await x.cos().data();
  const { counters } = await device();
  const before = counters.submits;
  await realize(a, b, a);
  assert.is(counters.submits - before, 1);
  await realize(a, b);
  assert.is(counters.submits - before, 1, 'what is there already is not computed again');
  assert.ok(Math.abs((await b.data())[0]! - Math.sin(1)) < 1e-6);
});

test('a tensor that was read is read again for nothing', async () => {
  const x = tensor([1, 2, 3]).mul(7);
  await x.data();
  const { counters } = await device();
  const before = counters.submits;
  assert.equal(await x.data(), Float32Array.of(7, 14, 21));
  assert.is(counters.submits, before);
});

test('reads of different tensors at once', async () => {
  const x = tensor([1, 2, 3]);
  const many = Array.from({ length: 10 }, (_, i) => x.mul(i).sum());
  assert.equal(
    await Promise.all(many.map((t) => t.item())),
    many.map((_, i) => 6 * i),
  );
});

test('toString shows shape, dtype and what is on the host', async () => {
  assert.is(String(tensor([1, 2.5])), 'Tensor f32[2] [  1, 2.5]');
  assert.is(String(tensor(7)), 'Tensor f32[] 7');
  assert.is(
    String(
      tensor(
        [
          [1, 20],
          [3, 4],
        ],
        { dtype: 'i32' },
      ),
    ),
    'Tensor i32[2, 2]\n[[ 1, 20],\n [ 3,  4]]',
  );
  assert.is(String(tensor([true, false])), 'Tensor bool[2] [ true, false]');
  assert.is(String(zeros([3])), 'Tensor f32[3] (not on the host; await t.data() reads it)');
  const x = tensor([1, 2]).mul(2);
  assert.match(String(x), /not on the host/);
  await x.data();
  assert.is(String(x), 'Tensor f32[2] [2, 4]');
});

test('toString leaves out the middle of what is long', () => {
  const long = String(
    tensor(
      Float32Array.from({ length: 1000 }, (_, i) => i),
      [1000],
    ),
  );
  assert.is(long, 'Tensor f32[1000] [  0,   1,   2, …, 997, 998, 999]');
  const wide = String(tensor(new Float32Array(100 * 100), [100, 100]));
  assert.is(wide.split('\n').length, 8);
  assert.ok(wide.length < 300, wide);
});

test('toString of odd numbers and odd shapes', () => {
  assert.is(
    String(tensor([1e-7, 1e9, Number.NaN])),
    'Tensor f32[3] [1.000e-7, 1.000e+9,      NaN]',
  );
  assert.is(String(tensor([1 / 3])), 'Tensor f32[1] [0.33333]');
  assert.is(String(tensor([])), 'Tensor f32[0] []');
  assert.is(String(tensor([[], []])), 'Tensor f32[2, 0]\n[[],\n []]');
  assert.is(String(tensor([Number.POSITIVE_INFINITY])), 'Tensor f32[1] [Infinity]');
});

test('use after dispose is an error that says so', async () => {
  const x = await full([40_000], 2).add(1).realize();
  x.dispose();
  x.dispose();
  await rejects(() => x.data(), WgradError, /\[40000\] was (used|read) after dispose\(\)/);
  await rejects(() => x.add(1).data(), WgradError, /\[40000\] was used after dispose\(\)/);
});

test('dispose gives memory back at once', async () => {
  const make = () => full([100_000], 2).add(1).realize();
  (await make()).dispose();
  const { counters } = await device();
  const before = counters.buffersCreated;
  for (let i = 0; i < 5; i++) (await make()).dispose();
  assert.is(counters.buffersCreated, before);
});

test('a tensor that work is queued for may be disposed of', async () => {
  const x = await full([1000], 2).add(1).realize();
  const y = x.mul(2);
  const reading = y.data();
  x.dispose();
  assert.is((await reading)[999], 6);
});

test('dispose before anything was computed does nothing', async () => {
  const x = tensor([1, 2]).add(1);
  x.dispose();
  assert.equal(await x.data(), Float32Array.of(2, 3));
});

test('using disposes at the end of the block', async () => {
  let kept: AnyTensor;
  {
    using x = await full([40_000], 2).add(1).realize();
    kept = x;
    assert.is((await x.sum().data())[0], 120_000);
  }
  await rejects(() => kept.add(1).data(), WgradError, /after dispose/);
});

test.run();
