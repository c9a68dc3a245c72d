// jax-js on its WebAssembly device, with everything that it can use in a browser: threads need
// `Worker`, and its multiply-adds the engine's relaxed SIMD.
import { hasFusedMultiplyAdd } from '../../../src/device/wasm/relaxed-simd.ts';
import { installNavigator } from '../navigator.ts';
import type { Peer } from '../peer.ts';
import { jaxJsPeer } from './jax-js.ts';
import { installWebWorker } from './web-worker.ts';

export async function start(): Promise<Peer> {
  installNavigator();
  installWebWorker();
  const fused = await hasFusedMultiplyAdd();
  const jax = await import('@jax-js/jax');
  const { hardwareConcurrency } = navigator;
  const threads = `${hardwareConcurrency} ${hardwareConcurrency === 1 ? 'thread' : 'threads'}`;
  return jaxJsPeer(jax, 'wasm', `CPU: ${threads}, WebAssembly SIMD${fused ? ' with FMA' : ''}`);
}
