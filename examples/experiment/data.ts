import { data } from '../../src/index.ts';

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** A data set of labelled images, as the trials use it. */
export interface NamedData extends data.ImageDataset {
  /** One for each class. */
  readonly classNames: readonly string[];
}

type Load = (folder: string | undefined) => Promise<NamedData>;

/** Where images come from: a folder named on the command line, $WGRAD_DATA, the cache, the web. */
export const dataSets = {
  mnist: async (folder) => ({
    ...(await data.loadMnist({ data: folder, onNotice: say })),
    classNames: DIGITS,
  }),
  'fashion-mnist': async (folder) => ({
    ...(await data.loadFashionMnist({ data: folder, onNotice: say })),
    classNames: data.FASHION_MNIST_CLASSES,
  }),
  'cifar-10': async (folder) => ({
    ...(await data.loadCifar10({ data: folder, onNotice: say })),
    classNames: data.CIFAR10_CLASSES,
  }),
  // As many digits as a network needs to learn them, in well under a second.
  'generated digits': async () => ({
    ...data.syntheticDigits({ train: 12_000, test: 2_000, seed: 0 }),
    classNames: DIGITS,
  }),
} satisfies Record<string, Load>;

export type DataName = keyof typeof dataSets;

/** Trials on the same images share them. */
const loaded = new Map<string, Promise<NamedData>>();

/**
 * The images of a data set, loaded once.
 *
 * Throws `DownloadError` where it cannot be had, `DataError` where files are missing or wrong.
 */
export function loadData(name: DataName, folder?: string): Promise<NamedData> {
  const key = `${name} in ${folder ?? ''}`;
  const known = loaded.get(key);
  if (known) return known;
  const loading = (dataSets[name] as Load)(folder);
  loaded.set(key, loading);
  return loading;
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
