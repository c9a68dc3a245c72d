// jax-js on its WebGPU device, over Dawn in Node.
import { describeAdapter, installNavigatorGpu } from '../dawn.ts';
import type { Peer } from '../peer.ts';
import { jaxJsPeer } from './jax-js.ts';

export async function start(): Promise<Peer> {
  installNavigatorGpu();
  const jax = await import('@jax-js/jax');
  if (!(await jax.init('webgpu')).includes('webgpu')) {
    throw new Error('no WebGPU adapter for jax-js');
  }
  return jaxJsPeer(jax, 'webgpu', describeAdapter(jax.getWebGPUDevice().adapterInfo));
}
