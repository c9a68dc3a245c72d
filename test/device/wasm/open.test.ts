import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Device } from '../../../src/device/device.ts';
import { type DeviceSources, openDevice } from '../../../src/device/open.ts';
import { ArgumentError, DeviceError } from '../../../src/errors.ts';
import { failureOf } from './harness.ts';

const test = suite('open');
const saved = process.env.WGRAD_DEVICE;
test.before.each(() => {
  delete process.env.WGRAD_DEVICE;
});
test.after(() => {
  if (saved === undefined) delete process.env.WGRAD_DEVICE;
  else process.env.WGRAD_DEVICE = saved;
});

const GPU = 'A Fine GPU';
const SOFTWARE = 'llvmpipe (LLVM 15)';
const CPU = 'CPU: 2 threads, WebAssembly SIMD with FMA';
const CPU_FAILS = 'no SIMD instructions';

/** A machine with an adapter of this name or none; its CPU device may fail. */
function machine(adapter: string | undefined, cpuWorks = true): DeviceSources {
  return {
    async requestAdapter() {
      if (adapter === undefined) throw new DeviceError('No WebGPU adapter was found');
      return { info: { description: adapter } as GPUAdapterInfo };
    },
    async openWebGpu() {
      if (adapter === undefined) throw new DeviceError('No WebGPU adapter was found');
      return { kind: 'webgpu', name: adapter } as Device;
    },
    async openWasm() {
      if (!cpuWorks) throw new DeviceError(CPU_FAILS);
      return { kind: 'wasm', name: CPU } as Device;
    },
  };
}

test('auto prefers a GPU, then the CPU, then a GPU that is a CPU', async () => {
  const kinds = async (sources: DeviceSources) => {
    const { device, reason } = await openDevice('auto', sources);
    return `${device.kind}: ${reason}`;
  };
  assert.is(await kinds(machine(GPU)), `webgpu: a GPU adapter was found, so ${GPU} through WebGPU`);
  assert.is(await kinds(machine(undefined)), `wasm: no GPU adapter, so the ${CPU}`);
  assert.is(
    await kinds(machine(SOFTWARE)),
    `wasm: the only GPU adapter is software (${SOFTWARE}), so the ${CPU}`,
  );
  assert.match(await kinds(machine(SOFTWARE, false)), /^webgpu: .*llvmpipe.*no SIMD instructions/);
});

test('the reason says what keeps the CPU from its threads', async () => {
  const whyOneThread = 'the page is not cross-origin isolated';
  const sources: DeviceSources = {
    ...machine(undefined),
    async openWasm() {
      return { kind: 'wasm', name: CPU, whyOneThread } as Device & {
        readonly whyOneThread: string;
      };
    },
  };
  const { reason } = await openDevice('auto', sources);
  assert.is(reason, `no GPU adapter, so the ${CPU} (one thread: ${whyOneThread})`);
});

test("a package 'webgpu' that does not load, or a GPU without a device, is no error", async () => {
  const noPackage: DeviceSources = {
    ...machine(GPU),
    async requestAdapter() {
      throw new DeviceError("The package 'webgpu' could not be loaded: no such file");
    },
  };
  const first = await openDevice('auto', noPackage);
  assert.is(first.device.kind, 'wasm');
  assert.match(first.reason, "no package 'webgpu'");
  const noDevice: DeviceSources = {
    ...machine(GPU),
    async openWebGpu() {
      throw new DeviceError('limits');
    },
  };
  const second = await openDevice('auto', noDevice);
  assert.is(second.device.kind, 'wasm');
  assert.match(second.reason, 'A Fine GPU gave no device (limits)');
});

test('a machine without any device says what each lacks', async () => {
  const error = await failureOf(() => openDevice('auto', machine(undefined, false)));
  assert.instance(error, DeviceError);
  assert.match(error.message, 'no GPU adapter');
  assert.match(error.message, CPU_FAILS);
});

test('a kind that is asked for is opened or fails, and goes before WGRAD_DEVICE', async () => {
  process.env.WGRAD_DEVICE = 'webgpu';
  const { device, reason } = await openDevice('wasm', machine(GPU));
  assert.is(device.kind, 'wasm');
  assert.is(reason, `wasm was asked for, so the ${CPU}`);
  assert.instance(await failureOf(() => openDevice('webgpu', machine(undefined))), DeviceError);
  assert.instance(await failureOf(() => openDevice('wasm', machine(GPU, false))), DeviceError);
});

test('WGRAD_DEVICE chooses where the caller leaves it open', async () => {
  process.env.WGRAD_DEVICE = 'wasm';
  const { device, reason } = await openDevice('auto', machine(GPU));
  assert.is(device.kind, 'wasm');
  assert.match(reason, 'WGRAD_DEVICE=wasm');
  process.env.WGRAD_DEVICE = 'cuda';
  const error = await failureOf(() => openDevice('auto', machine(GPU)));
  assert.instance(error, ArgumentError);
  assert.match(error.message, "WGRAD_DEVICE is 'cuda'; it must be one of auto, webgpu, wasm");
});

test.run();
