import { openWebGpu } from '../../../src/index.ts';
import { describeAdapter } from '../dawn.ts';
import type { Peer } from '../peer.ts';
import { wgradOn } from './wgrad.ts';

export async function start(): Promise<Peer> {
  const device = await openWebGpu();
  return wgradOn(device, describeAdapter(device.gpu.adapterInfo));
}
