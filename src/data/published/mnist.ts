import type { ImageDataset } from '../labelled-images.ts';
import { loadIdxImages } from './idx-images.ts';
import type { LoadOptions, PublishedImages } from './published-files.ts';

/** Handwritten digits, 28 x 28: 60,000 to train on and 10,000 to test on (CC BY-SA 3.0). */
export const MNIST: PublishedImages = {
  title: 'MNIST',
  folder: 'mnist',
  classes: 10,
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte.gz',
      bytes: 9912422,
      md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte.gz',
      bytes: 28881,
      md5: 'd53e105ee54ea40749a09fcbcd1e9432',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte.gz',
      bytes: 1648877,
      md5: '9fb629c4189551a2d022fa330f9573f3',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte.gz',
      bytes: 4542,
      md5: 'ec29112dd5afa0611ce80d1b7f02629c',
    },
  },
  mirrors: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
  ],
};

/**
 * MNIST on the host: pixels u8 [count, 28, 28, 1], labels u8 [count], classes 0 … 9. It is looked
 * for in `data` (then only there), `$WGRAD_DATA/mnist` and the user's cache, else downloaded
 * (11.6 MB). In a browser `data` is the address of a folder, and IndexedDB the cache.
 *
 * @throws DownloadError where it cannot be had, DataError where files are missing or wrong.
 */
export function loadMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  return loadIdxImages(MNIST, options);
}
