import type { Device, DeviceCounters } from '../../src/device/device.ts';
import type { WebGpuDevice } from '../../src/device/webgpu/webgpu-device.ts';
import { device } from '../../src/index.ts';

/** How often the library has asked the device for something. */
export interface DeviceCalls {
  buffers: number;
  bindGroups: number;
  pipelines: number;
  shaders: number;
  submits: number;
}

const methods = {
  createBuffer: 'buffers',
  createBindGroup: 'bindGroups',
  createComputePipeline: 'pipelines',
  createComputePipelineAsync: 'pipelines',
  createShaderModule: 'shaders',
} as const;

// biome-ignore lint/suspicious/noExplicitAny: methods are replaced by name
type Methods = Record<string, (...args: any[]) => unknown>;

/**
 * Counts what is asked of the device while `work` runs: calls of the real `GPUDevice` and its
 * queue, or what the CPU device says it has made and done.
 */
export async function deviceCalls(work: () => Promise<unknown>): Promise<DeviceCalls> {
  const on = await device();
  return on.kind === 'webgpu' ? gpuCalls((on as WebGpuDevice).gpu, work) : counted(on, work);
}

/** Submissions it takes to read a result: WebGPU copies it to where the host can see it. */
export async function submitsPerRead(): Promise<number> {
  return (await device()).kind === 'webgpu' ? 1 : 0;
}

async function counted(on: Device, work: () => Promise<unknown>): Promise<DeviceCalls> {
  const before = { ...on.counters };
  await work();
  const since = (key: keyof DeviceCounters) => on.counters[key] - before[key];
  return {
    buffers: since('buffersCreated'),
    bindGroups: since('bindGroups'),
    pipelines: since('pipelines'),
    shaders: since('pipelines'),
    submits: since('submits'),
  };
}

async function gpuCalls(gpu: GPUDevice, work: () => Promise<unknown>): Promise<DeviceCalls> {
  const counts: DeviceCalls = { buffers: 0, bindGroups: 0, pipelines: 0, shaders: 0, submits: 0 };
  const undo: (() => void)[] = [];
  const watch = (object: object, method: string, counter: keyof DeviceCalls) => {
    const target = object as Methods;
    const original = target[method] as (...args: unknown[]) => unknown;
    target[method] = (...args) => {
      counts[counter]++;
      return original.apply(object, args);
    };
    undo.push(() => {
      delete target[method];
    });
  };
  for (const [method, counter] of Object.entries(methods)) watch(gpu, method, counter);
  watch(gpu.queue, 'submit', 'submits');
  try {
    await work();
  } finally {
    for (const restore of undo) restore();
  }
  return counts;
}

export const NONE: DeviceCalls = {
  buffers: 0,
  bindGroups: 0,
  pipelines: 0,
  shaders: 0,
  submits: 0,
};
