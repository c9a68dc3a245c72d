import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SubmissionTimes } from '../../../src/device/device.ts';
import { WebGpuDevice } from '../../../src/device/webgpu/webgpu-device.ts';
import {
  type AnyTensor,
  ArgumentError,
  compile,
  type Device,
  device,
  FileError,
  ones,
  openDevice,
  optim,
  profile,
  realize,
  setDevice,
  tensor,
  Variable,
} from '../../../src/index.ts';
import { rejects } from '../../tensor/refusal.ts';

const test = suite('profile');

const a = ones([48, 64]);
const b = ones([64, 16]);
const product = () => realize(a.matMul(b).exp().sum());

/** Whether the device in use has a clock for dispatches. */
async function isTold(): Promise<boolean> {
  const on = await device();
  return !(on instanceof WebGpuDevice) || on.gpu.features.has('timestamp-query');
}

/** The device in use, whose times are changed by this. */
function withTimes(on: Device, change: (times: SubmissionTimes) => Partial<SubmissionTimes>) {
  const time: Device['time'] = async (...args) => {
    const times = await on.time(...args);
    return { ...times, ...change(times) };
  };
  return new Proxy(on, {
    get(target, key) {
      if (key === 'time') return time;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('rows say what each kernel did, and how long', async () => {
  const found = await profile(product);
  const matmul = found.rows.find(({ flops }) => flops !== undefined)!;
  assert.match(matmul.kernel, /^matmul/);
  assert.match(matmul.shapes, /→ 48×16$/);
  assert.is(matmul.flops, 2 * 48 * 64 * 16);
  assert.is(matmul.calls, 1);
  assert.ok(matmul.workgroups > 0);
  assert.ok(matmul.bytesRead >= 4 * (48 * 64 + 64 * 16));
  assert.ok(matmul.bytesWritten >= 4 * 48 * 16);
  assert.is(
    found.dispatches,
    found.rows.reduce((sum, { calls }) => sum + calls, 0),
  );
  assert.ok(found.ms > 0);
  if (!(await isTold())) return;
  const us = found.rows.map((row) => row.us!);
  assert.equal(
    us,
    [...us].sort((x, y) => y - x),
    'the longest first',
  );
  assert.ok(Math.abs(us.reduce((x, y) => x + y) - found.us!) < 1e-6);
  if (found.us === 0) return;
  const shares = found.rows.reduce((sum, { share }) => sum + share!, 0);
  assert.ok(Math.abs(shares - 1) < 1e-9);
});

test('dispatches of one kernel on the same shapes are one row', async () => {
  const { rows } = await profile(async () => {
    for (let i = 0; i < 3; i++) await realize(a.matMul(b));
  });
  const { calls, us, flops, bytesRead, bytesWritten, ...rates } = rows.find((row) => row.flops)!;
  assert.is(calls, 3);
  if (!us) return;
  assert.ok(Math.abs(rates.gbPerSecond! * 1e3 * us - 3 * (bytesRead + bytesWritten)) < 1);
  assert.ok(Math.abs(rates.tflopPerSecond! * 1e6 * us - 3 * flops!) < 1);
});

test('printed, it is a table', async () => {
  const found = await profile(product);
  const lines = String(found).split('\n');
  assert.match(lines[0]!, /^kernel +shapes +calls +workgroups +MB +MFLOP/);
  assert.is(lines[0]!.includes('µs'), await isTold());
  assert.is(lines.filter((line) => line.startsWith('matmul_')).length > 0, true);
  assert.match(
    lines[found.rows.length + 2]!,
    /^\d+ dispatch(es)?.*; the whole call, not split, \d+ µs/,
  );
});

test('the function is called once, and as often as is said for each of two times', async () => {
  let calls = 0;
  const counted = () => {
    calls++;
    return product();
  };
  await profile(counted, { calls: 2 });
  assert.is(calls, 5);
});

test('steps move as they do unwatched, compiled ones too', async () => {
  const steps = (v: Variable) => {
    const optimizer = optim.adam([v], { lr: 0.1 });
    return () => optimizer.step(v.value.sub(3).square().sum() as AnyTensor);
  };
  const [plain, watched, compiled] = [1, 2, 3].map(() => new Variable(tensor([1, 2, 4])));
  const take = steps(plain!);
  for (let i = 0; i < 5; i++) await take();
  await profile(steps(watched!), { calls: 2 });
  const step = steps(compiled!);
  const replayed = compile(() => {
    step();
  });
  const { rows } = await profile(() => replayed(), { calls: 2 });
  assert.ok(rows.some(({ kernel }) => kernel === 'adam'));
  const expected = [...(await plain!.data())];
  assert.equal([...(await watched!.data())], expected);
  assert.equal([...(await compiled!.data())], expected);
});

test('what is not awaited is waited for', async () => {
  const { rows } = await profile(() => {
    product();
  });
  assert.ok(rows.length > 0);
});

test('spans are within the call, by lanes', async () => {
  const { spans, dispatches } = await profile(product);
  assert.ok(spans.every(({ start, ms }) => start >= 0 && ms > 0));
  const lanes = new Set(spans.map(({ lane }) => lane));
  for (const lane of ['build', 'capture', 'device'] as const) assert.ok(lanes.has(lane), lane);
  const capture = spans.find(({ lane }) => lane === 'capture')!;
  const ran = spans.find(({ lane }) => lane === 'device')!;
  assert.ok(capture.start + capture.ms <= ran.start);
  if (!(await isTold())) return;
  const kernels = spans.filter(({ lane }) => lane === 'device');
  assert.ok(kernels.length <= dispatches);
  assert.ok(kernels.every(({ name, facts }) => facts?.kernel === name));
});

test('a trace has a lane each and an event for each span', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-profile-'));
  try {
    const file = join(folder, 'trace.json');
    const { spans } = await profile(product, { trace: file });
    interface Event {
      ph: string;
      name: string;
      tid: number;
      ts?: number;
      dur?: number;
      args: Record<string, unknown>;
    }
    const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as { traceEvents: Event[] };
    const lanes = traceEvents.filter(({ ph }) => ph === 'M');
    assert.equal(
      lanes.map(({ args }) => args.name),
      ['build', 'capture', 'encode', 'submit', 'device'],
    );
    const events = traceEvents.filter(({ ph }) => ph === 'X');
    assert.equal(
      events.map(({ name, tid, ts, dur }) => [lanes[tid]!.args.name, name, ts, dur]),
      spans.map(({ lane, name, start, ms }) => [lane, name, start * 1e3, ms * 1e3]),
    );
    await rejects(() => profile(product, { trace: folder }), FileError, /cannot be written/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a device without timestamps says so, and tells the rest', async () => {
  const own = await device();
  await setDevice(withTimes(own, () => ({ dispatches: undefined })));
  try {
    const found = await profile(product);
    assert.is(found.us, undefined);
    assert.match(found.note!, /no timestamps/);
    assert.match(String(found), /^kernel +shapes +calls +workgroups +MB +MFLOP\n/);
    assert.match(String(found), /no timestamps/);
    assert.ok(
      found.rows.every(({ us, share, gbPerSecond }) => (us ?? share ?? gbPerSecond) === undefined),
    );
    assert.ok(found.spans.some(({ lane }) => lane === 'device'));
    assert.ok(found.ms > 0);
  } finally {
    await setDevice(own);
  }
});

test('a coarse clock is told of', async () => {
  const own = await device();
  const even = ({ dispatches }: SubmissionTimes) => dispatches?.map(() => 0.065536);
  await setDevice(
    withTimes(own, (times) => ({ dispatches: even(times) ?? [], resolution: 0.065536 })),
  );
  try {
    assert.match((await profile(product)).note!, /steps of 66 µs/);
  } finally {
    await setDevice(own);
  }
});

test('nothing is timed when nothing is profiled', async () => {
  const own = await device();
  let timed = 0;
  await setDevice(
    withTimes(own, () => {
      timed++;
      return {};
    }),
  );
  try {
    await product();
    assert.is(timed, 0);
    await profile(product, { calls: 1 });
    assert.is(timed, 1);
    await product();
    assert.is(timed, 1);
  } finally {
    await setDevice(own);
  }
});

test('mistakes are told, and leave nothing behind', async () => {
  const computed = a.add(1);
  for (const nothing of [() => a.add(1), () => computed.data()]) {
    await rejects(() => profile(nothing), ArgumentError, /computed nothing.*await t\.data\(\)/);
  }
  await rejects(() => profile(3 as never), ArgumentError, /must be a function; got/);
  await rejects(
    () => profile(product, { file: 'x' } as never),
    ArgumentError,
    /'file'.*calls, trace/,
  );
  await rejects(() => profile(product, { calls: 0 }), ArgumentError, /calls/);
  await rejects(() => profile(product, { trace: '' }), ArgumentError, /trace/);
  await rejects(
    () => profile(() => profile(product)),
    ArgumentError,
    /another profile is under way/,
  );
  const failing = async () => {
    await product();
    throw new RangeError('of its own');
  };
  await rejects(() => profile(failing), RangeError, /of its own/);
  assert.ok((await profile(product)).rows.length > 0);
});

test('another device is profiled after it was set', async () => {
  const own = await device();
  const { device: other } = await openDevice('wasm');
  await setDevice(other);
  try {
    assert.ok((await profile(product)).us! > 0);
  } finally {
    await setDevice(own);
    other.destroy();
  }
});

test.run();
