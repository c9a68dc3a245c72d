import { CheckpointError } from '../../../errors.ts';
import type { AnyLayer } from '../../../nn/layer.ts';
import { parseObject } from '../json.ts';
import { type ReadOptions, readModel } from '../read-model.ts';
import { readWeights } from '../read-weights.ts';
import { weightPath } from '../weight-names.ts';
import { readHdf5 } from './hdf5.ts';
import { versionOf } from './version.ts';

/** The group of the weights, which has one for each layer of the outermost model. */
const WEIGHTS = 'model_weights/';

/**
 * The model of an `.h5` file, whose attributes have the config. Needs the package h5wasm.
 * @throws CheckpointError where it is damaged or has layers that are not read.
 */
export async function readWholeModel(
  bytes: Uint8Array,
  source: string,
  options: ReadOptions,
): Promise<AnyLayer> {
  return readHdf5(bytes, source, (file) => {
    const config = file.text('model_config');
    if (config === undefined) {
      throw new CheckpointError(
        `${source} has no model_config: it has weights alone, or other data. ` +
          "Save the model whole, by model.save('model.keras').",
      );
    }
    const topology = parseObject(config, 'model_config', source);
    const origin = { source, keras: versionOf(file.text('keras_version')) };
    const { model, parts } = readModel(topology, origin, options);
    readWeights(parts, (part, rule) => {
      const group = `${WEIGHTS}${part.within[1] ?? part.config.name}/`;
      const its = file.paths.filter((path) => path.startsWith(group));
      const path = weightPath(part, rule, its);
      return path === undefined ? undefined : file.tensor(path);
    });
    return model;
  });
}
