import type { ImageDataset } from '../labelled-images.ts';
import { loadIdxImages } from './idx-images.ts';
import type { LoadOptions, PublishedImages } from './published-files.ts';

/** What the classes 0 … 9 of Fashion-MNIST show. */
export const FASHION_MNIST_CLASSES = [
  'T-shirt/top',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
] as const;

/** Articles of clothing, 28 x 28, in MNIST's format (Xiao et al., arXiv:1708.07747; MIT). */
export const FASHION_MNIST: PublishedImages = {
  title: 'Fashion-MNIST',
  folder: 'fashion-mnist',
  classes: 10,
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte.gz',
      bytes: 26421880,
      md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte.gz',
      bytes: 29515,
      md5: '25c81989df183df01b3e8a0aad5dffbe',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte.gz',
      bytes: 4422102,
      md5: 'bef4ecab320f06d8554ea6380940ec79',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte.gz',
      bytes: 5148,
      md5: 'bb300cfdad3c16e7a12a480ee83cd310',
    },
  },
  mirrors: [
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
  ],
};

/**
 * Fashion-MNIST on the host: pixels u8 [count, 28, 28, 1], labels u8 [count], classes 0 … 9
 * (`FASHION_MNIST_CLASSES`), 60,000 to train on and 10,000 to test on. It is looked for in `data`
 * (then only there), `$WGRAD_DATA/fashion-mnist` and the user's cache, else downloaded (30.9 MB).
 * In a browser `data` is the address of a folder, and IndexedDB the cache.
 *
 * @throws DownloadError where it cannot be had, DataError where files are missing or wrong.
 */
export function loadFashionMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  return loadIdxImages(FASHION_MNIST, options);
}
