import { openWasm } from '../../../src/device/wasm/open-wasm.ts';
import type { Peer } from '../peer.ts';
import { wgradOn } from './wgrad.ts';

export async function start(): Promise<Peer> {
  const device = await openWasm();
  return wgradOn(device, device.name);
}
