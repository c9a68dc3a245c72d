import { requireList, requireOptions, requireText } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import { cacheFolder } from '../../files/cache-folder.ts';
import type { Signal } from '../../signal.ts';
import type { PublishedFile } from './download.ts';

/** A published data set of several files. */
interface PublishedSet {
  /** For messages: `MNIST`. */
  readonly title: string;
  /** Its folder in the cache and in `WGRAD_DATA`: `mnist`. */
  readonly folder: string;
  /** The files it takes, as published: each may also have been unpacked (no `.gz`). */
  readonly names: readonly string[];
  /** Brings the missing ones of them into a folder. */
  readonly download: (missing: readonly string[], folder: string) => Promise<void>;
}

/** A published set of images and labels in four gzip-compressed idx files (MNIST and its kin). */
export interface PublishedImages {
  /** For messages: `MNIST`. */
  readonly title: string;
  /** Its folder in the cache and in `WGRAD_DATA`: `mnist`. */
  readonly folder: string;
  readonly classes: number;
  readonly files: Readonly<
    Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', PublishedFile>
  >;
  /** Addresses of folders that have the files. */
  readonly mirrors: readonly string[];
}

export interface LoadOptions {
  /** A folder with the set's files: nothing else is tried. In a browser the folder's address. */
  data?: string | undefined;
  /** Told, in a sentence each, of what a user may want to know: a folder passed over, a download. */
  onNotice?: ((message: string) => void) | undefined;
  /** Called as a download's bytes arrive: how many of `total`. */
  onProgress?: ((bytes: number, total: number) => void) | undefined;
  /** Stops a download; its reason is what is thrown. */
  signal?: Signal | undefined;
  /** The cache to use instead of the user's (`cacheFolder()`); the set has its own folder in it. */
  cacheDir?: string | undefined;
  /** Addresses to download from instead of the public ones; empty: do not download. */
  mirrors?: readonly string[] | undefined;
  /** How long to wait for a mirror's first answer, in milliseconds. Default 5000. */
  connectTimeout?: number | undefined;
}

/** @throws ArgumentError where an option is not known, or is no text where it must be. */
export function checkOptions(title: string, options: LoadOptions): void {
  requireOptions(title, options, [
    'data',
    'onNotice',
    'onProgress',
    'signal',
    'cacheDir',
    'mirrors',
    'connectTimeout',
  ]);
  const { data, cacheDir, mirrors } = options;
  if (mirrors) requireList(title, mirrors, "addresses, as in mirrors: ['https://…/mnist/']");
  for (const [name, value] of Object.entries({ data, cacheDir, ...mirrors })) {
    if (value !== undefined) requireText(title, name, value);
  }
}

/**
 * The first folder that has all files of a set, gzip-compressed or not: the `data` folder where one
 * is given (and then nowhere else), `$WGRAD_DATA/<folder>`, the user's cache, to which they are
 * downloaded where they are missing. Node only.
 *
 * @throws DownloadError where no place has them, and DataError where `data` lacks a file.
 */
export async function findPublished(set: PublishedSet, options: LoadOptions): Promise<string> {
  checkOptions(set.title, options);
  const { join } = await import('node:path');
  const { data, cacheDir } = options;
  if (data !== undefined) {
    const missing = await missingFiles(set, data);
    if (missing.length > 0) throw incomplete(set, data, missing);
    return data;
  }
  if (process.env.WGRAD_DATA) {
    const folder = join(process.env.WGRAD_DATA, set.folder);
    const missing = await missingFiles(set, folder);
    if (missing.length === 0) return folder;
    options.onNotice?.(
      `WGRAD_DATA names ${process.env.WGRAD_DATA}, but ${folder} lacks ${missing.join(', ')}: looking elsewhere.`,
    );
  }
  const cache = join(cacheDir ?? (await cacheFolder()), set.folder);
  const missing = await missingFiles(set, cache);
  if (missing.length > 0) {
    options.onNotice?.(`Downloading ${set.title} to ${cache}.`);
    await set.download(missing, cache);
  }
  return cache;
}

/** The path of a file that may have been unpacked since it was published. */
export async function pathOf(folder: string, name: string): Promise<string> {
  const { join } = await import('node:path');
  return (await find(folder, name)) ?? join(folder, name);
}

function incomplete({ title, names }: PublishedSet, folder: string, missing: string[]): DataError {
  return new DataError(
    `${folder} does not hold ${title}: ${missing.join(', ')} missing. ` +
      `Looked for ${names.join(', ')}, each with or without .gz. ` +
      'Name the folder that holds them, or name none to have them downloaded.',
  );
}

/** The published names of the files that `folder` has neither as they are nor unpacked. */
async function missingFiles({ names }: PublishedSet, folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (const name of names) {
    if ((await find(folder, name)) === undefined) missing.push(name);
  }
  return missing;
}

async function find(folder: string, name: string): Promise<string | undefined> {
  const { access } = await import('node:fs/promises');
  const { join } = await import('node:path');
  for (const candidate of [name, name.replace(/\.gz$/, '')]) {
    const path = join(folder, candidate);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  return undefined;
}
