import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requestAdapter } from '../../../src/device/webgpu/adapter.ts';
import { WebGpuDevice } from '../../../src/device/webgpu/webgpu-device.ts';

const test = suite('the clock of dispatches');

const nothing = {
  name: 'nothing',
  source: `
@group(0) @binding(0) var<uniform> params: vec4<u32>;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(1) fn main() { words[0] += params.x; }`,
};

/** The times of so many dispatches on a device that was requested with these features. */
async function timesOf(count: number, requiredFeatures: GPUFeatureName[]) {
  const adapter = await requestAdapter();
  const gpu = await adapter.requestDevice({ requiredFeatures });
  const device = new WebGpuDevice(gpu, adapter.info);
  try {
    const [kernel] = await device.compile([nothing]);
    const bindings = [{ buffer: device.createBuffer(16, 'test'), offset: 0, bytes: 16 }];
    const dispatch = { kernel: kernel!, bindings, params: new Uint32Array(4), workgroups: 1 };
    const recording = device.record(Array(count).fill(dispatch));
    return await device.time(recording, []);
  } finally {
    device.destroy();
  }
}

async function hasTimestamps(): Promise<boolean> {
  return (await requestAdapter()).features.has('timestamp-query');
}

test('more dispatches than a query set holds are all timed', async () => {
  if (!(await hasTimestamps())) return;
  const { dispatches, resolution } = await timesOf(4100, ['timestamp-query']);
  assert.is(dispatches?.length, 4100);
  assert.ok(dispatches!.every((ms) => ms >= 0 && ms < 1000));
  assert.ok(dispatches!.some((ms) => ms > 0));
  assert.ok(
    dispatches!.every((ms) => Math.abs(ms / resolution - Math.round(ms / resolution)) < 1e-6),
  );
});

test('without the feature there are no times of dispatches', async () => {
  const { dispatches, submitted, finished } = await timesOf(2, []);
  assert.is(dispatches, undefined);
  assert.ok(submitted <= finished);
});

test('WGRAD_DAWN has Dawn tell exact times', async () => {
  if (!(await hasTimestamps())) return;
  const index = new URL('../../../src/index.ts', import.meta.url).href;
  const script = `
    const { ones, profile, setDevice } = await import(${JSON.stringify(index)});
    await setDevice('webgpu');
    const { note } = await profile(() => ones([64, 64]).matMul(ones([64, 64])).data());
    console.log(note === undefined ? 'exact' : note);
    process.exit();`;
  const loaders = ['tsx', './scripts/wgsl-loader.mjs'].flatMap((loader) => ['--import', loader]);
  const said = async (WGRAD_DAWN: string) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...loaders, '--input-type=module', '-e', script],
      {
        cwd: fileURLToPath(new URL('../../..', import.meta.url)),
        env: { ...process.env, WGRAD_DAWN },
      },
    );
    return stdout.trim();
  };
  assert.match(await said(''), /counts in steps of \d+ µs/);
  assert.is(await said('disable-dawn-features=timestamp_quantization'), 'exact');
});

test.run();
