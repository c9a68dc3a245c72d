// Dawn, which writes down what a library compiles and dispatches, and runs none of it: only what
// shaders there are is asked, and a software driver would take minutes to compute.
import { installNavigatorGpu } from '../peers/dawn.ts';
import type { Launched } from './kernels.ts';

type Kernel = Omit<Launched, 'workgroups'>;

/** Puts it at `navigator.gpu`; returns what gives the dispatches since its last call. */
export function installWatchedGpu(): () => Launched[] {
  installNavigatorGpu();
  const sources = new WeakMap<GPUShaderModule, string>();
  const kernels = new WeakMap<GPUComputePipeline, Kernel>();
  const bound = new WeakMap<GPUComputePassEncoder, Kernel>();
  let launches: Launched[] = [];

  const device = GPUDevice.prototype;
  const { createShaderModule, createComputePipeline, createComputePipelineAsync } = device;
  device.createShaderModule = function (descriptor) {
    const module = createShaderModule.call(this, descriptor);
    sources.set(module, descriptor.code);
    return module;
  };
  const know = (pipeline: GPUComputePipeline, descriptor: GPUComputePipelineDescriptor) => {
    const { module, entryPoint } = descriptor.compute;
    const source = sources.get(module) ?? '';
    kernels.set(pipeline, {
      label: descriptor.label ?? '',
      source,
      entryPoint: entryPoint ?? /@compute[^{]*?fn\s+(\w+)/.exec(source)?.[1] ?? 'main',
    });
    return pipeline;
  };
  device.createComputePipeline = function (descriptor) {
    return know(createComputePipeline.call(this, descriptor), descriptor);
  };
  device.createComputePipelineAsync = async function (descriptor) {
    return know(await createComputePipelineAsync.call(this, descriptor), descriptor);
  };

  const pass = GPUComputePassEncoder.prototype;
  const { setPipeline } = pass;
  pass.setPipeline = function (pipeline) {
    const kernel = kernels.get(pipeline);
    if (kernel) bound.set(this, kernel);
    setPipeline.call(this, pipeline);
  };
  pass.dispatchWorkgroups = function (x, y = 1, z = 1) {
    const kernel = bound.get(this);
    if (kernel) launches.push({ ...kernel, workgroups: x * y * z });
  };

  return () => {
    const taken = launches;
    launches = [];
    return taken;
  };
}
