// wgrad itself, from its sources, through its public surface alone.
import { createRequire } from 'node:module';
import { closeDevice, openWebGpu, setDevice } from '../../src/index.ts';
import { describeAdapter } from './dawn.ts';
import type { Peer } from './peer.ts';
import { prepareOperation } from './wgrad-operations.ts';
import { prepareTrainStep } from './wgrad-training.ts';

export async function start(): Promise<Peer> {
  // What the first computation would do by itself; here, because the adapter is to be named.
  const device = await openWebGpu();
  setDevice(device);
  return {
    name: 'wgrad',
    version: createRequire(import.meta.url)('../../package.json').version,
    adapter: describeAdapter(device.gpu.adapterInfo),
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
