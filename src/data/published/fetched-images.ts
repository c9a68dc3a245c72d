import { unpacked } from '../../files/byte-source.ts';
import { readIdx } from '../files/idx.ts';
import { pairedImages } from '../files/idx-images.ts';
import type { ImageDataset } from '../labelled-images.ts';
import { fetchFiles } from './fetched-files.ts';
import type { LoadOptions, PublishedImages } from './published-files.ts';
import { trainAndTest } from './train-and-test.ts';

/** The most that a file unpacks to. */
const MOST_BYTES = 2 ** 28;

/**
 * Loads a set of idx files in a browser, from where `fetchFiles` has them.
 * @throws DownloadError where it cannot be had, DataError where files are wrong.
 */
export async function fetchImages(
  set: PublishedImages,
  options: LoadOptions,
): Promise<ImageDataset> {
  const { trainImages, trainLabels, testImages, testLabels } = set.files;
  const files = [testLabels, trainLabels, testImages, trainImages] as const;
  const { parsed, source } = await fetchFiles(set, files, options, async (bytes, { name }) => ({
    name,
    array: readIdx(await unpacked(bytes, name, MOST_BYTES), name),
  }));
  const [labelsOfTest, labelsToTrain, imagesOfTest, imagesToTrain] = parsed;
  return trainAndTest(
    pairedImages(imagesToTrain, labelsToTrain, set.classes),
    pairedImages(imagesOfTest, labelsOfTest, set.classes),
    set.classes,
    source,
  );
}
