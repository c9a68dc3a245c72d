import { messageOf } from '../../cause.ts';
import { readSource } from '../../files/byte-source.ts';
import { type ByteStore, openStore } from '../../files/byte-store.ts';
import type { PublishedFile } from './download.ts';
import { DownloadError } from './partial-file.ts';
import { checkOptions, type LoadOptions } from './published-files.ts';

/** Where a set's files are kept, and where they are published. */
interface FetchedSet {
  readonly title: string;
  readonly folder: string;
  readonly mirrors: readonly string[];
}

/**
 * Fetches files of a set in a browser, one after the other: from the address of a folder in `data`,
 * else from the store `wgrad-data` (IndexedDB), else from the first mirror that answers. What `parse` has
 * made something of is kept in the store.
 * @returns what was made of each file, in their order, and where they were from
 * @throws DownloadError where one cannot be had, or what `parse` throws.
 */
export async function fetchFiles<T, const F extends readonly PublishedFile[]>(
  set: FetchedSet,
  files: F,
  options: LoadOptions,
  parse: (bytes: Uint8Array, file: PublishedFile) => Promise<T>,
): Promise<{ readonly parsed: { readonly [I in keyof F]: T }; readonly source: string }> {
  checkOptions(set.title, options);
  const { data, onNotice, onProgress } = options;
  const store =
    data === undefined ? await openStore('wgrad-data').catch(() => undefined) : undefined;
  const folders = data === undefined ? (options.mirrors ?? set.mirrors) : [data];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const parsed: T[] = [];
  let before = 0;
  try {
    for (const file of files) {
      const start = before;
      const key = `${set.folder}/${file.name}`;
      const kept = await store?.get(key);
      const tell = (bytes: number) => onProgress?.(start + bytes, total);
      const bytes = kept ?? (await download(file, folders, tell, options));
      parsed.push(await parse(bytes, file));
      if (!kept) await keep(store, key, bytes, onNotice);
      before += file.bytes;
      onProgress?.(before, total);
    }
  } finally {
    store?.close();
  }
  return { parsed: parsed as { [I in keyof F]: T }, source: folders[0] ?? 'IndexedDB' };
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
