import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRuntime } from '../../../src/graph/execution/current-runtime.ts';
import {
  type AnyTensor,
  device,
  OutOfMemoryError,
  realize,
  tensor,
  zeros,
} from '../../../src/index.ts';

const test = suite('memory of the device');
const MB = 1024 * 1024;

/** The most bytes that the device had after a round. */
async function peakOf(rounds: number, round: (i: number) => Promise<unknown>): Promise<number> {
  const { counters } = await device();
  const before = counters.bytes;
  let most = 0;
  for (let i = 0; i < rounds; i++) {
    await round(i);
    most = Math.max(most, counters.bytes - before);
  }
  return most;
}

test('results that nobody keeps do not pile up', async () => {
  const x = await zeros([4 * MB]).realize();
  // 50 results of 16 MB are 800 MB.
  assert.ok((await peakOf(50, (i) => realize(x.add(i)))) < 450 * MB);
});

test('large host data of one step after the other does not pile up', async () => {
  const data = new Float32Array(5 * MB);
  const peak = await peakOf(40, () => tensor(data, [data.length]).sum().item());
  assert.ok(peak < 450 * MB);
});

test('plans of many shapes do not each keep their inputs', async () => {
  const data = new Float32Array(3 * MB + 1000);
  const sums = async (i: number) => {
    const x = data.subarray(0, 3 * MB + i);
    x[0] = i;
    assert.is(await tensor(x, [x.length]).sum().item(), i);
  };
  // 45 inputs of 12 MB are 540 MB. What went back is sent again.
  assert.ok((await peakOf(45, sums)) < 400 * MB);
  assert.ok((await peakOf(45, sums)) < 400 * MB);
});

test('what is asked for in one breath is computed, however many shapes it has', async () => {
  const sums = Array.from({ length: 300 }, (_, i) =>
    zeros([i + 1])
      .add(1)
      .sum()
      .item(),
  );
  assert.equal(
    await Promise.all(sums),
    Array.from({ length: 300 }, (_, i) => i + 1),
  );
});

test('where memory runs out, what nobody holds is collected and the work done again', async () => {
  await device();
  const memory = openRuntime()?.memory;
  assert.ok(memory);
  await memory.collect();
  memory.giveBackUnused();
  const on = await device();
  const create = on.createBuffer;
  let refusals = 1;
  on.createBuffer = (bytes, label) => {
    if (refusals-- > 0) throw new OutOfMemoryError(`${label} needs too much`);
    return create.call(on, bytes, label);
  };
  try {
    const y: AnyTensor = zeros([777_777]).add(1);
    assert.is((await y.data())[0], 1);
    assert.ok(refusals < 0);
    // Where there is none at all, that is said, and nothing is lost.
    const live = memory.pool.liveSlices;
    refusals = Number.POSITIVE_INFINITY;
    const z: AnyTensor = zeros([7_777_777]).add(2);
    try {
      await z.realize();
      assert.unreachable();
    } catch (error) {
      assert.instance(error, OutOfMemoryError);
    }
    assert.ok(memory.pool.liveSlices <= live);
    refusals = 0;
    assert.is((await z.data())[0], 2);
  } finally {
    on.createBuffer = create;
  }
});

test.run();
