// TensorFlow.js itself, with its layers. Its builds for Node lack the methods of tensors that layers use,
// so that its modules are bundled as for browsers.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Core from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';
import { build } from 'esbuild';
import { withFolder } from '../../data/tiny-images.ts';

const ENTRY = `
  import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
  import '@tensorflow/tfjs-backend-cpu';
  export * as core from '@tensorflow/tfjs-core';
  export * as layers from '@tensorflow/tfjs-layers';`;

export interface TensorFlow {
  readonly core: typeof Core;
  readonly layers: typeof Layers;
}

let started: TensorFlow | undefined;

export async function tensorFlow(): Promise<TensorFlow> {
  await withFolder(async (folder) => {
    if (started) return;
    const outfile = join(folder, 'tensorflow.cjs');
    await build({
      stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
      ...{ bundle: true, format: 'cjs', platform: 'node', mainFields: ['module', 'main'] },
      ...{ outfile, logLevel: 'error' },
    });
    const { warn } = console;
    console.warn = () => {}; // It advertises its package for Node.
    started = createRequire(import.meta.url)(outfile) as TensorFlow;
    await started.core.setBackend('cpu');
    started.core.zeros([1]);
    console.warn = warn;
  });
  if (!started) throw new Error('TensorFlow.js did not start.');
  return started;
}

/** What a model consists of, as TensorFlow.js hands it to whoever saves it. */
export async function artifactsOf(model: Layers.LayersModel): Promise<Core.io.ModelArtifacts> {
  let artifacts: Core.io.ModelArtifacts = {};
  await model.save({
    async save(given) {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  return artifacts;
}

/** The files of a model, its weights in pieces of odd sizes. */
export async function filesOf(model: Layers.LayersModel) {
  const { core } = await tensorFlow();
  const { modelTopology, weightSpecs = [], weightData } = await artifactsOf(model);
  const bytes = new Uint8Array(core.io.CompositeArrayBuffer.join(weightData));
  const pieces = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length; at += 1001)
    pieces.set(`shard${at}`, bytes.slice(at, at + 1001));
  const weightsManifest = [{ paths: [...pieces.keys()], weights: weightSpecs }];
  return {
    json: JSON.stringify({ modelTopology, weightsManifest }),
    read: async (path: string) => pieces.get(path) ?? new Uint8Array(),
  };
}

/** The model that TensorFlow.js reads from files by name. */
export async function loadedFrom(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Layers.LayersModel> {
  const { layers } = await tensorFlow();
  const { modelTopology, weightsManifest } = JSON.parse(
    new TextDecoder().decode(files.get('model.json')),
  );
  const [{ paths, weights }] = weightsManifest;
  const shards: Uint8Array[] = paths.map((path: string) => files.get(path));
  const weightData = shards.map((shard) => new Uint8Array(shard).buffer);
  return layers.loadLayersModel({
    load: async () => ({ modelTopology, weightSpecs: weights, weightData }),
  });
}
