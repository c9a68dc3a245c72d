// tfjs on its WebGPU backend, over Dawn in Node.
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { describeAdapter, installNavigatorGpu } from '../dawn.ts';
import type { Peer } from '../peer.ts';
import { type Tfjs, tfjsPeer } from './tfjs.ts';

export async function start(): Promise<Peer> {
  installNavigatorGpu();
  // After `navigator.gpu` exists: the backend registers itself at import, if it finds one there.
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-webgpu');
  // For its side effect: in the builds for Node, this is what registers the gradients.
  await import('@tensorflow/tfjs-layers');
  if (!(await tf.setBackend('webgpu'))) throw new Error('no WebGPU adapter for tfjs');
  const { device, ...backend } = submitting(tf.backend() as WebGPUBackend);
  const adapter = describeAdapter(device.adapterInfo);
  return tfjsPeer({ tf, ...backend }, 'webgpu', adapter, () => device.destroy());
}

function submitting(backend: WebGPUBackend): Pick<Tfjs, 'finish'> & { device: GPUDevice } {
  const { device, queue } = backend;
  let invalid: string | undefined;
  device.addEventListener('uncapturederror', ({ error }) => {
    invalid ??= error.message;
  });
  // Private, but without it there is no way to know whether anything is left to submit.
  const recording = backend as unknown as { readonly commandEncoder: GPUCommandEncoder | null };
  return {
    device,
    async finish() {
      if (recording.commandEncoder !== null) {
        backend.endComputePassEncoder();
        backend.submitQueue();
      }
      await queue.onSubmittedWorkDone();
      // Work that the device refused is done in no time.
      if (invalid !== undefined) throw new Error(invalid);
    },
  };
}
