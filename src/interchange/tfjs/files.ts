import { requireFunction, requireOptions, requireText } from '../../arguments.ts';
import { CheckpointError } from '../../errors.ts';
import { writeAtomically } from '../../files/atomic-file.ts';
import type { HostTensor } from '../../io/host-tensor.ts';
import type { Layer } from '../../nn/layer.ts';
import type { Tensors } from '../../tensor/structure.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { type Json, objectOf, parseObject } from '../keras/json.ts';
import { type ReadOptions, readModel } from '../keras/read-model.ts';
import { readWeights } from '../keras/read-weights.ts';
import { weightPath } from '../keras/weight-names.ts';
import { readOrExplain } from '../read-file.ts';
import { type WriteOptions, writeModel } from './export/write-model.ts';
import { writeWeights } from './export/write-weights.ts';
import { decodeGroup, weightGroups } from './weights-manifest.ts';

/** Gives the bytes of a file by its path, which is relative to the model's. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * The model of a `model.json` of TensorFlow.js, with its weights: a layers model, sequential or
 * functional. Several inputs or outputs are arrays, in the order of the file.
 *
 * ```ts
 * const bytes = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer());
 * const model = await tfjs.decode(await bytes('model.json'), bytes);
 * ```
 *
 * @param read gives the bytes of a file of weights.
 * @param source what the model is called in errors.
 * @throws CheckpointError where the files are damaged, or contain layers that are not read.
 * @throws ArgumentError where the model leaves sizes of its input open, and they are not given.
 */
export async function decode<I extends Tensors = AnyTensor, O extends Tensors = Tensor>(
  json: string | Uint8Array,
  read: ReadFile,
  options: ReadOptions = {},
  source = 'The TensorFlow.js model',
): Promise<Layer<I, O>> {
  requireFunction('decode', 'read', read);
  requireOptions('decode', options, ['inputShape']);
  const file = parseObject(json, 'model.json', source);
  const origin = { source, keras: 2, repeatsHidden: true } as const;
  const { model, parts } = readModel(topologyOf(file, source), origin, options);
  const tensors = new Map<string, HostTensor>();
  for (const group of weightGroups(file.weightsManifest ?? [], source)) {
    const pieces = await Promise.all(group.paths.map(read));
    for (const [name, value] of decodeGroup(group, joined(pieces), source))
      tensors.set(name, value);
  }
  readWeights(parts, (part, rule) => tensors.get(weightPath(part, rule, tensors.keys()) ?? ''));
  return model as Layer<Tensors, Tensors> as Layer<I, O>;
}

/**
 * The model of a `model.json` of TensorFlow.js, or of the folder that it is in: see {@link decode}.
 * Node only.
 * @throws CheckpointError as `decode`, and where a file cannot be read.
 */
export async function load<I extends Tensors = AnyTensor, O extends Tensors = Tensor>(
  path: string,
  options: ReadOptions = {},
): Promise<Layer<I, O>> {
  requireText('load', 'path', path);
  requireOptions('load', options, ['inputShape']);
  const { dirname, join } = await import('node:path');
  const file = path.endsWith('.json') ? path : join(path, 'model.json');
  const json = await readOrExplain(file);
  return decode<I, O>(json, (name) => readOrExplain(join(dirname(file), name)), options, file);
}

/** How much of the weights a file has, as TensorFlow.js divides them. */
const SHARD_BYTES = 4 << 20;

/**
 * The files of a layers model of TensorFlow.js by their names, `model.json` and those of the weights: what
 * `decode` reads, and `tf.loadLayersModel` there. What only concerns training is written where TensorFlow.js
 * has it, but for regularizers of one's own and initializers.
 *
 * ```ts
 * const files = await tfjs.encode(model, { inputShape: [28, 28, 1] });
 * ```
 *
 * @throws ArgumentError where there is no such layer in TensorFlow.js, naming it, the model is not built, or
 * the input's shape is missing.
 * @throws ShapeError where the model does not take inputs of the shape, DTypeError where a weight is not f32.
 */
export async function encode<I extends Tensors, O extends Tensors>(
  model: Layer<I, O>,
  options: WriteOptions = {},
): Promise<Map<string, Uint8Array>> {
  requireOptions('encode', options, ['inputShape']);
  return filesOf(model, options, 'group1');
}

/** The files of a model; those of its weights begin with the name of a group. */
async function filesOf<I extends Tensors, O extends Tensors>(
  model: Layer<I, O>,
  options: WriteOptions,
  group: string,
): Promise<Map<string, Uint8Array>> {
  const { topology, nodes } = writeModel(model as Layer<Tensors, Tensors>, options);
  const weights = writeWeights(nodes);
  const values = await Promise.all(weights.map(async ([, value]) => value.data()));
  const bytes = joined(
    values.map((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
  const shards = Math.ceil(bytes.length / SHARD_BYTES);
  const paths = Array.from({ length: shards }, (_, i) => `${group}-shard${i + 1}of${shards}.bin`);
  const manifest = {
    paths,
    weights: weights.map(([name, { shape }]) => ({ name, shape, dtype: 'float32' })),
  };
  const json = {
    ...{ format: 'layers-model', generatedBy: 'wgrad', convertedBy: null },
    modelTopology: { ...topology, keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' },
    weightsManifest: [manifest],
  };
  return new Map([
    ...paths.map((path, i): [string, Uint8Array] => [
      path,
      bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
    ]),
    ['model.json', new TextEncoder().encode(JSON.stringify(json))],
  ]);
}

/** Files of weights that TensorFlow.js and we write. */
const SHARD = /^group[12]-shard\d+of\d+\.bin$/;

/**
 * Writes a layers model of TensorFlow.js into a folder: see {@link encode}. Over a former model the weights
 * go beside its own, under the other of two names, then `model.json` is replaced, and then the former weights
 * are removed: so whenever a program stops, the folder has one of the two models, whole. Node only.
 * @throws ArgumentError, ShapeError, DTypeError as `encode`, FileError where a file cannot be written.
 */
export async function save<I extends Tensors, O extends Tensors>(
  folder: string,
  model: Layer<I, O>,
  options: WriteOptions = {},
): Promise<void> {
  requireText('save', 'folder', folder);
  requireOptions('save', options, ['inputShape']);
  const { join } = await import('node:path');
  const { readdir, readFile, rm } = await import('node:fs/promises');
  const former = await readFile(join(folder, 'model.json'), 'utf8').catch(() => '');
  const files = await filesOf(model, options, former.includes('"group1-') ? 'group2' : 'group1');
  for (const [name, bytes] of files) await writeAtomically(join(folder, name), [bytes]);
  const left = (await readdir(folder)).filter((name) => SHARD.test(name) && !files.has(name));
  // One that cannot be removed is of no model, and the next save tries again.
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true }).catch(() => {})));
}

/** What is saved by TensorFlow.js itself is the model; what is converted from Keras, a file's contents. */
function topologyOf(file: Json, source: string): unknown {
  const topology = objectOf(file.modelTopology, 'modelTopology', source);
  if (file.format === 'graph-model' || topology.node !== undefined) {
    throw new CheckpointError(
      `${source} is a graph model, which has operations and no layers. Convert the original with ` +
        '--output_format=tfjs_layers_model, or to ONNX, for onnx.load.',
    );
  }
  return topology.model_config ?? topology;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
