import { data } from 'wgrad';

const LOADERS = { mnist: data.loadMnist, fashion: data.loadFashionMnist };
const loadings = new Map<string, Promise<data.ImageDataset>>();
const DIMENSIONS_OF_BYTES = 0x0800;

/**
 * A file of a published data set in the idx format, by its path: `data/mnist/train-images`. The set is
 * looked for on this machine, else downloaded. Undefined where there is no such path.
 *
 * @throws DownloadError where it cannot be had
 */
export async function dataFile(path: string): Promise<Uint8Array | undefined> {
  const [, name, part, what] =
    /^data\/(mnist|fashion)\/(train|test)-(images|labels)$/.exec(path) ?? [];
  if (name !== 'mnist' && name !== 'fashion') return undefined;
  const set = await loadOnce(name);
  const { images, labels, count, height, width } = part === 'train' ? set.train : set.test;
  return what === 'images' ? idx([count, height, width], images) : idx([count], labels);
}

/** A page asks for all four files at the same time. */
function loadOnce(name: keyof typeof LOADERS): Promise<data.ImageDataset> {
  const loading = loadings.get(name) ?? LOADERS[name]();
  loadings.set(name, loading);
  loading.catch(() => loadings.delete(name));
  return loading;
}

/** The format of MNIST: a type, the number of dimensions, sizes as big-endian words, values. */
function idx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + values.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, DIMENSIONS_OF_BYTES + shape.length);
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size);
  file.set(values, 4 + 4 * shape.length);
  return file;
}
