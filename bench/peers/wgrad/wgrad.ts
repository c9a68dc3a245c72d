// wgrad itself, from the sources of this checkout or another, on a given device.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Wgrad from '../../../src/index.ts';
import type { Peer } from '../peer.ts';
import { prepareOperation } from './operations.ts';
import { prepareTrainStep } from './training.ts';

export type { Wgrad };

const thisCheckout = fileURLToPath(new URL('../../..', import.meta.url));

export async function wgradOn<D extends Wgrad.Device>(
  open: (wgrad: typeof Wgrad) => Promise<D>,
  describe: (device: D) => string,
  checkout = thisCheckout,
): Promise<Peer> {
  const entry = pathToFileURL(join(checkout, 'src', 'index.ts')).href;
  const wgrad: typeof Wgrad = await import(entry);
  const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
  const device = await open(wgrad);
  wgrad.setDevice(device);
  return {
    version: manifest.version,
    adapter: describe(device),
    async prepare({ work }) {
      return work.kind === 'trainStep'
        ? prepareTrainStep(wgrad, device, work)
        : prepareOperation(wgrad, device, work);
    },
    async dispose() {
      wgrad.closeDevice();
    },
  };
}
