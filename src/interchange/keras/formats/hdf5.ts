import { messageOf } from '../../../cause.ts';
import { CheckpointError } from '../../../errors.ts';
import type { HostTensor } from '../../../io/host-tensor.ts';
import { loadPackage } from '../../../optional-package.ts';

const load = () => import('h5wasm');
type Library = Awaited<ReturnType<typeof load>>;
type Group = InstanceType<Library['Group']>;
type Dataset = InstanceType<Library['Dataset']>;

/** What an HDF5 file contains, as long as it is open. */
export interface Hdf5 {
  /** A text that the file as a whole has as an attribute; undefined where it has none. */
  readonly text: (attribute: string) => string | undefined;
  /** The paths of all arrays, as `layers/dense/vars/0`. */
  readonly paths: readonly string[];
  /** An array, as f32. @throws CheckpointError where it is missing, damaged or not of floats. */
  readonly tensor: (path: string) => HostTensor;
}

/**
 * What `read` makes of an HDF5 file. Needs the package h5wasm.
 * @throws CheckpointError where the file is damaged.
 */
export async function readHdf5<T>(
  bytes: Uint8Array,
  source: string,
  read: (file: Hdf5) => T,
): Promise<T> {
  const library = await loadPackage('h5wasm', 'to read HDF5 files', load);
  const program = await library.ready;
  // The library reads files of its own memory.
  const path = `/${crypto.randomUUID()}.h5`;
  program.FS.writeFile(path, bytes);
  const file = new library.File(path, 'r');
  try {
    const datasets = new Map<string, Dataset>();
    const collect = (group: Group, within: string) => {
      for (const name of group.keys()) {
        const entry = group.get(name);
        if (entry instanceof library.Group) collect(entry, `${within}${name}/`);
        if (entry instanceof library.Dataset) datasets.set(`${within}${name}`, entry);
      }
    };
    collect(file, '');
    const { attrs } = file;
    return read({
      text(attribute) {
        const value = attrs[attribute]?.value;
        return typeof value === 'string' ? value : undefined;
      },
      paths: [...datasets.keys()],
      tensor(name) {
        const dataset = datasets.get(name);
        if (dataset) return hostTensor(program, dataset, `${source}: the array '${name}'`);
        throw new CheckpointError(`${source} has no array '${name}'.`);
      },
    });
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    throw new CheckpointError(
      `${source} is no intact HDF5 file: ${messageOf(cause)}. Save or download it again.`,
      { cause },
    );
  } finally {
    file.close();
    program.FS.unlink(path);
  }
}

/** What bytes become, by NumPy's names of types. */
const floats: Readonly<Record<string, (bytes: ArrayBuffer) => ArrayLike<number>>> = {
  '<f': (bytes) => new Float32Array(bytes),
  '<d': (bytes) => new Float64Array(bytes),
};

/** Reads by the library's inner function, since only its status tells of damaged chunks. */
function hostTensor(
  program: Library['Module'],
  { file_id, path, metadata, dtype }: Dataset,
  what: string,
): HostTensor {
  const values = floats[String(dtype)];
  if (!values || !metadata.shape) {
    throw new CheckpointError(`${what} is of type ${String(dtype)}. Save it in float32.`);
  }
  const length = metadata.size * metadata.total_size;
  const start = program._malloc(length);
  try {
    const status = program.get_dataset_data(file_id, path, null, null, null, BigInt(start));
    if (status < 0) throw new CheckpointError(`${what} is damaged. Save the file again.`);
    const data = Float32Array.from(values(program.HEAPU8.slice(start, start + length).buffer));
    return { shape: metadata.shape, dtype: 'f32', data };
  } finally {
    program._free(start);
  }
}
