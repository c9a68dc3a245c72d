import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  closeDevice,
  compile,
  crossEntropy,
  type Device,
  explain,
  nn,
  openDevice,
  openWasm,
  optim,
  random,
  setDevice,
  softmax,
  tensor,
} from '../../../src/index.ts';
import { rejects } from '../../tensor/refusal.ts';
import { asGpu } from '../as-gpu.ts';
import { withClock } from './scripted-clock.ts';

const test = suite('tuning: tuner');

let folder = '';
const { XDG_CACHE_HOME } = process.env;
test.before.each(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgrad-tuner-'));
  process.env.XDG_CACHE_HOME = folder;
});
test.after.each(async () => {
  closeDevice();
  await rm(folder, { recursive: true });
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
});

/** By the columns that a workgroup takes: more are slower, or faster. */
const columnsOf = (source: string) => Number(/const COLUMNS = (\d+)u/.exec(source)?.[1] ?? 64);

/** A device that takes itself for a GPU to be tuned. */
async function tunable(clock: (source: string) => number, on?: Device) {
  const device = on ?? (await openDevice()).device;
  const compiled: string[] = [];
  const own = {
    tuning: 'a GPU of the tests',
    compile: (programs: Parameters<Device['compile']>[0]) => {
      compiled.push(...programs.map(({ source }) => source));
      return device.compile(programs);
    },
  };
  const gpu = new Proxy(asGpu(device), {
    get: (target, key) => Reflect.get(own, key) ?? Reflect.get(target, key),
  });
  const clocked = withClock(gpu, clock);
  await setDevice(clocked.device);
  return { ...clocked, compiled };
}

const rows = 400;
const values = Float32Array.from({ length: rows * 32 }, (_, i) => (i % 7) - 3);
const wanted = Array.from({ length: 32 }, (_, c) =>
  Array.from({ length: rows }, (_, r) => values[r * 32 + c] as number).reduce((a, b) => a + b),
);
const sum = () => tensor(values, [rows, 32]).sum(0);
const sums = async () => [...(await sum().data())];

test('the first plan computes with what was measured, later ones measure nothing', async () => {
  for (const [clock, best] of [
    [(source: string) => columnsOf(source), 1],
    [(source: string) => 1 / columnsOf(source), 8],
  ] as const) {
    await rm(join(folder, 'wgrad'), { recursive: true, force: true });
    const { timed, compiled } = await tunable(clock);
    assert.equal(await sums(), wanted);
    assert.ok(timed.size > 1);
    assert.is(columnsOf(compiled.at(-1) ?? ''), best);
    timed.clear();
    // Eight columns of four elements.
    assert.is((await explain(sum())).rows[0]?.workgroups, 8 / best);
    assert.equal(await sums(), wanted);
    assert.is(timed.size, 0);
    closeDevice();
  }
});

test('another process finds what was measured in a file', async () => {
  const first = await tunable((source) => columnsOf(source));
  assert.equal(await sums(), wanted);
  closeDevice();
  assert.is((await readdir(join(folder, 'wgrad', 'tuned'))).length, 1);
  const again = await tunable((source) => 1 / columnsOf(source));
  assert.equal(await sums(), wanted);
  assert.is(again.timed.size, 0);
  assert.is(columnsOf(again.compiled.at(-1) ?? ''), columnsOf(first.compiled.at(-1) ?? ''));
});

test('what cannot be kept is not used', async () => {
  await writeFile(join(folder, 'wgrad'), 'no folder');
  const { timed, compiled } = await tunable((source) => 1 / columnsOf(source));
  assert.equal(await sums(), wanted);
  assert.ok(timed.size > 1);
  const guess = compiled[0];
  assert.is(compiled.at(-1), guess);
  timed.clear();
  await tensor(values, [rows, 32]).sum(0).exp().data();
  assert.is(timed.size, 0, 'nor measured again');
});

test('graphs of steps that are computed together, and compiled functions', async () => {
  const { timed } = await tunable((source) => columnsOf(source));
  const step = compile((x: ReturnType<typeof tensor>) => x.mul(2).sum(0).sub(1));
  for (let i = 0; i < 3; i++) {
    const result = await step(tensor(values, [rows, 32]));
    assert.equal(
      [...(await result.data())],
      wanted.map((sum) => 2 * sum - 1),
    );
    if (i === 0) timed.clear();
  }
  assert.is(timed.size, 0);
});

/** The losses of some training steps of a small network. */
async function losses(): Promise<number[]> {
  random.seed(2);
  const model = nn.sequential([
    nn.conv2d(4, 3, { activation: 'relu' }),
    nn.flatten(),
    nn.dense(9, { activation: 'relu' }),
    nn.dense(3),
  ]);
  model.build([8, 8, 4]);
  const optimizer = optim.adam(model.trainableVariables, { lr: 0.05 });
  const found: number[] = [];
  for (let step = 0; step < 4; step++) {
    const images = random.normal([12, 8, 8, 4], { seed: step });
    const labels = tensor(
      Int32Array.from({ length: 12 }, (_, i) => i % 3),
      [12],
    );
    const loss = crossEntropy(model.forward(images, { training: true }), labels).mean();
    await optimizer.step(loss);
    found.push(await loss.item());
  }
  return found;
}

test('a training comes to the same, but for last bits, whatever is picked', async () => {
  const guessed = asGpu(await openWasm());
  await setDevice(guessed);
  const expected = await losses();
  closeDevice();
  const sources = new Map<string, number>();
  // Each program that is new is faster than all before.
  const clock = (source: string) =>
    1 / (sources.get(source) ?? sources.set(source, sources.size + 1).size);
  const { timed } = await tunable(clock, await openWasm());
  const actual = await losses();
  assert.ok([...timed].some((source) => /conv2d|TILE_ROWS/.test(source)));
  actual.forEach((loss, i) => {
    assert.ok(Math.abs(loss - (expected[i] as number)) < 1e-4, `${actual}, not ${expected}`);
  });
});

test('the CPU device is tuned where it is asked for, and remembers', async () => {
  const { WGRAD_TUNE } = process.env;
  delete process.env.WGRAD_TUNE;
  assert.is((await openWasm()).tuning, undefined);
  process.env.WGRAD_TUNE = '1';
  assert.ok((await openWasm()).tuning);
  if (WGRAD_TUNE === undefined) delete process.env.WGRAD_TUNE;
  else process.env.WGRAD_TUNE = WGRAD_TUNE;
  await rejects(() => openWasm({ tune: 1 as never }), ArgumentError, /tune/);

  const cpu = async (clock: (source: string) => number) => {
    const clocked = withClock(await openWasm({ tune: true, threads: 1 }), clock);
    await setDevice(clocked.device);
    return clocked;
  };
  const rowsOf = (source: string) => Number(/const ROWS = (\d+)u/.exec(source)?.[1] ?? 1);
  const [a, b] = [random.normal([40, 600], { seed: 1 }), random.normal([600, 50], { seed: 2 })];
  const product = async () => [...(await a.matMul(b).data())];
  await setDevice('wasm');
  const expected = await product();
  closeDevice();
  const { timed } = await cpu((source) => 1 / rowsOf(source));
  const actual = await product();
  assert.ok(timed.size > 2);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] as number)) < 1e-3, `${value}, not ${expected[i]}`);
  });
  closeDevice();
  const [file = ''] = await readdir(join(folder, 'wgrad', 'tuned'));
  const kept = await readFile(join(folder, 'wgrad', 'tuned', file), 'utf8');
  assert.match(kept, /"matmul 1\+x48x768x64\+ 00 #\w+": "8x[48] in /);
  const again = await cpu((source) => rowsOf(source));
  assert.equal(await product(), actual);
  assert.is(again.timed.size, 0);
});

test('what reads f16, and rows of logits, is measured too', async () => {
  const { timed } = await tunable((source) => 1 / source.length);
  const names = async (compute: () => Promise<unknown>) => {
    timed.clear();
    await compute();
    const [file = ''] = await readdir(join(folder, 'wgrad', 'tuned'));
    const { choices } = JSON.parse(await readFile(join(folder, 'wgrad', 'tuned', file), 'utf8'));
    return Object.keys(choices).join('; ');
  };
  const x = random.normal([24, 40], { seed: 1 });
  const halves = x.cast('f16');
  await halves.data();
  assert.match(
    await names(() => halves.cast('f32').matMul(x.transpose()).data()),
    /matmul [^;]* f16,f32 #/,
  );
  assert.ok(timed.size > 1);
  assert.match(await names(() => softmax(x).data()), /softmax 24x48 #/);
  const labels = tensor(
    Int32Array.from({ length: 24 }, (_, i) => i),
    [24],
  );
  assert.match(await names(() => crossEntropy(x, labels).data()), /cross_entropy 24x48 f32,i32 #/);
  assert.match(await names(() => x.argMax(1).data()), /argMax /);
});

test.run();
