import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWebGpu } from '../../../src/device/webgpu/webgpu-device.ts';
import { openRuntime } from '../../../src/graph/execution/current-runtime.ts';
import {
  type AnyTensor,
  closeDevice,
  OutOfMemoryError,
  realize,
  setDevice,
  tensor,
  Variable,
  zeros,
} from '../../../src/index.ts';

const test = suite('a GPU without memory');

/**
 * A GPU that has no memory for the next `refusals` buffers of `least` bytes, in the way of the standard: what
 * is made is an invalid buffer, and the error scope around it tells of that later.
 */
async function openShort() {
  const device = await openWebGpu();
  const { gpu } = device;
  const state = { refusals: 0, least: 2 ** 20, stray: [] as string[] };
  gpu.addEventListener('uncapturederror', (event) =>
    state.stray.push((event as GPUUncapturedErrorEvent).error.message),
  );
  const [create, pop] = [gpu.createBuffer.bind(gpu), gpu.popErrorScope.bind(gpu)];
  let isShort = false;
  gpu.createBuffer = (wanted) => {
    if (wanted.size < state.least || state.refusals <= 0) return create(wanted);
    state.refusals--;
    isShort = true;
    gpu.pushErrorScope('validation');
    const invalid = create({ ...wanted, usage: 0 });
    void pop();
    return invalid;
  };
  gpu.popErrorScope = async () => {
    const tells = isShort;
    isShort = false;
    const error = await pop();
    return tells ? ({ message: 'none left' } as GPUError) : error;
  };
  return { device, state };
}

async function refusalOf(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    assert.instance(error, OutOfMemoryError);
    assert.match((error as Error).message, /does not have \(none left\)/);
    return;
  }
  assert.unreachable('nothing was thrown');
}

/** How many buffers a first try asks for, and the tensor, of a length of its own: none serves again. */
const cases: Record<string, [buffers: number, build: (millions: number) => AnyTensor]> = {
  'a result': [2, (n) => zeros([n * 1e6]).add(1)],
  'a result of host data': [3, (n) => tensor(new Float32Array(n * 1e6).fill(2), [n * 1e6]).sub(1)],
  'large host data': [1, (n) => tensor(new Float32Array(n * 5e6).fill(2), [n * 5e6]).sub(1)],
};

for (const [name, [buffers, build]] of Object.entries(cases)) {
  test(`${name} is tried again, then an OutOfMemoryError, and all goes on`, async () => {
    const { device, state } = await openShort();
    await setDevice(device);
    const pool = openRuntime()!.pool;
    try {
      for (let refusals = 1; refusals <= buffers; refusals++) {
        state.refusals = refusals;
        const y = build(refusals);
        assert.is((await y.data())[0], 1);
        assert.is(state.refusals, 0);
        y.dispose();
      }
      const before = { slices: pool.liveSlices, variable: new Variable(zeros([4])) };
      await before.variable.data();
      const made = device.counters.buffers;
      const y = build(4);
      state.refusals = Number.POSITIVE_INFINITY;
      await refusalOf(() => y.realize());
      assert.ok(device.counters.buffers <= made, 'what is missing is not kept');
      // Small work goes on while there is nothing large.
      before.variable.assign(before.variable.value.add(3));
      assert.equal([...(await before.variable.data())], [3, 3, 3, 3]);
      state.refusals = 0;
      assert.is((await y.data())[0], 1);
      await device.finish();
      assert.equal(state.stray, []);
    } finally {
      closeDevice();
    }
  });
}

test('small tensors do not lie in a slab that is missing', async () => {
  const { device, state } = await openShort();
  await setDevice(device);
  try {
    Object.assign(state, { refusals: Number.POSITIVE_INFINITY, least: 1 });
    const y: AnyTensor = tensor([1, 2]).add(1);
    await refusalOf(() => y.realize());
    state.refusals = 0;
    const all = Array.from({ length: 300 }, (_, i) => tensor([i]).add(1));
    await realize(y, ...all);
    assert.equal([...(await y.data())], [2, 3]);
    for (const [i, one] of all.entries()) assert.is((await one.data())[0], i + 1);
    assert.equal(state.stray, []);
  } finally {
    closeDevice();
  }
});

test.run();
