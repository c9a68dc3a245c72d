import { describeAdapter } from '../dawn.ts';
import type { Peer } from '../peer.ts';
import { wgradOn } from './wgrad.ts';

export function start(checkout?: string): Promise<Peer> {
  return wgradOn(
    ({ openWebGpu }) => openWebGpu(),
    ({ gpu }) => describeAdapter(gpu.adapterInfo),
    checkout,
  );
}
