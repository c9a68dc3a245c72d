import { DataError } from '../../errors.ts';
import type { ImageDataset, LabelledImages } from '../labelled-images.ts';

/**
 * A data set of two halves that were read from `source`, a folder or an address.
 * @throws DataError where their images differ in size.
 */
export function trainAndTest(
  train: LabelledImages,
  test: LabelledImages,
  classes: number,
  source: string,
): ImageDataset {
  if (train.height !== test.height || train.width !== test.width) {
    throw new DataError(
      `${source} mixes two data sets: training images are ${train.height} x ${train.width} pixels, ` +
        `test images ${test.height} x ${test.width}. Put back the files that belong together.`,
    );
  }
  return { train, test, classes, source };
}
