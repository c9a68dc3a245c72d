import type { WebGpuDevice } from '../../src/device/webgpu/webgpu-device.ts';
import { device, openWebGpu, setDevice } from '../../src/index.ts';

/** Has the library compute on WebGPU from here on, where calls can be counted. */
export async function computeOnWebGpu(): Promise<void> {
  if ((await device()).kind !== 'webgpu') setDevice(await openWebGpu());
}

/** How often the library has asked WebGPU itself for something. */
export interface GpuCalls {
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

/** Counts the calls of the library's device to WebGPU while `work` runs. */
export async function gpuCalls(work: () => Promise<unknown>): Promise<GpuCalls> {
  const { gpu } = (await device()) as WebGpuDevice;
  const counts: GpuCalls = { buffers: 0, bindGroups: 0, pipelines: 0, shaders: 0, submits: 0 };
  const undo: (() => void)[] = [];
  const watch = (object: object, method: string, counter: keyof GpuCalls) => {
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

export const NONE: GpuCalls = { buffers: 0, bindGroups: 0, pipelines: 0, shaders: 0, submits: 0 };
