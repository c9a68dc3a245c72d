// The peers by name. Nothing of a library is loaded until its peer starts.
import type { Peer, StartPeer } from './peer.ts';

const modules: ReadonlyMap<string, string> = new Map([
  ['wgrad-wasm', './wgrad/wasm.ts'],
  ['tfjs-wasm', './tfjs/wasm.ts'],
  ['jax-js-wasm', './jax-js/wasm.ts'],
  ['wgrad-webgpu', './wgrad/webgpu.ts'],
  ['tfjs-webgpu', './tfjs/webgpu.ts'],
  ['jax-js-webgpu', './jax-js/webgpu.ts'],
]);

export const peerNames: readonly string[] = [...modules.keys()];

/** The peers that ratios are relative to. */
export function isReference(name: string): boolean {
  return name.startsWith('wgrad-');
}

/** Whether a peer computes on the processor through WebAssembly. */
export function isWasm(name: string): boolean {
  return name.endsWith('-wasm');
}

/** What `--peers` means: names with commas between, or all. */
export function namesIn(text: string): readonly string[] {
  return text === 'all' ? peerNames : text.split(',');
}

/**
 * Imports a library and opens its device; others stay out of the process. wgrad may come from
 * another checkout than this.
 */
export async function startPeer(name: string, checkout?: string): Promise<Peer> {
  const path = modules.get(name);
  if (path === undefined) throw new Error(`no such peer; known: ${peerNames.join(', ')}`);
  const module: { start: StartPeer } = await import(new URL(path, import.meta.url).href);
  return module.start(checkout);
}
