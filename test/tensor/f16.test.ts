import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  arange,
  concat,
  conv2d,
  DTypeError,
  full,
  gather,
  grad,
  type Tensor,
  tensor,
  Variable,
  where,
} from '../../src/index.ts';
import { arithmetic, comparisons } from '../../src/tensor/ops/binary.ts';
import { unary } from '../../src/tensor/ops/unary.ts';
import { NdArray } from '../reference/array.ts';
import * as references from '../reference/elementwise.ts';
import { everyHalf, nearestHalf } from '../reference/half.ts';
import { choices, maybeEmptyShapes, spread } from './arbitraries.ts';
import { arrange } from './arrangements.ts';
import { assertClose, assertSame } from './closeness.ts';
import { holds } from './property.ts';
import { refuses } from './refusal.ts';
import { download, upload } from './transfer.ts';

const test = suite('tensor: f16');

const list = (values: readonly number[]) => new NdArray([values.length], values);
const halves = (array: NdArray) => upload(array.map(nearestHalf), 'f16');

/** The same bits, but for NaN's; `values` may be as many as one likes. */
function assertExact(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.is(actual.length, expected.length, what);
  const odd = expected.findIndex((e, i) => !Object.is(actual[i], e));
  if (odd >= 0) assert.unreachable(`${what}: ${odd} is ${actual[odd]}, not ${expected[odd]}`);
}

const everyValue = [...everyHalf, Number.NaN, 1.5];

test('each one is read as it is, four at a time and one by one', async () => {
  const x = upload(list(everyValue), 'f16');
  assertExact(await x.cast('f32').data(), everyValue, 'in order');
  const turned = x.flip().cast('f32') as AnyTensor;
  assertExact(await turned.data(), everyValue.toReversed(), 'turned round');
  for (const [at, value] of everyValue.slice(1019, 1026).entries()) {
    const one = x
      .slice([1019 + at], [1020 + at])
      .expand([5])
      .cast('f32') as AnyTensor;
    assertExact(await one.data(), new Array(5).fill(value), `element ${1019 + at}`);
  }
});

test('each one is written as it is', async () => {
  const x = tensor(Float32Array.from(everyValue), [everyValue.length]).cast('f16') as AnyTensor;
  assertExact(await x.data(), everyValue, 'cast');
});

test('a cast gives the nearest, of two as near the even one, and infinity beyond', async () => {
  const positive = everyHalf.slice(0, 0x7c00);
  const around = positive.flatMap((below, i) => {
    const middle = (below + (positive[i + 1] ?? 65536)) / 2;
    return [middle * (1 - 2 ** -23), middle, middle * (1 + 2 ** -23)].map(Math.fround);
  });
  const rest = [1e5, 3e38, Infinity, Number.NaN, 1e-30, 2 ** -149, -0];
  const values = [...around, ...around.map((x) => -x), ...rest];
  const x = tensor(Float32Array.from(values), [values.length]);
  const expected = values.map(nearestHalf);
  assertExact(await x.cast('f16').data(), expected, 'stored');
  assertExact(await x.cast('f16').cast('f32').data(), expected, 'within a kernel');
});

test('sizes that fill no word and no vector', async () => {
  for (const size of [0, 1, 2, 3, 5, 7, 8, 9, 127, 1021]) {
    const x = spread([size], size, [-3, 3]).map(nearestHalf);
    const y = upload(x, 'f16').mul(3) as AnyTensor;
    assertSame(
      await download(y),
      x.map((v) => nearestHalf(v * 3)),
      `${size} elements`,
    );
  }
});

test('views of it, in memory and within a kernel', async () => {
  await holds([maybeEmptyShapes, choices, fc.nat(99)], async (shape, pick, seed) => {
    const { base, view, reference, name } = arrange(shape, pick);
    const x = spread(base, seed, [-3, 3]).map(nearestHalf);
    assertSame(await download(view(upload(x, 'f16'))), reference(x), name);
    const doubled = upload(x, 'f16').mul(2) as AnyTensor;
    const expected = reference(x.map((v) => 2 * v)).map(nearestHalf);
    // What pads is no multiple of what is padded.
    if (!name.includes('pad')) assertSame(await download(view(doubled)), expected, name);
  });
});

// An f32 is at most so far from the true value, by the size of the result and of what cancelled.
const ROUGH = { relative: 2e-5, scale: 2e-6 };

/** Each element is that which a value next to the true one is rounded to. */
function assertRounded(actual: NdArray, exact: NdArray, isExact: boolean, what: string): void {
  assert.equal(actual.shape, exact.shape, what);
  exact.data.forEach((e, i) => {
    const a = actual.data[i]!;
    if (Number.isNaN(e) && Number.isNaN(a)) return;
    const off = isExact ? 0 : ROUGH.relative * Math.abs(e) + ROUGH.scale;
    const [low, high] = [nearestHalf(e - off), nearestHalf(e + off)];
    if (!(low <= a && a <= high)) assert.unreachable(`${what}: ${a}, not ${low} … ${high}`);
    if (a !== nearestHalf(a)) assert.unreachable(`${what}: ${a} is no f16`);
  });
}

type Method = (...others: AnyTensor[]) => AnyTensor;
const call = (op: string, x: AnyTensor, ...others: AnyTensor[]): AnyTensor =>
  (x as unknown as Record<string, Method>)[op]!.apply(x, others);

interface Facts {
  readonly wgsl: unknown;
  readonly accepts?: readonly string[];
  readonly domain?: readonly (number | readonly [number, number])[];
}
const takesHalves = ([, { accepts }]: [string, Facts]) => accepts?.includes('f16') ?? true;

/** Ops of which IEEE 754 prescribes the result in f32, so that it is known to the last bit in f16. */
const EXACT = ['add', 'sub', 'mul', 'neg', 'abs', 'sign', 'square', 'relu', 'maximum', 'minimum'];
const STEPS = ['floor', 'ceil', 'round', 'trunc', 'frac'];

test('every op of one number: the f32 result, rounded', async () => {
  for (const [name, { domain }] of Object.entries(unary as Record<string, Facts>).filter(
    takesHalves,
  )) {
    const [low, high] = (domain ?? [-6, 6]) as [number, number];
    const interval = [Math.max(low, -6), Math.min(high, 6)] as const;
    const x = spread([3, 7], 5, interval).map(nearestHalf);
    const y = call(name, upload(x, 'f16'));
    if (y.dtype === 'bool') continue;
    assert.is(y.dtype, 'f16');
    const isExact = [...EXACT, ...STEPS].includes(name);
    assertRounded(await download(y), x.map(references.unary[name]!), isExact, name);
  }
});

test('every op of two numbers: the f32 result, rounded', async () => {
  const all: Record<string, Facts> = { ...arithmetic, ...comparisons };
  for (const [name, { domain }] of Object.entries(all).filter(takesHalves)) {
    const [first, second] = (domain ?? [
      [-6, 6],
      [-6, 6],
    ]) as [number, number][];
    const [a, b] = [spread([3, 7], 5, first!), spread([7], 6, second!)].map((x) =>
      x.map(nearestHalf),
    );
    const y = call(name, upload(a!, 'f16'), upload(b!, 'f16'));
    const expected = a!.zip(b!, references.binary[name]!);
    const isExact = EXACT.includes(name) || y.dtype === 'bool';
    assert.is(y.dtype, name in comparisons ? 'bool' : 'f16');
    assertRounded(await download(y), expected, isExact, name);
  }
});

test('what is between two ops is rounded, stored or not', async () => {
  const x = tensor([1, 3, 300, 2048], { dtype: 'f16' });
  // 90000 is infinite, and 2049 is 2048.
  const [large, odd] = [x.mul(300).div(300), x.add(1).sub(1)];
  assert.equal([...(await large.data())], [1, 3, Infinity, Infinity]);
  assert.equal([...(await odd.data())], [1, 3, 300, 2047]);
  const between = x.div(3);
  await between.realize();
  assert.equal(await between.mul(3).data(), await x.div(3).mul(3).data());
});

test('numbers are f16 beside one', async () => {
  const x = tensor([1, 2, 1000], { dtype: 'f16' });
  assert.equal(
    [...(await x.mul(0.1).data())],
    [1, 2, 1000].map((v) => nearestHalf(v * nearestHalf(0.1))),
  );
  assert.equal(
    [...(await full([3], 0.1, { dtype: 'f16' }).data())],
    new Array(3).fill(nearestHalf(0.1)),
  );
  const counted = await arange(0, 2060, 1, { dtype: 'f16' }).data();
  assertExact(
    counted,
    Array.from({ length: 2060 }, (_, i) => nearestHalf(i)),
    'arange',
  );
});

test('tensors of it are rounded on the host already', async () => {
  const x = tensor(Float32Array.of(0.1, 65520, 1 + 2 ** -11), [3], { dtype: 'f16' });
  assert.equal([...(await x.data())], [nearestHalf(0.1), Infinity, 1]);
  assert.is(String(tensor([0.1], { dtype: 'f16' })), 'Tensor f16[1] [0.099976]');
});

test('parts put together, picked and chosen', async () => {
  const [a, b] = [spread([3, 3], 1, [-3, 3]), spread([2, 3], 2, [-3, 3])].map((x) =>
    x.map(nearestHalf),
  );
  const both = concat([upload(a!, 'f16'), upload(b!, 'f16')]) as AnyTensor;
  assertSame(await download(both), new NdArray([5, 3], [...a!.data, ...b!.data]));
  const rows = gather(upload(a!, 'f16'), tensor(Int32Array.of(2, 0), [2])) as AnyTensor;
  assertSame(
    await download(rows),
    new NdArray([2, 3], [...a!.data.slice(6), ...a!.data.slice(0, 3)]),
  );
  const x = upload(a!, 'f16');
  const larger = where(x.greater(0), x, x.neg()) as AnyTensor;
  assertSame(await download(larger), a!.map(Math.abs));
});

test('sums are computed in f32', async () => {
  const x = full([3, 3000], 1.5, { dtype: 'f16' });
  const sums = x.sum(1);
  assert.is(sums.dtype, 'f16');
  assert.equal([...(await sums.data())], [4500, 4500, 4500]);
  assert.equal([...(await x.mul(30).sum(1).data())], new Array(3).fill(Infinity));
  assert.is(await tensor([1, 3, 2], { dtype: 'f16' }).argMax().item(), 1);
  assert.is(await tensor([1, 3, 2], { dtype: 'f16' }).max().item(), 3);
});

test('gradients are f32', async () => {
  const x = tensor([1, 2, 300], { dtype: 'f16' });
  const w = tensor([0.1, 0.2, 0.3]);
  const y = x.square().cast('f32').mul(w).sum();
  const [dx, dw] = grad(y as Tensor, [x, w]) as [AnyTensor, AnyTensor];
  assert.is(dx.dtype, 'f32');
  assertClose(await download(dx), list([0.2, 0.8, 180]));
  assertSame(await download(dw), list([1, 4, Infinity]));
  const [ddx] = grad(dx.sum() as Tensor, [x]) as [AnyTensor];
  assertClose(await download(ddx), list([0.2, 0.4, 0.6]));
  // To a float and back.
  const [whole] = grad(w.cast('f16').cast('i32').cast('f32').mul(w).sum() as Tensor, [w]) as [
    AnyTensor,
  ];
  assertSame(await download(whole), list([0, 0, 0]));
});

test('variables hold it', async () => {
  const variable = new Variable(tensor([1, 2, 3], { dtype: 'f16' }));
  variable.assign(variable.value.mul(0.1) as typeof variable.value);
  assertSame(
    await download(variable.value),
    list([1, 2, 3].map((v) => nearestHalf(v * nearestHalf(0.1)))),
  );
});

test('kernels that do not take it say what to do', () => {
  const x = halves(spread([2, 2], 1, [0, 1]));
  refuses(() => x.matMul(x), DTypeError, /^matMul takes f32, got f16\[2,2\]. Use cast\('f32'\)/);
  refuses(() => x.softmax(), DTypeError, /^softmax takes f32, got f16/);
  refuses(() => x.gather(x as never), DTypeError, /indices must be i32, got f16/);
});

test('a convolution of many channels stores halves of what it would store as f32', async () => {
  const wave = (shape: readonly [number, number, number, number]) => {
    const length = shape.reduce((a, b) => a * b);
    return tensor(
      Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7)),
      shape,
    );
  };
  const result = conv2d(wave([8, 8, 8, 32]), wave([3, 3, 32, 32]), { padding: 'same' });
  const whole = Array.from(await result.data(), nearestHalf);
  const again = conv2d(wave([8, 8, 8, 32]), wave([3, 3, 32, 32]), { padding: 'same' });
  assertExact(await again.cast('f16').data(), whole, 'stored as f16');
});

test.run();
