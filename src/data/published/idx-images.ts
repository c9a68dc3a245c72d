import { DataError } from '../../errors.ts';
import { readIdxFile } from '../files/idx.ts';
import type { ImageDataset, LabelledImages } from '../labelled-images.ts';
import { downloadFiles, type PublishedFile } from './download.ts';
import { findPublished, type LoadOptions, pathOf } from './published-files.ts';

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

/**
 * Loads a set from where `findPublished` finds it. Node only.
 *
 * Throws as that does, and `DataError` where a file is not what it should be.
 */
export async function loadIdxImages(
  set: PublishedImages,
  options: LoadOptions = {},
): Promise<ImageDataset> {
  const files = Object.values(set.files);
  const names = files.map(({ name }) => name);
  const download = (missing: readonly string[], folder: string) =>
    downloadFiles(
      files.filter(({ name }) => missing.includes(name)),
      folder,
      options.mirrors ?? set.mirrors,
      options,
    );
  return readFolder(set, await findPublished({ ...set, names, download }, options));
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
  const imagesPath = await pathOf(folder, imagesName);
  const labelsPath = await pathOf(folder, labelsName);
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
