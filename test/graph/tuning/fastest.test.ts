import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DeviceError } from '../../../src/errors.ts';
import { agree, fastest } from '../../../src/graph/tuning/fastest.ts';
import { NO_EPILOGUE } from '../../../src/kernels/epilogue.ts';
import type { Launches } from '../../../src/kernels/launch.ts';
import { reduce } from '../../../src/kernels/reduce/reduce.ts';
import { testDevice } from '../../kernels/harness.ts';
import { withClock } from './scripted-clock.ts';

const test = suite('tuning: fastest');

const view = { outer: 5, size: 67, inner: 1 };
const operands = {
  inputs: [{ shape: [5, 67], dtype: 'f32' }],
  output: { shape: [5], dtype: 'f32' },
} as const;

/** Sums of rows by so many lanes, which the text of the kernel has. */
async function sums(lanes: number, op: 'sum' | 'max' = 'sum'): Promise<Launches> {
  const { limits } = await testDevice();
  return reduce(
    {
      attributes: { reduce: op, ...view },
      ...operands,
      epilogue: NO_EPILOGUE,
      limits,
    },
    [{ kind: 'rows', lanes, span: 68 }],
  );
}

/** The winner among ways in this order, by a clock that says so much of each number of lanes. */
async function winner(
  ways: Readonly<Record<string, Launches>>,
  clock: Readonly<Record<number, number>>,
): Promise<string> {
  const { device } = withClock(
    await testDevice(),
    (source) => clock[Number(/const LANES = (\d+)u/.exec(source)?.[1])] ?? Number.NaN,
  );
  const before = device.counters.buffers;
  const contest = {
    ...operands,
    ways: new Map(Object.entries(ways).map(([name, launches]) => [name, () => launches])),
  };
  try {
    return await fastest(device, contest);
  } finally {
    assert.is(device.counters.buffers, before, 'all memory is given back');
  }
}

test('the fastest way wins, and the guess where nothing gains much', async () => {
  const ways = { guess: await sums(1), some: await sums(16), all: await sums(64) };
  assert.is(await winner(ways, { 1: 3, 16: 2, 64: 1 }), 'all');
  assert.is(await winner(ways, { 1: 3, 16: 2, 64: 2.5 }), 'some');
  assert.is(await winner(ways, { 1: 1, 16: 2, 64: 9 }), 'guess');
  assert.is(await winner(ways, { 1: 1, 16: 0.99, 64: 9 }), 'guess');
});

test('a clock that tells nothing leaves the guess', async () => {
  const ways = { guess: await sums(1), other: await sums(16) };
  assert.is(await winner(ways, { 1: 0, 16: 0 }), 'guess');
  assert.is(await winner(ways, {}), 'guess');
});

test('a way with other results is out, however fast', async () => {
  const ways = { guess: await sums(1), wrong: await sums(16, 'max'), right: await sums(64) };
  assert.is(await winner(ways, { 1: 3, 16: 1, 64: 2 }), 'right');
});

test('a way that cannot be run is out, and the guess must run', async () => {
  const { launches } = await sums(1);
  const first = launches[0]!;
  const broken = { launches: [{ ...first, program: { name: 'broken', source: 'fn main( {' } }] };
  assert.is(await winner({ guess: await sums(1), broken }, { 1: 1 }), 'guess');
  try {
    await winner({ broken, other: await sums(1) }, { 1: 1 });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, DeviceError);
  }
});

test('sums may differ in their last digits, whole numbers and NaN may not', () => {
  const near = Float32Array.of(1000, 1.5);
  assert.ok(agree(near, Float32Array.of(1000, 1)));
  assert.not(agree(near, Float32Array.of(1000, 3)));
  assert.not(agree(near, Float32Array.of(1000, Number.NaN)));
  assert.not(agree(Float32Array.of(Number.NaN, 1), near));
  assert.ok(agree(Int32Array.of(9999, 1), Int32Array.of(9999, 1)));
  assert.not(agree(Int32Array.of(9999, 1), Int32Array.of(9999, 2)));
});

test.run();
