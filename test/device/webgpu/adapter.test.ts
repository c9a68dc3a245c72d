import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  describe,
  identityOf,
  isSoftware,
  isTunedUnasked,
  lanesOf,
  requestAdapter,
} from '../../../src/device/webgpu/adapter.ts';
import { DeviceError } from '../../../src/errors.ts';

const info = (facts: Partial<GPUAdapterInfo>) =>
  ({
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    isFallbackAdapter: false,
    ...facts,
  }) as GPUAdapterInfo;

test('an adapter is called what it calls itself, else by its parts', () => {
  assert.is(describe(info({ description: 'NVIDIA H100', vendor: 'nvidia' })), 'NVIDIA H100');
  const h100 = { device: 'nvidia-h100-80gb-hbm3', description: 'NVIDIA: 550.54.15' };
  assert.is(describe(info(h100)), 'nvidia-h100-80gb-hbm3');
  assert.is(describe(info({ device: '0x2330', description: 'NVIDIA H100' })), 'NVIDIA H100');
  assert.is(describe(info({ vendor: 'nvidia', device: '2330' })), 'nvidia');
  assert.is(describe(info({ vendor: 'apple', architecture: 'metal-3' })), 'apple metal-3');
  assert.is(describe(info({})), 'unknown');
});

test('what is measured on an adapter is kept under its hardware and its driver', () => {
  const h100 = { vendor: 'nvidia', device: 'nvidia-h100', description: 'NVIDIA: 550.54.15' };
  assert.is(identityOf(info(h100)), 'nvidia nvidia-h100 NVIDIA: 550.54.15');
});

test('hardware is tuned unasked where WGRAD_TUNE is 1, software never', () => {
  const before = process.env.WGRAD_TUNE;
  try {
    for (const [value, tuned] of [
      ['1', true],
      ['0', false],
      ['', false],
    ] as const) {
      process.env.WGRAD_TUNE = value;
      assert.is(isTunedUnasked(info({ vendor: 'nvidia' })), tuned);
      assert.is(isTunedUnasked(info({ description: 'llvmpipe' })), false);
    }
  } finally {
    if (before === undefined) delete process.env.WGRAD_TUNE;
    else process.env.WGRAD_TUNE = before;
  }
});

test('adapters that run on the CPU are told from those that do not', () => {
  const software = [
    { description: 'llvmpipe: Mesa 25.0.7 (LLVM 15.0.6)' },
    { vendor: 'google', architecture: 'swiftshader' },
    { description: 'Microsoft Basic Render Driver' },
    { vendor: 'mesa', device: 'lavapipe' },
    { device: 'some-pipe', description: 'llvmpipe: Mesa 25.0.7 (LLVM 15.0.6)' },
    { vendor: 'unknown', isFallbackAdapter: true },
  ];
  for (const facts of software) assert.ok(isSoftware(info(facts)), JSON.stringify(facts));
  const hardware = [
    { description: 'NVIDIA H100 80GB HBM3' },
    { vendor: 'intel', architecture: 'gen-12lp' },
    { vendor: 'apple', architecture: 'metal-3' },
  ];
  for (const facts of hardware) assert.not(isSoftware(info(facts)), JSON.stringify(facts));
});

test('how many invocations a GPU runs at once is guessed by its vendor', () => {
  assert.is(lanesOf(info({ vendor: 'nvidia', architecture: 'ampere' })), 40_000);
  assert.is(lanesOf(info({ vendor: 'amd', description: 'AMD Radeon RX 7900 XTX' })), 40_000);
  assert.is(lanesOf(info({ vendor: 'amd', device: 'amd-radeon-rx-7900-xtx' })), 40_000);
  assert.is(lanesOf(info({ vendor: 'amd', description: 'AMD Radeon Graphics' })), 16_000);
  assert.is(lanesOf(info({ vendor: 'apple', architecture: 'metal-3' })), 6_000);
  assert.is(lanesOf(info({ vendor: 'intel', architecture: 'gen-12lp' })), 6_000);
  assert.is(lanesOf(info({})), 16_000);
});

test('where there is no adapter the error says how to get one', async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const gpu = { requestAdapter: async () => null };
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    await requestAdapter();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, DeviceError);
    assert.match((error as Error).message, 'setup-vulkan.sh');
  } finally {
    if (own) Object.defineProperty(globalThis, 'navigator', own);
    else delete (globalThis as { navigator?: unknown }).navigator;
  }
});

test.run();
