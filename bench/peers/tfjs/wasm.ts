// tfjs on its WebAssembly backend.
import type { Peer } from '../peer.ts';
import { tfjsPeer } from './tfjs.ts';

export async function start(): Promise<Peer> {
  const tf = await import('@tensorflow/tfjs-core');
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  // For its side effect: in the builds for Node, this is what registers the gradients.
  await import('@tensorflow/tfjs-layers');
  if (!(await tf.setBackend('wasm'))) throw new Error('no WebAssembly for tfjs');
  await tf.ready();
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  // It never uses threads in Node, and has no count to tell then.
  const threaded = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  const threads = threaded ? `${getThreadsCount()} threads` : '1 thread (it has no more in Node)';
  const adapter = `CPU: ${threads}, WebAssembly${simd ? ' SIMD' : ''}`;
  // Its kernels are done when they return.
  return tfjsPeer({ tf, finish: async () => {} }, 'wasm', adapter, () => {});
}
