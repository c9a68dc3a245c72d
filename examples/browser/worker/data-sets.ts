import { data } from 'wgrad';
import type { DataName, Settings } from '../settings/settings.ts';
import { download } from './download.ts';
import type { Emit } from './emit.ts';
import { readIdxFiles } from './idx-files.ts';

/** As many as a network needs to learn them, drawn in a third of a second. */
const GENERATED = { train: 6000, test: 1000 };
const DIGITS = [...'0123456789'];

export interface Images extends data.ImageDataset {
  readonly classNames: readonly string[];
}

type Choice = Pick<Settings, 'data' | 'seed'>;

let loaded: { readonly key: string; readonly images: Images } | undefined;
let own: data.ImageDataset | undefined;
let downloading: AbortController | undefined;

/** The images that are asked for; kept for when they are asked for again. */
export async function loadImages({ data: name, seed }: Choice, emit: Emit): Promise<Images> {
  const key = name === 'generated' ? `${name} ${seed}` : name;
  if (loaded?.key !== key) {
    const classNames = name === 'fashion' ? data.FASHION_MNIST_CLASSES : DIGITS;
    loaded = { key, images: { ...(await imagesOf(name, seed, emit)), classNames } };
  }
  return loaded.images;
}

/** Takes a visitor's files as the data set 'files'. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  own = await readIdxFiles(files);
  if (loaded?.key === 'files') loaded = undefined;
}

/** Stops waiting for a data set. */
export function stopDownloading(): void {
  downloading?.abort(new Error('Another data set was asked for.'));
}

async function imagesOf(name: DataName, seed: number, emit: Emit): Promise<data.ImageDataset> {
  if (name === 'generated') return data.syntheticDigits({ ...GENERATED, seed });
  if (name === 'files') {
    if (own) return own;
    throw new Error(
      "Drop the files of a data set on the page: MNIST's four idx files, .gz or not.",
    );
  }
  downloading = new AbortController();
  return readIdxFiles(await download(name, emit, downloading.signal));
}
