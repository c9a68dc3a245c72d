import { hasFiles } from '../../files/require-files.ts';
import { readIdxFile } from '../files/idx.ts';
import { type NamedIdx, pairedImages } from '../files/idx-images.ts';
import type { ImageDataset, LabelledImages } from '../labelled-images.ts';
import { downloadFiles } from './download.ts';
import { fetchImages } from './fetched-images.ts';
import {
  findPublished,
  type LoadOptions,
  type PublishedImages,
  pathOf,
} from './published-files.ts';
import { trainAndTest } from './train-and-test.ts';

/**
 * Loads a set from where `findPublished` finds it, in a browser as `fetchImages` does.
 *
 * Throws as those do, and `DataError` where a file is not what it should be.
 */
export async function loadIdxImages(
  set: PublishedImages,
  options: LoadOptions = {},
): Promise<ImageDataset> {
  if (!hasFiles()) return fetchImages(set, options);
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
  return trainAndTest(train, test, set.classes, folder);
}

async function readPair(
  folder: string,
  imagesName: string,
  labelsName: string,
  classes: number,
): Promise<LabelledImages> {
  const read = async (name: string): Promise<NamedIdx> => {
    const path = await pathOf(folder, name);
    return { name: path, array: await readIdxFile(path) };
  };
  const [images, labels] = await Promise.all([read(imagesName), read(labelsName)]);
  return pairedImages(images, labels, classes);
}
