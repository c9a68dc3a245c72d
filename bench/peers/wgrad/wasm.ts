import type { Peer } from '../peer.ts';
import { wgradOn } from './wgrad.ts';

export function start(checkout?: string): Promise<Peer> {
  return wgradOn(
    ({ openWasm }) => openWasm(),
    ({ name }) => name,
    checkout,
  );
}
