// How long the host spends in calls of a device.
import type { WebGpuDevice } from '../../src/device/webgpu/webgpu-device.ts';

export interface Spent {
  /** Milliseconds from the creation of an encoder to the end of `finish`. */
  encode: number;
  /** In `writeBuffer` and the queue's `submit`. */
  write: number;
  submit: number;
  /** In wgrad's `submit` as a whole, waiting for the device included. */
  device: number;
}

/** Watches a device from here on; what has been spent is added up in the object returned. */
export function watchCalls(device: WebGpuDevice): Spent {
  const spent: Spent = { encode: 0, write: 0, submit: 0, device: 0 };
  const { gpu } = device;
  const createCommandEncoder = gpu.createCommandEncoder.bind(gpu);
  gpu.createCommandEncoder = (descriptor) => {
    const start = performance.now();
    const encoder = createCommandEncoder(descriptor);
    const finish = encoder.finish.bind(encoder);
    encoder.finish = (options) => {
      const commands = finish(options);
      spent.encode += performance.now() - start;
      return commands;
    };
    return encoder;
  };
  const { queue } = gpu;
  const writeBuffer = queue.writeBuffer.bind(queue);
  queue.writeBuffer = (...args: Parameters<GPUQueue['writeBuffer']>) => {
    const start = performance.now();
    writeBuffer(...args);
    spent.write += performance.now() - start;
  };
  const submitCommands = queue.submit.bind(queue);
  queue.submit = (commands) => {
    const start = performance.now();
    submitCommands(commands);
    spent.submit += performance.now() - start;
  };
  const submit = device.submit.bind(device);
  device.submit = async (...args) => {
    const start = performance.now();
    await submit(...args);
    spent.device += performance.now() - start;
  };
  return spent;
}
