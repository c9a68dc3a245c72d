import { requireChoice, requireOptions, requireText } from '../../arguments.ts';
import { CheckpointError } from '../../errors.ts';
import { writeAtomically } from '../../files/atomic-file.ts';
import { Layer } from '../../nn/layer.ts';
import type { AnyVariable } from '../../tensor/variable.ts';
import { readOrExplain } from '../read-file.ts';
import { type InputSpecs, type Traceable, trace } from './export/trace.ts';
import { writeGraph } from './export/write-graph.ts';
import { OnnxModel } from './import/onnx-model.ts';
import { onnxMessages } from './messages.ts';

/** The versions of the operator set that we know the operators of. */
const OPSETS = { from: 1, to: 22 } as const;

/**
 * The model of an ONNX file's bytes, to run or to train further. Needs the package protobufjs.
 * @param source what the bytes are called in errors.
 * @throws CheckpointError where they are no ONNX model, or it uses operators that are not supported.
 */
export async function decode(bytes: Uint8Array, source = 'The ONNX model'): Promise<OnnxModel> {
  const { decodeModel } = await onnxMessages();
  const { graph, opsetImport } = decodeModel(bytes, source);
  const opset = opsetImport.find(
    ({ domain = '' }) => domain === '' || domain === 'ai.onnx',
  )?.version;
  if (!graph || opset === undefined) {
    throw new CheckpointError(
      `${source} is no ONNX model: it has no graph, or names no operator set.`,
    );
  }
  if (opset < OPSETS.from || opset > OPSETS.to) {
    throw new CheckpointError(
      `${source} is written in version ${opset} of ONNX' operators; versions ${OPSETS.from} to ${OPSETS.to} are read. ` +
        'Export it again with opset_version=17.',
    );
  }
  return new OnnxModel(graph, opset, source);
}

/**
 * The model of an ONNX file. Node only; needs the package protobufjs.
 * @throws CheckpointError as {@link decode}, and where the file cannot be read.
 */
export async function load(file: string): Promise<OnnxModel> {
  requireText('load', 'file', file);
  return decode(await readOrExplain(file), file);
}

export interface ExportOptions {
  /** The names of variables, where the model is a function: `nn.namedVariables(…)`. */
  readonly variables?: ReadonlyMap<string, AnyVariable>;
  /** What weights of f32 are stored as: 'f32' if left out; 'f16' halves the file, and is computed with as f32. */
  readonly weights?: 'f32' | 'f16';
}

/** The version of the operators, and of the format, that files are written in. */
const [OPSET, IR_VERSION] = [18, 8];

/**
 * An ONNX file's bytes of what a model computes at inference, in operators of version 18. Needs the
 * package protobufjs.
 * @param model a layer, or a function of tensors by name that gives an output or several by name.
 * @param inputs the shape of the layer's input, as [null, 28, 28, 1] with null for the batch, or
 * such shapes in the order of the model's inputs, or shapes (and dtypes) by the inputs' names.
 * @throws ArgumentError where it computes something that ONNX has no operator for, where an option is not
 * known, or where f16 cannot hold a weight.
 */
export async function encode(
  model: Traceable,
  inputs: InputSpecs,
  options: ExportOptions = {},
): Promise<Uint8Array> {
  requireOptions('onnx', options, ['variables', 'weights']);
  const { weights = 'f32' } = options;
  requireChoice('onnx', { weights }, ['f32', 'f16']);
  const { encodeModel } = await onnxMessages();
  const traced = trace(model, inputs);
  const variables =
    model instanceof Layer ? model.namedVariables() : (options.variables ?? new Map());
  const names = new Map([...variables].map(([name, { cell }]) => [cell, name]));
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: 'wgrad',
    graph: await writeGraph(traced, names, weights),
    opsetImport: [{ domain: '', version: OPSET }],
  });
}

/**
 * Writes an ONNX file: see {@link encode}. Node only.
 * @throws ArgumentError as `encode`, FileError where it cannot be written.
 */
export async function save(
  file: string,
  model: Traceable,
  inputs: InputSpecs,
  options: ExportOptions = {},
): Promise<void> {
  requireText('save', 'file', file);
  await writeAtomically(file, [await encode(model, inputs, options)]);
}
