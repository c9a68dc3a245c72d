// Which peers a run compares when nothing is said.
import { openDevice } from '../../src/device/open.ts';
import { peerNames } from './list.ts';

/** Those on the kind of device that wgrad would choose here, and why it would. */
export async function defaultPeers(): Promise<{ names: readonly string[]; reason: string }> {
  const { device, reason } = await openDevice('auto');
  const { kind } = device;
  device.destroy();
  return { names: peerNames.filter((name) => name.endsWith(`-${kind}`)), reason };
}
