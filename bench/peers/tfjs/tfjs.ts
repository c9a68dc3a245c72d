// tfjs on whichever backend: what its cases need of it.
import type * as TF from '@tensorflow/tfjs-core';
import type { Peer } from '../peer.ts';
import { prepareOperation } from './operations.ts';
import { prepareTrainStep } from './training.ts';

/** The library and its device: what every case needs. */
export interface Tfjs {
  readonly tf: typeof TF;
  /** Sends what is recorded and waits until the device has run it. */
  finish(): Promise<void>;
}

export function tfjsPeer(tfjs: Tfjs, backend: string, adapter: string, end: () => void): Peer {
  return {
    version: tfjs.tf.version_core,
    adapter,
    async prepare({ work }) {
      return work.kind === 'trainStep'
        ? prepareTrainStep(tfjs, work)
        : prepareOperation(tfjs, work);
    },
    async dispose() {
      tfjs.tf.removeBackend(backend);
      end();
    },
  };
}
