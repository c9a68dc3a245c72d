import { requireFiles } from '../../files/require-files.ts';
import { readMaybeGzip } from '../files/maybe-gzip.ts';
import type { ImageDataset, LabelledImages } from '../labelled-images.ts';
import { ARCHIVE_BYTES, unpackFiles } from './archive.ts';
import { CIFAR10_CLASSES, readCifarRecords } from './cifar-records.ts';
import { downloadFiles, type PublishedFile } from './download.ts';
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
 * user's cache, else downloaded (170 MB) and unpacked. Node only.
 *
 * @throws DownloadError where it cannot be had, DataError where files are missing or wrong.
 */
export async function loadCifar10(options: LoadOptions = {}): Promise<ImageDataset> {
  requireFiles(
    'loadCifar10',
    'Its archive of 170 MB is unpacked there; serve what you need of it.',
  );
  return loadCifarRecords(CIFAR10, options);
}

/** Loads a set of CIFAR-10's format and title, as {@link loadCifar10} does. */
export async function loadCifarRecords(
  set: PublishedRecords,
  options: LoadOptions,
): Promise<ImageDataset> {
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
    { title: 'CIFAR-10', folder: 'cifar-10', names: [...set.train, ...set.test], download },
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
