import { requireOptions } from '../../arguments.ts';
import {
  type ByteSource,
  nameOfSource,
  type ReadOptions,
  unpacked,
} from '../../files/byte-source.ts';
import { hasFiles } from '../../files/require-files.ts';
import { readMaybeGzip } from '../files/maybe-gzip.ts';
import { sourceBytes } from '../files/source-bytes.ts';
import type { ImageDataset, LabelledImages } from '../labelled-images.ts';
import { ARCHIVE_BYTES, filesIn, requireFile, unpackFiles } from './archive.ts';
import { CIFAR10_CLASSES, readCifarRecords } from './cifar-records.ts';
import { downloadFiles, type PublishedFile } from './download.ts';
import { fetchFiles } from './fetched-files.ts';
import { findPublished, type LoadOptions, pathOf } from './published-files.ts';

/** A set in the binary format of CIFAR-10, published as one archive. */
export interface PublishedRecords {
  /** The whole set, a gzip-compressed tar archive. */
  readonly archive: PublishedFile;
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Addresses of folders that have the archive. */
  readonly mirrors: readonly string[];
}

/** Tiny photographs, 32 x 32 (Krizhevsky, "Learning multiple layers of features", 2009). */
export const CIFAR10: PublishedRecords = {
  archive: {
    name: 'cifar-10-binary.tar.gz',
    bytes: 170052171,
    md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  },
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin.gz`),
  test: ['test_batch.bin.gz'],
  mirrors: ['https://www.cs.toronto.edu/~kriz/'],
};

/**
 * CIFAR-10 on the host: pixels u8 [count, 32, 32, 3], labels u8 [count], classes 0 … 9
 * (`CIFAR10_CLASSES`), 50,000 to train on and 10,000 to test on. Its binary version's files are
 * looked for, gzip-compressed or not, in `data` (then only there), `$WGRAD_DATA/cifar-10` and the
 * user's cache, else downloaded (170 MB) and unpacked. In a browser `data` is the address of a folder
 * that has the archive, and IndexedDB the cache.
 *
 * @throws DownloadError where it cannot be had, DataError where files are missing or wrong.
 */
export async function loadCifar10(options: LoadOptions = {}): Promise<ImageDataset> {
  return loadCifarRecords(CIFAR10, options);
}

/**
 * CIFAR-10 as {@link loadCifar10} gives it, out of its archive `cifar-10-binary.tar.gz`, unpacked or not: from
 * an address, from a Blob such as a file that somebody drops on a page, or from bytes.
 *
 * @throws DataError where it cannot be had, is corrupt, or lacks files.
 * @throws ArgumentError where an option is not known.
 */
export async function readCifar10(
  archive: ByteSource,
  options: ReadOptions = {},
): Promise<ImageDataset> {
  requireOptions('readCifar10', options, ['onProgress', 'signal']);
  const source = nameOfSource(archive);
  return { ...(await unpackedSet(CIFAR10, await sourceBytes(archive, options), source)), source };
}

const NAMES = { title: 'CIFAR-10', folder: 'cifar-10' };

/** Loads a set of CIFAR-10's format and title, as {@link loadCifar10} does. */
export async function loadCifarRecords(
  set: PublishedRecords,
  options: LoadOptions,
): Promise<ImageDataset> {
  if (!hasFiles()) {
    const { parsed, source } = await fetchFiles(
      { ...NAMES, mirrors: set.mirrors },
      [set.archive],
      options,
      (bytes, { name }) => unpackedSet(set, bytes, name),
    );
    return { ...parsed[0], source };
  }
  const download = async (missing: readonly string[], folder: string) => {
    const { existsSync } = await import('node:fs');
    const { join } = await import('node:path');
    // Where unpacking was interrupted the archive is there still.
    if (!existsSync(join(folder, set.archive.name))) {
      await downloadFiles([set.archive], folder, options.mirrors ?? set.mirrors, options);
    }
    const wanted = missing.map((name) => name.replace(/\.gz$/, ''));
    await unpackFiles(folder, set.archive.name, wanted);
  };
  const source = await findPublished(
    { ...NAMES, names: [...set.train, ...set.test], download },
    options,
  );
  const [train, test] = await Promise.all([read(source, set.train), read(source, set.test)]);
  return { train, test, classes: CIFAR10_CLASSES.length, source };
}

async function read(folder: string, names: readonly string[]): Promise<LabelledImages> {
  const files = await Promise.all(
    names.map(async (name) => {
      const path = await pathOf(folder, name);
      return { name: path, bytes: await readMaybeGzip(path, () => ARCHIVE_BYTES) };
    }),
  );
  return readCifarRecords(files);
}

/** A set out of the bytes of its archive. */
async function unpackedSet(
  set: PublishedRecords,
  bytes: Uint8Array,
  archive: string,
): Promise<Omit<ImageDataset, 'source'>> {
  const contents = filesIn(await unpacked(bytes, archive, ARCHIVE_BYTES), archive);
  const recordsOf = (names: readonly string[]) =>
    readCifarRecords(
      names.map((packed) => {
        const name = packed.replace(/\.gz$/, '');
        return { name, bytes: requireFile(contents, name, archive) };
      }),
    );
  const [train, test] = [recordsOf(set.train), recordsOf(set.test)];
  return { train, test, classes: CIFAR10_CLASSES.length };
}
