import { DataError } from '../errors.ts';
import { cacheFolder } from './cache-folder.ts';
import type { ImageDataset, LabelledImages } from './dataset.ts';
import { downloadFiles, type PublishedFile } from './download.ts';
import { readIdxFile } from './idx.ts';

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
  /** A folder with the four files: nothing else is tried. */
  data?: string | undefined;
  /** Told, in a sentence each, of what a user may want to know: a folder passed over, a download. */
  onNotice?: ((message: string) => void) | undefined;
  /** Called as a download's bytes arrive: how many of `total`. */
  onProgress?: ((bytes: number, total: number) => void) | undefined;
  /** Stops a download; its reason is what is thrown. */
  signal?: AbortSignal | undefined;
  /** The cache to use instead of the user's (`cacheFolder()`); the set has its own folder in it. */
  cacheDir?: string | undefined;
  /** Addresses to download from instead of the public ones; empty: do not download. */
  mirrors?: readonly string[] | undefined;
  /** How long to wait for a mirror's first answer, in milliseconds. Default 5000. */
  connectTimeout?: number | undefined;
}

/**
 * Loads a set from the first place that has its four files, gzip-compressed or not: the `data`
 * folder where one is given (and then nowhere else), `$WGRAD_DATA/<folder>`, the user's cache, a
 * mirror (by way of the cache). Node only.
 *
 * Throws `DownloadError` where no place has them, and `DataError` where `data` lacks a file or a
 * file is not what it should be.
 */
export async function loadIdxImages(
  set: PublishedImages,
  options: LoadOptions = {},
): Promise<ImageDataset> {
  const { join } = await import('node:path');
  if (options.data !== undefined) {
    const missing = await missingFiles(set, options.data);
    if (missing.length > 0) throw incomplete(set, options.data, missing);
    return readFolder(set, options.data);
  }
  if (process.env.WGRAD_DATA) {
    const folder = join(process.env.WGRAD_DATA, set.folder);
    const missing = await missingFiles(set, folder);
    if (missing.length === 0) return readFolder(set, folder);
    options.onNotice?.(
      `WGRAD_DATA names ${process.env.WGRAD_DATA}, but ${folder} lacks ${missing.join(', ')}: looking elsewhere.`,
    );
  }
  const cache = join(options.cacheDir ?? (await cacheFolder()), set.folder);
  const missing = await missingFiles(set, cache);
  if (missing.length > 0) {
    options.onNotice?.(`Downloading ${set.title} to ${cache}.`);
    const files = Object.values(set.files).filter(({ name }) => missing.includes(name));
    await downloadFiles(files, cache, options.mirrors ?? set.mirrors, options);
  }
  return readFolder(set, cache);
}

function incomplete(set: PublishedImages, folder: string, missing: string[]): DataError {
  const wanted = Object.values(set.files).map(({ name }) => name);
  return new DataError(
    `${folder} does not hold ${set.title}: ${missing.join(', ')} missing. ` +
      `Looked for ${wanted.join(', ')}, each with or without .gz. ` +
      'Name the folder that holds them, or name none to have them downloaded.',
  );
}

/** The published names of the files that `folder` has neither as they are nor unpacked. */
async function missingFiles(set: PublishedImages, folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (const { name } of Object.values(set.files)) {
    if ((await find(folder, name)) === undefined) missing.push(name);
  }
  return missing;
}

/** The path of a file that may have been unpacked since it was published. */
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

async function readFolder(set: PublishedImages, folder: string): Promise<ImageDataset> {
  const { trainImages, trainLabels, testImages, testLabels } = set.files;
  const [train, test] = await Promise.all([
    readPair(folder, trainImages.name, trainLabels.name, set.classes),
    readPair(folder, testImages.name, testLabels.name, set.classes),
  ]);
  if (train.height !== test.height || train.width !== test.width) {
    throw new DataError(
      `${folder} mixes two data sets: training images are ${train.height} x ${train.width} pixels, ` +
        `test images ${test.height} x ${test.width}. Put back the files that belong together.`,
    );
  }
  return { train, test, classes: set.classes, source: folder };
}

async function readPair(
  folder: string,
  imagesName: string,
  labelsName: string,
  classes: number,
): Promise<LabelledImages> {
  const imagesPath = (await find(folder, imagesName)) ?? imagesName;
  const labelsPath = (await find(folder, labelsName)) ?? labelsName;
  const [images, labels] = await Promise.all([readIdxFile(imagesPath), readIdxFile(labelsPath)]);
  const [count, height, width] = images.shape;
  if (images.shape.length !== 3 || !count || !height || !width) {
    throw new DataError(
      `${imagesPath} does not hold images: expected count x height x width, none of them 0, ` +
        `found ${images.shape.join(' x ')}. Check that images and labels were not swapped.`,
    );
  }
  if (labels.shape.length !== 1) {
    throw new DataError(
      `${labelsPath} does not hold labels: expected one dimension, found ${labels.shape.join(' x ')}. ` +
        'Check that images and labels were not swapped.',
    );
  }
  if (labels.shape[0] !== count) {
    throw new DataError(
      `${imagesPath} has ${count} images but ${labelsPath} has ${labels.shape[0]} labels. ` +
        'Put back the files that belong together.',
    );
  }
  const wrong = labels.values.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new DataError(
      `${labelsPath} has label ${labels.values[wrong]} at position ${wrong}; ` +
        `labels go from 0 to ${classes - 1}. Put back the file that belongs there.`,
    );
  }
  return { images: images.values, labels: labels.values, count, height, width, channels: 1 };
}
