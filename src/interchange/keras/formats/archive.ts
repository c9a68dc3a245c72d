import { messageOf } from '../../../cause.ts';
import { CheckpointError } from '../../../errors.ts';
import type { AnyLayer } from '../../../nn/layer.ts';
import { loadPackage } from '../../../optional-package.ts';
import { listOf, parseObject } from '../json.ts';
import type { WeightRule } from '../kinds/kind.ts';
import { LayerConfig } from '../layer-config.ts';
import { MODELS, type ReadOptions, readModel } from '../read-model.ts';
import { readWeights } from '../read-weights.ts';
import { readHdf5 } from './hdf5.ts';
import { versionOf } from './version.ts';

/**
 * The model of a `.keras` file, a zip file of a config and weights. Needs the packages fflate and h5wasm.
 * @throws CheckpointError where it is damaged or has layers that are not read.
 */
export async function readArchive(
  bytes: Uint8Array,
  source: string,
  options: ReadOptions,
): Promise<AnyLayer> {
  const { unzipSync } = await loadPackage('fflate', 'to read .keras files', () => import('fflate'));
  let files: ReturnType<typeof unzipSync>;
  try {
    files = unzipSync(bytes);
  } catch (cause) {
    throw new CheckpointError(
      `${source} is no intact zip file: ${messageOf(cause)}. Save or download it again.`,
      { cause },
    );
  }
  const file = (name: string) => {
    const found = files[name];
    if (found) return found;
    throw new CheckpointError(
      `${source} has no ${name}, as files of model.save('model.keras') have.`,
    );
  };
  const { keras_version } = parseObject(file('metadata.json'), 'metadata.json', source);
  const topology = parseObject(file('config.json'), 'config.json', source);
  const origin = { source, keras: versionOf(keras_version) };
  const { model, parts } = readModel(topology, origin, options);
  const folders = new Map(foldersOf(new LayerConfig(topology, origin), [], ''));
  await readHdf5(file('model.weights.h5'), `${source}: model.weights.h5`, (weights) => {
    // By other names in version 2.13, and by other signs on Windows.
    const paths = new Map(
      weights.paths.map((path) => [
        path.replaceAll('\\', '/').replaceAll('_layer_checkpoint_dependencies', 'layers'),
        path,
      ]),
    );
    readWeights(parts, ({ config, within }, rule, place) => {
      const folder = folders.get([...within, config.name].join('/'));
      const path = paths.get([folder, ...inLayer(rule), 'vars', place].join('/'));
      return path === undefined ? undefined : weights.tensor(path);
    });
  });
  return model;
}

/** Where a weight is within its layer. */
function inLayer({ side, holder }: WeightRule): string[] {
  return [...(side ? [`${side}_layer`] : []), ...(holder ? [holder] : [])];
}

/**
 * The folders of layers by the names of the models around them and their own: they are named for the
 * class, and numbered among those of their class.
 */
function* foldersOf(
  model: LayerConfig,
  within: readonly string[],
  folder: string,
): Generator<[string, string]> {
  const counts = new Map<string, number>();
  for (const entry of listOf(model.get('layers'), 'layers', model.origin.source)) {
    const config = new LayerConfig(entry, model.origin);
    const kind = inSnakeCase(config.className);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const its = `${folder}layers/${kind}${count > 0 ? `_${count}` : ''}`;
    const names = [...within, model.name];
    yield [[...names, config.name].join('/'), its];
    if (MODELS.includes(config.className)) yield* foldersOf(config, names, `${its}/`);
  }
}

function inSnakeCase(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
