import { messageOf } from '../../cause.ts';
import { readSource, unpacked } from '../../files/byte-source.ts';
import { type ByteStore, openStore } from '../../files/byte-store.ts';
import { readIdx } from '../files/idx.ts';
import { type NamedIdx, pairedImages } from '../files/idx-images.ts';
import type { ImageDataset } from '../labelled-images.ts';
import type { PublishedFile } from './download.ts';
import { DownloadError } from './partial-file.ts';
import { checkOptions, type LoadOptions, type PublishedImages } from './published-files.ts';

/** The most that a file unpacks to. */
const MOST_BYTES = 2 ** 28;

/** Brings the bytes of a file, telling how many have come. */
type Bring = (file: PublishedFile, onBytes: (bytes: number) => void) => Promise<NamedIdx>;

/**
 * Loads a set in a browser: from the address of a folder in `data`, else from the store `wgrad-data`
 * (IndexedDB), else from the first mirror that answers, to be kept in the store.
 * @throws DownloadError where it cannot be had, DataError where files are wrong.
 */
export async function fetchImages(
  set: PublishedImages,
  options: LoadOptions,
): Promise<ImageDataset> {
  checkOptions(set.title, options);
  const { data, onNotice, onProgress } = options;
  const store =
    data === undefined ? await openStore('wgrad-data').catch(() => undefined) : undefined;
  const folders = data === undefined ? (options.mirrors ?? set.mirrors) : [data];
  const bring: Bring = async (file, onBytes) => {
    const key = `${set.folder}/${file.name}`;
    const kept = await store?.get(key);
    const bytes = kept ?? (await download(file, folders, onBytes, options));
    const array = readIdx(await unpacked(bytes, file.name, MOST_BYTES), file.name);
    if (!kept) await keep(store, key, bytes, onNotice);
    onBytes(file.bytes);
    return { name: file.name, array };
  };
  const { trainImages, trainLabels, testImages, testLabels } = set.files;
  const files = [testLabels, trainLabels, testImages, trainImages];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const arrays = new Map<PublishedFile, NamedIdx>();
  let before = 0;
  try {
    for (const file of files) {
      const start = before;
      arrays.set(file, await bring(file, (bytes) => onProgress?.(start + bytes, total)));
      before += file.bytes;
    }
  } finally {
    store?.close();
  }
  const pair = (images: PublishedFile, labels: PublishedFile) =>
    pairedImages(arrays.get(images) as NamedIdx, arrays.get(labels) as NamedIdx, set.classes);
  return {
    train: pair(trainImages, trainLabels),
    test: pair(testImages, testLabels),
    classes: set.classes,
    source: folders[0] ?? 'IndexedDB',
  };
}

async function download(
  file: PublishedFile,
  folders: readonly string[],
  onProgress: (bytes: number) => void,
  { signal }: LoadOptions,
): Promise<Uint8Array> {
  const answers: string[] = [];
  for (const folder of folders) {
    const url = new URL(file.name, new URL(folder.replace(/\/?$/, '/'), globalThis.location?.href));
    try {
      return await readSource(url, { signal, onProgress });
    } catch (cause) {
      signal?.throwIfAborted();
      answers.push(`${url.href}: ${messageOf(cause)}`);
    }
  }
  throw new DownloadError(
    `${file.name} cannot be downloaded: ${answers.join('; ') || 'no address was given'}. ` +
      'Servers of other sites must allow it (Access-Control-Allow-Origin); name one that does in `mirrors`, or a folder of your own in `data`.',
  );
}

/** A store that is full is no reason not to train. */
async function keep(
  store: ByteStore | undefined,
  key: string,
  bytes: Uint8Array,
  onNotice: LoadOptions['onNotice'],
): Promise<void> {
  await store?.set(key, bytes).catch((error) => onNotice?.(messageOf(error)));
}
