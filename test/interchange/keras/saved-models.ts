// Files as Keras lays them out, of models of TensorFlow.js.
import { randomUUID } from 'node:crypto';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { strToU8, zipSync } from 'fflate';
import * as hdf5 from 'h5wasm';
import { artifactsOf } from '../tfjs/tensorflow.ts';

type Layer = LayersModel['layers'][number];
type Entry = Record<string, unknown>;

export interface StoredArray {
  readonly shape: number[];
  readonly data: Float32Array | Float64Array | Int32Array;
  /** Compressed, in pieces of this shape; else it lies in one piece, as Keras saves it. */
  readonly chunks?: number[];
}

/** A file of arrays by their paths and of texts by the names of attributes. */
export async function hdf5File(
  arrays: ReadonlyMap<string, StoredArray>,
  attributes: Record<string, string> = {},
): Promise<Uint8Array> {
  const { FS } = await hdf5.ready;
  const path = `/${randomUUID()}.h5`;
  const file = new hdf5.File(path, 'w');
  for (const [name, text] of Object.entries(attributes)) file.create_attribute(name, text);
  for (const [name, { chunks, ...array }] of arrays) {
    const folders = name.split('/');
    const dataset = folders.pop() ?? '';
    const group = folders.reduce<hdf5.Group>((outer, inner) => {
      const found = outer.keys().includes(inner) ? outer.get(inner) : outer.create_group(inner);
      if (found instanceof hdf5.Group) return found;
      throw new Error(`${inner} of ${name} is no group`);
    }, file);
    const packed = chunks ? ({ chunks, compression: 'gzip', compression_opts: 4 } as const) : {};
    group.create_dataset({ name: dataset, ...array, ...packed });
  }
  file.close();
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

const isModel = (layer: Layer): layer is Layer & { layers: Layer[] } => 'layers' in layer;

/** A layer's weights by their names, in their order. */
async function weightsOf(layer: Layer) {
  const names = layer.weights.map(({ originalName }) => originalName.split('/').at(-1) ?? '');
  const values = layer.getWeights();
  return Promise.all(
    values.map(async (value, i) => ({
      name: names[i] ?? '',
      isSecondHalf: i >= values.length / 2,
      array: { shape: value.shape, data: (await value.data()) as Float32Array },
    })),
  );
}

/** Where Keras 2 puts a weight, within the group of the outermost model's layer. */
function scopeOf(layer: Layer, isSecondHalf: boolean): string {
  switch (layer.getClassName()) {
    case 'GRU':
    case 'LSTM':
      return `${layer.name}/lstm_cell_5`;
    case 'SimpleRNN':
      return `${layer.name}/simple_rnn_cell`;
    case 'Bidirectional':
      return `${layer.name}/${isSecondHalf ? 'backward' : 'forward'}_rnn/cell_3`;
    default:
      return layer.name;
  }
}

/** The `.h5` file that Keras 2 saves of a whole model. */
export async function wholeModelFile(model: LayersModel): Promise<Uint8Array> {
  const arrays = new Map();
  const add = async (layer: Layer, group: string): Promise<void> => {
    if (isModel(layer)) {
      for (const inner of layer.layers) await add(inner, group);
      return;
    }
    for (const { name, isSecondHalf, array } of await weightsOf(layer)) {
      arrays.set(`model_weights/${group}/${scopeOf(layer, isSecondHalf)}/${name}:0`, array);
    }
  };
  for (const layer of model.layers) await add(layer, layer.name);
  const { modelTopology } = await artifactsOf(model);
  return hdf5File(arrays, {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: JSON.stringify(modelTopology),
  });
}

/** What Keras 3 calls folders of layers. */
const folders: Record<string, string> = {
  ...{ Dense: 'dense', Conv1D: 'conv1d', Conv2D: 'conv2d', Conv3D: 'conv3d' },
  ...{ Conv2DTranspose: 'conv2d_transpose', Conv3DTranspose: 'conv3d_transpose' },
  ...{ DepthwiseConv2D: 'depthwise_conv2d', SeparableConv2D: 'separable_conv2d' },
  ...{ BatchNormalization: 'batch_normalization', LayerNormalization: 'layer_normalization' },
  ...{ GRU: 'gru', TimeDistributed: 'time_distributed' },
  ...{ Embedding: 'embedding', LSTM: 'lstm', SimpleRNN: 'simple_rnn', PReLU: 'p_re_lu' },
  ...{ Bidirectional: 'bidirectional', Sequential: 'sequential', Functional: 'functional' },
  Model: 'functional',
};

/** Where Keras 3 puts weights, within the layer's folder. */
function holderOf(layer: Layer, isSecondHalf: boolean): string {
  const className = layer.getClassName();
  if (className === 'Bidirectional')
    return `${isSecondHalf ? 'backward' : 'forward'}_layer/cell/vars`;
  if (className === 'TimeDistributed') return 'layer/vars';
  return ['GRU', 'LSTM', 'SimpleRNN'].includes(className) ? 'cell/vars' : 'vars';
}

/** The `.keras` file that Keras 3 saves. */
export async function archiveFile(
  model: LayersModel,
  change: (path: string) => string = (path) => path,
): Promise<Uint8Array> {
  const arrays = new Map();
  const add = async (layers: Layer[], within: string): Promise<void> => {
    const seen: Record<string, number> = {};
    for (const layer of layers) {
      const kind = folders[layer.getClassName()] ?? 'other';
      const number = seen[kind] ?? 0;
      seen[kind] = number + 1;
      const folder = `${within}layers/${kind}${number === 0 ? '' : `_${number}`}`;
      if (isModel(layer)) {
        await add(layer.layers, `${folder}/`);
        continue;
      }
      const weights = await weightsOf(layer);
      const half = layer.getClassName() === 'Bidirectional' ? weights.length / 2 : weights.length;
      for (const [i, { isSecondHalf, array }] of weights.entries()) {
        arrays.set(change(`${folder}/${holderOf(layer, isSecondHalf)}/${i % half}`), array);
      }
    }
  };
  await add(model.layers, '');
  const { modelTopology } = await artifactsOf(model);
  return archiveOf(layerOfKeras3(modelTopology as unknown as Entry), await hdf5File(arrays));
}

export function archiveOf(
  config: object,
  weights: Uint8Array,
  keras_version = '3.8.0',
): Uint8Array {
  const files = {
    'metadata.json': strToU8(JSON.stringify({ keras_version, date_saved: '2026-01-01@12:00:00' })),
    'config.json': strToU8(JSON.stringify(config)),
    'model.weights.h5': weights,
  };
  return zipSync(files, { level: 0 });
}

/** A layer as Keras 3 writes it, from how Keras 2 does. */
function layerOfKeras3(entry: Entry): Entry {
  const { name: _, layers, batch_input_shape, ...config } = entry.config as Entry;
  const isInput = entry.class_name === 'InputLayer';
  return {
    module: layers ? 'keras' : 'keras.layers',
    class_name: entry.class_name === 'Model' ? 'Functional' : entry.class_name,
    config: {
      ...(entry.config as Entry),
      ...config,
      dtype: isInput
        ? config.dtype
        : { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' } },
      ...(batch_input_shape ? { batch_shape: batch_input_shape, batch_input_shape: null } : {}),
      ...(Array.isArray(layers) ? { layers: layers.map(layerOfKeras3) } : {}),
    },
    registered_name: null,
    name: entry.name,
    inbound_nodes: ((entry.inbound_nodes ?? []) as [string, number, number][][]).map((call) => {
      const tensors = call.map(([layer, number, output]) => ({
        class_name: '__keras_tensor__',
        config: { shape: [null], dtype: 'float32', keras_history: [layer, number, output] },
      }));
      return { args: tensors.length > 1 ? [tensors] : tensors, kwargs: { mask: null } };
    }),
  };
}
