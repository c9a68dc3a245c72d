import { requireInstance, requireOptions, requireText } from '../../arguments.ts';
import { CheckpointError } from '../../errors.ts';
import { otherFormat } from '../../files/other-format.ts';
import type { Layer } from '../../nn/layer.ts';
import type { Tensors } from '../../tensor/structure.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { readOrExplain } from '../read-file.ts';
import { readArchive } from './formats/archive.ts';
import { readWholeModel } from './formats/whole-model.ts';
import type { ReadOptions } from './read-model.ts';

/** The first bytes of zip and of HDF5 files. */
const [ZIP, HDF5] = ['PK', '\x89HDF'];

/**
 * The model of a Keras file's bytes, with its weights: a `.keras` file, or an `.h5` file of a whole model;
 * sequential or functional. Several inputs or outputs are arrays, in the order of the file. Needs the
 * packages h5wasm and, for `.keras`, fflate.
 *
 * @param source what the bytes are called in errors.
 * @throws CheckpointError where the file is damaged, has weights alone, or contains layers that are not
 * read; ArgumentError where the model leaves sizes of its input open, and they are not given;
 * MissingPackageError where a package is not installed.
 */
export async function decode<I extends Tensors = AnyTensor, O extends Tensors = Tensor>(
  bytes: Uint8Array,
  options: ReadOptions = {},
  source = 'The Keras model',
): Promise<Layer<I, O>> {
  requireInstance('decode', 'bytes', bytes, Uint8Array);
  requireOptions('decode', options, ['inputShape']);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  const read = start.startsWith(ZIP) ? readArchive : start === HDF5 ? readWholeModel : undefined;
  if (!read) {
    throw new CheckpointError(
      `${source} is ${otherFormat(bytes) ?? 'no zip and no HDF5 file'}. ` +
        'Models in .keras and .h5 files are read.',
    );
  }
  return (await read(bytes, source, options)) as Layer<Tensors, Tensors> as Layer<I, O>;
}

/**
 * The model of a `.keras` or `.h5` file: see {@link decode}. Node only.
 * @throws CheckpointError as `decode`, and where the file cannot be read.
 */
export async function load<I extends Tensors = AnyTensor, O extends Tensors = Tensor>(
  file: string,
  options: ReadOptions = {},
): Promise<Layer<I, O>> {
  requireText('load', 'file', file);
  requireOptions('load', options, ['inputShape']);
  return decode<I, O>(await readOrExplain(file), options, file);
}
