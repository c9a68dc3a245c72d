import type { Device, DeviceBuffer, Program } from '../../../../src/device/device.ts';
import { openWebGpu } from '../../../../src/device/webgpu/webgpu-device.ts';

let opened: Promise<Device | undefined> | undefined;

/** The WebGPU device to compare with; undefined, with a word about it, where there is none. */
export function dawn(): Promise<Device | undefined> {
  opened ??= openWebGpu().then(
    (device) => {
      process.once('exit', () => device.destroy());
      return device;
    },
    () => {
      console.log('no WebGPU adapter: kernels are compiled and run, but not compared');
      return undefined;
    },
  );
  return opened;
}

/** Runs a program on WebGPU; the buffers it writes are changed in place. */
export async function runOnDawn(
  device: Device,
  program: Program,
  buffers: readonly Uint32Array[],
  params: Uint32Array,
  workgroups: number,
): Promise<void> {
  const [kernel] = await device.compile([program]);
  if (!kernel) throw new Error('not compiled');
  const made: DeviceBuffer[] = [];
  const slices = buffers.map((data, i) => {
    const bytes = Math.ceil(data.byteLength / 16) * 16;
    const buffer = device.createBuffer(bytes, `buffer ${i}`);
    made.push(buffer);
    const slice = { buffer, offset: 0, bytes };
    device.write(slice, data);
    return slice;
  });
  const recording = device.record([{ kernel, bindings: slices, params, workgroups }]);
  await device.submit(recording, []);
  for (const [i, slice] of slices.entries()) {
    const data = buffers[i] as Uint32Array;
    data.set(new Uint32Array(await device.read(slice), 0, data.length));
  }
  recording.destroy();
  for (const buffer of made) buffer.destroy();
}
