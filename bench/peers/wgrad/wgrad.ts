// wgrad itself, from its sources, on a given device.
import { createRequire } from 'node:module';
import { closeDevice, type Device, setDevice } from '../../../src/index.ts';
import type { Peer } from '../peer.ts';
import { prepareOperation } from './operations.ts';
import { prepareTrainStep } from './training.ts';

export function wgradOn(device: Device, adapter: string): Peer {
  setDevice(device);
  return {
    name: `wgrad-${device.kind}`,
    version: createRequire(import.meta.url)('../../../package.json').version,
    adapter,
    async prepare({ work }) {
      return work.kind === 'trainStep'
        ? prepareTrainStep(device, work)
        : prepareOperation(device, work);
    },
    async dispose() {
      closeDevice();
    },
  };
}
