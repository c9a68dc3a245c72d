import { data } from 'wgrad';

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** A data set of labelled images, as the trials use it. */
export interface NamedData extends data.ImageDataset {
  /** One for each class. */
  readonly classNames: readonly string[];
}

interface Source {
  /** [height, width, channels] */
  readonly imageShape: readonly [number, number, number];
  readonly load: (options: data.LoadOptions) => Promise<NamedData>;
}

/** Where images come from: a folder named on the command line, $WGRAD_DATA, the cache, the web. */
export const dataSets = {
  mnist: {
    imageShape: [28, 28, 1],
    load: async (options) => ({ ...(await data.loadMnist(options)), classNames: DIGITS }),
  },
  'fashion-mnist': {
    imageShape: [28, 28, 1],
    load: async (options) => ({
      ...(await data.loadFashionMnist(options)),
      classNames: data.FASHION_MNIST_CLASSES,
    }),
  },
  'cifar-10': {
    imageShape: [32, 32, 3],
    load: async (options) => ({
      ...(await data.loadCifar10(options)),
      classNames: data.CIFAR10_CLASSES,
    }),
  },
  // As many digits as a network needs to learn them, in well under a second.
  'generated digits': {
    imageShape: [28, 28, 1],
    load: async () => ({
      ...data.syntheticDigits({ train: 12_000, test: 2_000, seed: 0 }),
      classNames: DIGITS,
    }),
  },
} satisfies Record<string, Source>;

export type DataName = keyof typeof dataSets;

/** Trials on the same images share them. */
const loaded = new Map<string, Promise<NamedData>>();

/**
 * The images of a data set, loaded once.
 *
 * @throws DownloadError where it cannot be had
 * @throws DataError where files are missing or wrong, and the signal's reason where it stops a download
 */
export function loadData(
  name: DataName,
  folder?: string,
  signal?: AbortSignal,
): Promise<NamedData> {
  const key = `${name} in ${folder ?? ''}`;
  const known = loaded.get(key);
  if (known) return known;
  const source: Source = dataSets[name];
  const loading = source.load({ data: folder, signal, onNotice: say });
  loaded.set(key, loading);
  return loading;
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
