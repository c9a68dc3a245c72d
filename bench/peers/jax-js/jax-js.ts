// jax-js on one of its devices: what its cases need of it.
import { createRequire } from 'node:module';
import type * as Jax from '@jax-js/jax';
import type { Peer } from '../peer.ts';
import { prepareOperation } from './operations.ts';
import { prepareTrainStep } from './training.ts';

export type { Jax };

export function jaxJsPeer(jax: typeof Jax, device: 'wasm' | 'webgpu', adapter: string): Peer {
  jax.defaultDevice(device);
  return {
    version: versionOf('@jax-js/jax'),
    adapter,
    async prepare({ work }) {
      return work.kind === 'trainStep' ? prepareTrainStep(jax, work) : prepareOperation(jax, work);
    },
    async dispose() {
      if (device === 'webgpu') jax.getWebGPUDevice().destroy();
      // It has no way to end its threads.
      else process.exit();
    },
  };
}

/** Its package keeps package.json to itself, but lies where it says. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  const main = require.resolve(name);
  const folder = main.slice(0, main.lastIndexOf(name) + name.length);
  return require(`${folder}/package.json`).version;
}
