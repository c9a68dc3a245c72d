// tfjs on its WebGPU backend, over Dawn in Node.
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type * as TF from '@tensorflow/tfjs-core';
import { describeAdapter, installNavigatorGpu } from './dawn.ts';
import type { Peer } from './peer.ts';
import { prepareOperation } from './tfjs-operations.ts';
import { prepareTrainStep } from './tfjs-training.ts';

/** The library and its device: what every case needs. */
export interface Tfjs {
  readonly tf: typeof TF;
  /** Sends what is recorded and waits until the device has run it. */
  finish(): Promise<void>;
}

export async function start(): Promise<Peer> {
  installNavigatorGpu();
  // After `navigator.gpu` exists: the backend registers itself at import, if it finds one there.
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-webgpu');
  // For its side effect: in the builds for Node, this is what registers the gradients.
  await import('@tensorflow/tfjs-layers');
  if (!(await tf.setBackend('webgpu'))) throw new Error('no WebGPU adapter for tfjs');
  const backend = tf.backend() as WebGPUBackend;
  let invalid: string | undefined;
  backend.device.addEventListener('uncapturederror', ({ error }) => {
    invalid ??= error.message;
  });
  // Private, but without it there is no way to know whether anything is left to submit.
  const recording = backend as unknown as { readonly commandEncoder: GPUCommandEncoder | null };
  const tfjs: Tfjs = {
    tf,
    async finish() {
      if (recording.commandEncoder !== null) {
        backend.endComputePassEncoder();
        backend.submitQueue();
      }
      await backend.queue.onSubmittedWorkDone();
      // Work that the device refused is done in no time.
      if (invalid !== undefined) throw new Error(invalid);
    },
  };
  return {
    name: 'tfjs-webgpu',
    version: tf.version_core,
    adapter: describeAdapter(backend.device.adapterInfo),
    async prepare({ work }) {
      return work.kind === 'trainStep'
        ? prepareTrainStep(tfjs, work)
        : prepareOperation(tfjs, work);
    },
    async dispose() {
      const { device } = backend;
      tf.removeBackend('webgpu');
      device.destroy();
    },
  };
}
